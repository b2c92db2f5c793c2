import type { Clock, Frame, Ids, Ms, Socket, SocketClose, Timer } from '../core/index.js';
import type { ClientMachine, Command, Event, Link, Port, WireMachine } from './contract.js';
import type { FrameTap } from './model.js';

export interface WireLinkOptions {
  clock: Clock;
  ids: Ids;
  tap?: FrameTap | undefined;
  /** A far end of which nothing comes for so long, asked all the while, is gone. Default 8,000. */
  deadAfterMs?: Ms;
}

/** The far end is asked for a sign of life this often. */
const pingMs = 2_500;
/** One that speaks and yet answers no ping for so many times as long does not hear us. */
const deafFactor = 2.5;

/** A client machine over a socket. The socket is open; nothing has been sent. */
export function wireLink(socket: Socket, createMachine: ClientMachine, options: WireLinkOptions): Link {
  return new WireLink(socket, createMachine, options);
}

/** The machine's port, too. */
class WireLink implements Link, Port<Event> {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #tap: FrameTap | undefined;
  readonly #machine: WireMachine<Command>;
  readonly #deadAfterMs: Ms;
  /** Begins as a number: a field that was once undefined is a new object with every fraction that it is given. */
  #heardFromMs: Ms = 0;
  #reachedMs: Ms | undefined;
  /** When the ping was sent that has no answer yet. */
  #askedMs: Ms | undefined;
  #beat: Timer | undefined;
  #listener: ((event: Event) => void) | undefined;
  #timer: Timer | undefined;
  #done = false;

  constructor(
    socket: Socket,
    createMachine: ClientMachine,
    { clock, ids, tap, deadAfterMs = 8_000 }: WireLinkOptions,
  ) {
    this.#socket = socket;
    this.#clock = clock;
    this.#tap = tap;
    this.#deadAfterMs = deadAfterMs;
    this.#heardFromMs = clock.now();
    this.#machine = createMachine(this, ids);
    socket.onFrame((frame) => this.#onFrame(frame));
    socket.onClose((close) => this.#onClose(close));
    if (socket.ping === undefined) return;
    socket.onPong?.(() => this.#onPong());
    this.#reachedMs = clock.now();
    this.#watch();
  }

  get heardFromMs(): Ms {
    return this.#heardFromMs;
  }

  get reachedMs(): Ms | undefined {
    return this.#reachedMs;
  }

  send(command: Command): void {
    if (!this.#done) this.#machine.local(command, this.#clock.now());
  }

  onEvent(listener: (event: Event) => void): void {
    this.#listener = listener;
  }

  frame(frame: Frame): void {
    this.#tap?.('out', frame);
    this.#socket.send(frame);
  }

  emit(event: Event): void {
    if (this.#done) return;
    if (event.t === 'closing') {
      this.#done = true;
      this.#timer?.cancel();
      this.#beat?.cancel();
    }
    this.#listener?.(event);
  }

  wakeAt(ms: Ms | null): void {
    this.#timer?.cancel();
    this.#timer = ms === null ? undefined : this.#clock.at(ms, () => this.#machine.wake(this.#clock.now()));
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  #onFrame(frame: Frame): void {
    if (this.#done) return;
    const nowMs = this.#clock.now();
    this.#heardFromMs = nowMs;
    this.#tap?.('in', frame);
    this.#machine.frame(frame, nowMs);
  }

  #onClose({ code, reason }: SocketClose): void {
    if (!this.#done) this.#machine.closed(code, reason, this.#clock.now());
    this.#timer?.cancel();
    this.#beat?.cancel();
  }

  #onPong(): void {
    this.#heardFromMs = this.#clock.now();
    this.#reachedMs = this.#askedMs ?? this.#reachedMs;
    this.#askedMs = undefined;
  }

  /** One ping at a time, so that each answer says which one it answers. */
  #watch(): void {
    this.#beat = this.#clock.at(this.#clock.now() + pingMs, () => {
      const nowMs = this.#clock.now();
      const silentMs = nowMs - this.#heardFromMs;
      const deafMs = nowMs - (this.#askedMs ?? nowMs);
      if (silentMs >= this.#deadAfterMs || deafMs >= this.#deadAfterMs * deafFactor) {
        this.#onClose({
          code: 1006,
          reason: `No sign of life for ${Math.round(Math.max(silentMs, deafMs))} ms`,
        });
        this.#socket.close(1001, 'no sign of life');
        return;
      }
      if (this.#askedMs === undefined) {
        this.#askedMs = nowMs;
        this.#socket.ping?.();
      }
      this.#watch();
    });
  }
}

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

/** A silent far end is asked for a sign of life this often. */
const pingMs = 2_500;

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
  #heardFromMs: Ms;
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
    socket.onPong?.(() => {
      this.#heardFromMs = clock.now();
    });
    this.#watch();
  }

  get heardFromMs(): Ms {
    return this.#heardFromMs;
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
    this.#heardFromMs = this.#clock.now();
    this.#tap?.('in', frame);
    this.#machine.frame(frame, this.#clock.now());
  }

  #onClose({ code, reason }: SocketClose): void {
    if (!this.#done) this.#machine.closed(code, reason, this.#clock.now());
    this.#timer?.cancel();
    this.#beat?.cancel();
  }

  #watch(): void {
    this.#beat = this.#clock.at(this.#clock.now() + pingMs, () => {
      const silentMs = this.#clock.now() - this.#heardFromMs;
      if (silentMs >= this.#deadAfterMs) {
        this.#onClose({ code: 1006, reason: `Nothing came for ${Math.round(silentMs)} ms` });
        this.#socket.close(1001, 'no sign of life');
        return;
      }
      if (silentMs >= pingMs / 2) this.#socket.ping?.();
      this.#watch();
    });
  }
}

import type { Clock, Frame, Ids, Ms, Socket, SocketClose, Timer } from '../core/index.js';
import type { ClientMachine, Command, Event, Link, Port, WireMachine } from './contract.js';
import type { FrameTap } from './model.js';

export interface WireLinkOptions {
  clock: Clock;
  ids: Ids;
  tap?: FrameTap | undefined;
}

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
  #listener: ((event: Event) => void) | undefined;
  #timer: Timer | undefined;
  #done = false;

  constructor(socket: Socket, createMachine: ClientMachine, { clock, ids, tap }: WireLinkOptions) {
    this.#socket = socket;
    this.#clock = clock;
    this.#tap = tap;
    this.#machine = createMachine(this, ids);
    socket.onFrame((frame) => this.#onFrame(frame));
    socket.onClose((close) => this.#onClose(close));
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
    this.#tap?.('in', frame);
    this.#machine.frame(frame, this.#clock.now());
  }

  #onClose({ code, reason }: SocketClose): void {
    if (!this.#done) this.#machine.closed(code, reason, this.#clock.now());
    this.#timer?.cancel();
  }
}

import {
  type Clock,
  type Frame,
  type Ids,
  type Ms,
  type ReparteeError,
  type Socket,
  type Timer,
  toReparteeError,
} from '../core/index.js';
import type { Event, FrameTap, Link, WireMachine } from '../realtime/index.js';
import type { VAD } from '../speech/index.js';
import { openLink } from './open-link.js';
import type { MachineStart, Wire } from './wires.js';

export interface ConnectionOptions {
  socket: Socket;
  wire: Wire;
  start: MachineStart;
  clock: Clock;
  ids: Ids;
  tap: FrameTap | undefined;
  vad: VAD | undefined;
  /** What went wrong on our side, not the client's. */
  onError: (error: ReparteeError) => void;
  onEnd: () => void;
}

/** One client of the gateway: its socket, its wire's machine, and the link behind. */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #abort = new AbortController();
  #machine: WireMachine<Event> | undefined;
  #link: Link | undefined;
  /** What the link said while the machine was being made. */
  #early: Event[] = [];
  #timer: Timer | undefined;
  #ended = false;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    options.socket.onClose(({ code, reason }) => this.#closed(code, reason));
  }

  /** Dials the model and joins the two sides. Frames that come meanwhile wait in the socket. */
  async open(): Promise<void> {
    const { wire, start, clock, ids, socket, vad } = this.#options;
    let link: Link;
    try {
      link = await openLink(start.dialler, { clock, ids, signal: this.#abort.signal }, vad);
      link = wire.wrapLink?.(link, start) ?? link;
    } catch (thrown) {
      this.#dialFailed(toReparteeError(thrown, 'connect_failed'));
      return;
    }
    this.#link = link;
    if (this.#ended) {
      link.send({ t: 'close', reason: 'the client has gone' });
      return;
    }
    this.#guard(() => this.#join(link, socket));
  }

  /** Sends the client away with the wire's own words. */
  refuse(code: string, message: string): void {
    if (this.#ended) return;
    const { frames, closeCode, reason } = this.#options.wire.refuse(code, message, this.#options.ids);
    for (const frame of frames) this.#send(frame);
    this.#options.socket.close(closeCode, reason);
  }

  /** The gateway is going away. */
  close(): void {
    this.#options.socket.close(1001, 'server going away');
  }

  #join(link: Link, socket: Socket): void {
    const { wire, start, clock, ids } = this.#options;
    link.onEvent((event) => {
      if (this.#machine === undefined) this.#early.push(event);
      else this.#guard(() => this.#machine?.local(event, clock.now()));
    });
    this.#machine = wire.createMachine(start, link)(
      {
        frame: (frame) => this.#send(frame),
        emit: (command) => link.send(command),
        wakeAt: (ms) => this.#wakeAt(ms),
        close: (code, reason) => socket.close(code, reason),
      },
      ids,
    );
    for (const event of this.#early.splice(0)) this.#machine.local(event, clock.now());
    socket.onFrame((frame) => {
      this.#options.tap?.('in', frame);
      this.#guard(() => this.#machine?.frame(frame, clock.now()));
    });
    // The machine has asked for it; there is no need to wait for the timer.
    this.#machine.wake(clock.now());
  }

  #wakeAt(ms: Ms | null): void {
    const { clock } = this.#options;
    this.#timer?.cancel();
    this.#timer =
      ms === null || this.#ended
        ? undefined
        : clock.at(ms, () => this.#guard(() => this.#machine?.wake(clock.now())));
  }

  #send(frame: Frame): void {
    if (this.#ended) return;
    const { socket, wire, tap } = this.#options;
    tap?.('out', frame);
    socket.send(frame);
    if (socket.bufferedBytes > wire.limits.backlogBytes) {
      socket.close(1008, 'the client reads too slowly');
      this.#finish(1008, 'the client reads too slowly');
    }
  }

  /** A fault of ours ends this one connection and no other. */
  #guard(run: () => void): void {
    if (this.#ended) return;
    try {
      run();
    } catch (thrown) {
      this.#options.onError(toReparteeError(thrown, 'provider_failed', 'The gateway failed: '));
      this.refuse('server_error', 'The server had an error while processing the session.');
      this.#finish(1011, 'server error');
    }
  }

  #dialFailed(error: ReparteeError): void {
    if (this.#ended) return;
    this.#options.onError(error);
    // The client's own key was good: a key that the vendor behind refuses is no fault of the client.
    const code =
      error.code === 'model_not_found' || error.code === 'quota_exhausted' ? error.code : 'server_error';
    this.refuse(code, `The model could not be reached: ${error.message}`);
  }

  #closed(code: number, reason: string): void {
    this.#finish(code, reason);
    this.#options.onEnd();
  }

  #finish(code: number, reason: string): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#timer?.cancel();
    this.#abort.abort();
    try {
      this.#machine?.closed(code, reason, this.#options.clock.now());
    } catch (thrown) {
      this.#options.onError(toReparteeError(thrown, 'provider_failed', 'The gateway failed: '));
    }
    if (this.#machine === undefined) this.#link?.send({ t: 'close', reason });
  }
}

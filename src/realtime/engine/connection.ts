import type { Clock, Ids, Ms, Timer } from '../../core/index.js';
import { none } from '../../core/none.js';
import type { Command, Config, Event, Item, Link } from '../contract.js';
import type { Dialler, FrameTap } from '../model.js';
import { LineMap } from './line-map.js';
import { LinkIds } from './link-ids.js';

/** What a link is opened with: the history, or a handle with which it goes on where an earlier one was. */
export interface Opening {
  config: Config;
  history: readonly Item[];
  resume?: string;
}

export interface Dial {
  clock: Clock;
  ids: Ids;
  tap?: FrameTap;
  /** From the dial to `ready`. */
  openTimeoutMs: Ms;
}

/** Whose connection it is. */
export interface ConnectionHost {
  /** Asked when the link is there. */
  opening(connection: Connection): Opening;
  onEvent(connection: Connection, event: Event): void;
  /** It could not be dialled, or was not ready in time. */
  onFailed(connection: Connection, thrown: unknown): void;
  onTimeout(connection: Connection): void;
}

interface InFlight {
  command: Command;
  /** Where the session's line stood. */
  atMs: Ms;
  /** On the clock. */
  sentMs: Ms;
}

/** One link from the dial to its end, with its own names and its own place on the input line. */
export class Connection {
  readonly names = new LinkIds();
  readonly line = new LineMap();
  /** Commands sent and not answered, by command id. */
  #flight: Map<string, InFlight> | undefined;
  /** Items that this wire never confirms, until they have surely arrived. */
  unreached: readonly { command: Extract<Command, { t: 'item.add' }>; atMs: Ms; sentMs: Ms }[] = none;
  /** What it was opened with. */
  opening: Opening | undefined;
  isReady = false;
  /** When it began to serve, and from where on it was sent the line then. */
  readyMs: Ms = Infinity;
  replayedFromMs: Ms = 0;
  /** It was told items of which no answer shows yet that they have come. A handle may not cover them. */
  #untried = false;
  /** The first response since then. */
  #trial: string | undefined;
  /** Items that it was told in its opening: what it says of them is no news. */
  #told: Set<string> | undefined;
  /** Items that were removed from its list and not from the conversation. */
  #replaced: Set<string> | undefined;
  /** Turns and items that it hears again although all of them is known. */
  #muted: Set<string> | undefined;
  #link: Link | undefined;
  #isOver = false;
  /** Only while it is dialled. */
  #abort: AbortController | undefined = new AbortController();
  /** Until it is ready, or over. */
  #timer: Timer | undefined;
  readonly #clock: Clock;
  readonly #host: ConnectionHost;

  constructor(host: ConnectionHost, model: Dialler, dial: Dial) {
    const { clock, openTimeoutMs } = dial;
    this.#host = host;
    this.#clock = clock;
    this.#timer = clock.at(clock.now() + openTimeoutMs, () => {
      if (!this.#isOver && !this.isReady) this.#host.onTimeout(this);
    });
    void this.#dial(model, dial);
  }

  /** When the far end was heard last; undefined where nobody knows. */
  get heardFromMs(): Ms | undefined {
    return this.#link?.heardFromMs;
  }

  /** What was sent before has surely arrived; undefined where nobody knows. */
  get reachedMs(): Ms | undefined {
    return this.#link?.reachedMs;
  }

  /** It was let go, or has ended: what is sent now goes nowhere. */
  get isOver(): boolean {
    return this.#isOver;
  }

  ready(nowMs: Ms): void {
    this.readyMs = nowMs;
    this.isReady = true;
    this.#untime();
  }

  #untime(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** `atMs`: where the session's line stands. */
  send(command: Command, atMs: Ms): void {
    if (this.#isOver || this.#link === undefined) return;
    if ('cmd' in command && command.cmd !== undefined) {
      this.#flight ??= new Map();
      this.#flight.set(command.cmd, { command, atMs, sentMs: this.#clock.now() });
    }
    if (command.t.startsWith('item.') || command.t === 'answer') this.#tellItem();
    this.#link.send(this.names.command(command));
  }

  audio(pcm: Int16Array, sessionMs: Ms, durationMs: Ms): void {
    this.#link?.send({ t: 'audio', pcm, atMs: this.line.send(sessionMs, durationMs) });
  }

  /** Commands sent and not answered, in their order. */
  get flight(): Iterable<InFlight> {
    return this.#flight?.values() ?? [];
  }

  /** The command was answered. `basis: 'sent'`: nobody knows whether it has arrived. */
  answered(cmd: string, basis: 'wire' | 'sent'): void {
    const entry = this.#flight?.get(cmd);
    if (entry === undefined) return;
    this.#flight?.delete(cmd);
    const { reachedMs } = this;
    if (basis === 'wire' || reachedMs === undefined || entry.command.t !== 'item.add') return;
    const { command, atMs, sentMs } = entry;
    const open = this.unreached.filter((other) => other.sentMs >= reachedMs);
    this.unreached = open.concat({ command, atMs, sentMs });
  }

  /** Silence that is nobody's. */
  pad(pcm: Int16Array, durationMs: Ms): void {
    this.#link?.send({ t: 'audio', pcm, atMs: this.line.pad(durationMs) });
  }

  /** Whether a handle that comes now covers all that the link was told. */
  get isCovered(): boolean {
    return !this.#untried;
  }

  /** An answer that began after an item was sent, and ended, shows that it came. */
  noteResponse(event: Extract<Event, { t: 'response' }>): void {
    if (event.phase === 'started') {
      // What was asked after them has arrived.
      if (event.cause.by === 'command') this.unreached = none;
      if (this.#untried) this.#trial ??= event.response;
    } else if (event.phase === 'ended' && event.response === this.#trial) {
      this.#untried = false;
    }
  }

  #tellItem(): void {
    this.#untried = true;
    this.#trial = undefined;
  }

  mute(id: string): void {
    this.#muted ??= new Set();
    this.#muted.add(id);
  }

  /** Removed from its list alone: the conversation has it, in other words. */
  absorbRemoval(id: string): void {
    this.#replaced ??= new Set();
    this.#replaced.add(id);
  }

  /** What it says is no news: of its own opening, or of what was told before. */
  isOld(event: Event): boolean {
    const muted = this.#muted;
    if (event.t === 'item' && event.phase === 'removed')
      return this.#replaced?.delete(event.item.id) === true;
    if (event.t === 'item' && (event.phase === 'added' || event.phase === 'done')) {
      return this.#told?.has(event.item.id) === true || muted?.has(event.item.id) === true;
    }
    if (muted === undefined) return false;
    if (event.t === 'speech' || event.t === 'committed') return muted.has(event.turn);
    return event.t === 'heard' && muted.has(event.turn ?? event.item ?? '');
  }

  /** It serves no longer; what it still says is not heard. Twice does nothing. */
  retire(reason: string): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#untime();
    this.#abort?.abort();
    this.#abort = undefined;
    this.#link?.send({ t: 'close', reason });
  }

  async #dial(model: Dialler, { clock, ids, tap }: Dial): Promise<void> {
    try {
      const { signal } = this.#abort ?? new AbortController();
      const link = await model.dial({ clock, ids, signal, ...(tap === undefined ? {} : { tap }) });
      if (this.#isOver) {
        link.send({ t: 'close' });
        return;
      }
      this.#link = link;
      this.#abort = undefined;
      const opening = this.#host.opening(this);
      const { config, history, resume } = opening;
      this.opening = opening;
      if (history.length > 0) this.#tellItem();
      this.#hear(link);
      link.send({
        t: 'open',
        config: { ...config },
        history: [...history],
        ...(resume === undefined ? {} : { resume }),
      });
    } catch (thrown) {
      if (!this.#isOver) this.#host.onFailed(this, thrown);
    }
  }

  /** Apart from the dialling, whose variables would stay as long as the listener. */
  #hear(link: Link): void {
    link.onEvent((event) => {
      if (!this.#isOver) this.#host.onEvent(this, event);
    });
  }

  /** From here on what it says of the items of its opening is absorbed. */
  knowsItsOpening(): void {
    const { history = [] } = this.opening ?? {};
    if (history.length > 0) this.#told = new Set(history.map(({ id }) => id));
  }

  /** An item of an earlier link: this one has it in writing. */
  hasInWriting(id: string): boolean {
    return this.#told?.has(id) === true;
  }

  /** It was told of this item as well; what it says of it is absorbed. */
  knows(id: string): void {
    this.#told ??= new Set();
    this.#told.add(id);
  }
}

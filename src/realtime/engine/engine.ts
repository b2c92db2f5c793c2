import {
  type Clock,
  type Ids,
  type Ms,
  type ReparteeError,
  Runner,
  type Timer,
  toReparteeError,
} from '../../core/index.js';
import type { Command, Config, Event, Item, Link } from '../contract.js';
import type { Dialler, FrameTap } from '../model.js';
import { AudioJournal } from './journal.js';
import { slotDeadline } from './slot.js';
import {
  type EngineEffect,
  type EngineInput,
  type EngineNotice,
  type EngineState,
  engineState,
  type ReplyCause,
} from './state.js';
import { engineStep } from './step.js';

/** Commands kept while no link is ready; one more is refused. */
const earlyLimit = 1_024;

export interface EngineOptions {
  config: Config;
  history: readonly Item[];
  clock: Clock;
  ids: Ids;
  replyTimeoutMs: Ms;
  tap?: FrameTap;
}

export interface EngineListener {
  event(event: Event): void;
  notice(notice: EngineNotice): void;
  /** The dial failed; nothing else will come. */
  failed(error: ReparteeError): void;
}

/**
 * The one runner of the realtime side. It dials the model, opens the link, keeps what is pushed before the link is ready, and owns the timer of the machine's deadlines.
 */
export class Engine {
  readonly state: EngineState;
  /** What `open` will say; changed freely until the link is there. */
  readonly config: Config;
  readonly #model: Dialler;
  readonly #options: EngineOptions;
  readonly #listener: EngineListener;
  readonly #abort = new AbortController();
  readonly #runner: Runner<EngineState, EngineInput, EngineEffect>;
  readonly #early: Command[] = [];
  readonly #journal: AudioJournal;
  #open = false;
  #link: Link | undefined;
  #timer: Timer | undefined;
  #timerMs: Ms | null = null;
  #sentMs = 0;

  constructor(model: Dialler, options: EngineOptions, listener: EngineListener) {
    this.#model = model;
    this.#options = options;
    this.#listener = listener;
    this.config = options.config;
    this.state = engineState(model.capabilities, options.config.turns, options);
    this.#runner = new Runner(this.state, engineStep, (effects) => this.#perform(effects));
    this.#journal = new AudioJournal(model.capabilities.inputRateHz);
  }

  /** Dials and opens. Never rejects: what goes wrong arrives at the listener. */
  async connect(): Promise<void> {
    const { clock, ids, tap } = this.#options;
    try {
      const link = await this.#model.dial({
        clock,
        ids,
        signal: this.#abort.signal,
        ...(tap === undefined ? {} : { tap }),
      });
      if (this.#closed) {
        link.send({ t: 'close' });
        return;
      }
      this.#link = link;
      link.onEvent((event) => this.#input({ t: 'event', event, atMs: clock.now() }));
      link.send({ t: 'open', config: this.config, history: [...this.#options.history] });
    } catch (thrown) {
      if (this.#closed) return;
      this.#end();
      this.#listener.failed(toReparteeError(thrown, 'connect_failed', `${this.#model.provider}: `));
    }
  }

  /** One command of the session, in its turn. After the end it does nothing. */
  command(command: Command, cause?: ReplyCause, reply?: string): void {
    const input: EngineInput = { t: 'command', command, atMs: this.#options.clock.now() };
    if (cause !== undefined) input.cause = cause;
    if (reply !== undefined) input.reply = reply;
    this.#input(input);
  }

  interrupt(): void {
    this.#input({ t: 'interrupt', atMs: this.#options.clock.now() });
  }

  /** A chunk at the wire's rate. Kept (bounded) while no link is ready. */
  audio(pcm: Int16Array): void {
    if (this.state.phase === 'open') this.#sendAudio(pcm);
    else if (this.state.phase === 'connecting') this.#journal.push(pcm);
  }

  /** An event that no wire brought: the edges of local ears. */
  local(event: Event): void {
    this.#input({ t: 'event', event, atMs: this.#options.clock.now() });
  }

  /** Position on the link's input line: milliseconds of audio sent. */
  get inputMs(): Ms {
    return this.#sentMs;
  }

  /** Milliseconds of early audio dropped because no link came in time. */
  get droppedMs(): Ms {
    return this.#journal.droppedMs;
  }

  close(reason: string): void {
    if (this.#closed) return;
    this.#abort.abort();
    const link = this.#link;
    if (link !== undefined) link.send({ t: 'close', reason });
    if (!this.#closed) {
      const closing: Event = { t: 'closing', code: 'closed', disposition: 'done', message: reason };
      this.#input({ t: 'event', event: closing, atMs: this.#options.clock.now() });
    }
  }

  get #closed(): boolean {
    return this.state.phase === 'closed';
  }

  #sendAudio(pcm: Int16Array): void {
    this.#link?.send({ t: 'audio', pcm, atMs: this.#sentMs });
    this.#sentMs += (pcm.length * 1000) / this.#model.capabilities.inputRateHz;
  }

  #input(input: EngineInput): void {
    this.#runner.input(input);
    this.#arm();
  }

  #perform(effects: readonly EngineEffect[]): void {
    const opening = this.state.phase === 'open' && !this.#open;
    this.#open = this.state.phase === 'open';
    // Before anybody hears that it is open and sends newer things.
    if (opening) this.#sendEarly();
    for (const effect of effects) {
      if (effect.t === 'emit') this.#listener.event(effect.event);
      else if (effect.t === 'notice') this.#listener.notice(effect.notice);
      else if (effect.t === 'send') this.#send(effect.command);
    }
    if (this.#closed) this.#end();
  }

  #send(command: Command): void {
    if (this.state.phase === 'open') this.#link?.send(command);
    else if (this.#early.length < earlyLimit) this.#early.push(command);
    else if ('cmd' in command) this.#refuse(command.cmd);
  }

  #refuse(cmd: string): void {
    const message = `More than ${earlyLimit} commands before the link was ready`;
    this.local({ t: 'refused', cmd, code: 'illegal_command', message, benign: false });
  }

  #sendEarly(): void {
    for (const pcm of this.#journal.take()) this.#sendAudio(pcm);
    for (const command of this.#early.splice(0)) this.#link?.send(command);
  }

  #arm(): void {
    const deadline = this.state.phase === 'open' ? slotDeadline(this.state) : null;
    if (deadline === this.#timerMs) return;
    this.#timer?.cancel();
    this.#timerMs = deadline;
    this.#timer =
      deadline === null
        ? undefined
        : this.#options.clock.at(deadline, () => {
            this.#timerMs = null;
            this.#input({ t: 'wake', atMs: this.#options.clock.now() });
          });
  }

  #end(): void {
    this.state.phase = 'closed';
    this.#runner.clear();
    this.#early.length = 0;
    this.#journal.take();
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerMs = null;
  }
}

import {
  type Clock,
  ConnectionError,
  type Ids,
  type Ms,
  type ReparteeError,
  Runner,
  type Timer,
  toReparteeError,
} from '../../core/index.js';
import type { Command, Config, Event, Item, Link } from '../contract.js';
import type { Dialler, FrameTap } from '../model.js';
import { nextDeadline } from './deadlines.js';
import { Early } from './early.js';
import {
  type EngineEffect,
  type EngineInput,
  type EngineNotice,
  type EngineState,
  engineState,
  type ReplyCause,
} from './state.js';
import { engineStep, hears } from './step.js';

export interface EngineOptions {
  /** Read when the link is opened. */
  config: Config;
  history: readonly Item[];
  clock: Clock;
  ids: Ids;
  replyTimeoutMs: Ms;
  /** From the dial to `ready`. */
  openTimeoutMs: Ms;
  tap?: FrameTap;
}

export interface EngineListener {
  event(event: Event): void;
  notice(notice: EngineNotice): void;
  /** Audio goes to the link, which is there. */
  sent(pcm: Int16Array): void;
  /** The link could not be had; nothing else will come. */
  failed(error: ReparteeError): void;
}

/**
 * The one runner of the realtime side. It dials the model, opens the link, keeps what is pushed before the link is ready, and
 * owns the timer of the machine's deadlines.
 */
export class Engine {
  readonly state: EngineState;
  readonly #model: Dialler;
  readonly #options: EngineOptions;
  readonly #listener: EngineListener;
  /** While it dials. */
  #abort: AbortController | undefined;
  readonly #runner: Runner<EngineState, EngineInput, EngineEffect>;
  readonly #early: Early;
  #opening = false;
  #ready = false;
  #link: Link | undefined;
  #openTimer: Timer | undefined;
  #timer: Timer | undefined;
  #timerMs = Infinity;
  #sentMs = 0;

  constructor(model: Dialler, options: EngineOptions, listener: EngineListener) {
    this.#model = model;
    this.#options = options;
    this.#listener = listener;
    this.state = engineState(model.capabilities, options.config.turns, options);
    this.#runner = new Runner(this.state, engineStep, (effects) => this.#perform(effects));
    this.#early = new Early(model.capabilities.inputRateHz);
  }

  /** Dials and opens. Never rejects: what goes wrong arrives at the listener. */
  async connect(): Promise<void> {
    if (this.#closed) return;
    const { clock, ids, tap, openTimeoutMs, history } = this.#options;
    this.#openTimer = clock.at(clock.now() + openTimeoutMs, () => this.#openTimedOut());
    try {
      this.#abort = new AbortController();
      const { signal } = this.#abort;
      const link = await this.#model.dial({ clock, ids, signal, ...(tap === undefined ? {} : { tap }) });
      this.#abort = undefined;
      if (this.#closed) {
        link.send({ t: 'close' });
        return;
      }
      this.#link = link;
      this.#opening = true;
      this.#input({ t: 'opening', turns: this.#options.config.turns, atMs: clock.now() });
      link.onEvent((event) => this.#onEvent(event));
      link.send({ t: 'open', config: { ...this.#options.config }, history: [...history] });
    } catch (thrown) {
      this.#fail(toReparteeError(thrown, 'connect_failed', `${this.#model.provider}: `));
    }
  }

  /** The settings have gone out: from here on they are changed by commands only. */
  get isOpening(): boolean {
    return this.#opening;
  }

  /** One command of the session, in its turn. After the end it does nothing. */
  command(command: Command, cause?: ReplyCause, replyId?: string): void {
    const input: EngineInput = { t: 'command', command, atMs: this.#options.clock.now() };
    if (cause !== undefined) input.cause = cause;
    if (replyId !== undefined) input.replyId = replyId;
    this.#input(input);
  }

  interrupt(): void {
    this.#input({ t: 'interrupt', atMs: this.#options.clock.now() });
  }

  cancel(replyId: string): void {
    this.#input({ t: 'cancel', replyId, atMs: this.#options.clock.now() });
  }

  /** A chunk at the wire's rate. Kept (bounded) while no link is ready. It decides nothing, so it passes the machine by. */
  audio(pcm: Int16Array): void {
    // Behind the commands that wait for the runner: a commit before it must not take it along.
    if (this.#runner.isRunning) this.command({ t: 'audio', pcm, atMs: 0 });
    else this.#takeAudio(pcm);
  }

  /** An event that no wire brought: the edges of local ears. */
  local(event: Event): void {
    this.#input({ t: 'event', event, atMs: this.#options.clock.now() });
  }

  /** Position on the link's input line: milliseconds of audio sent. */
  get inputMs(): Ms {
    return this.#sentMs;
  }

  close(reason: string): void {
    if (this.#closed) return;
    this.#abort?.abort();
    this.#link?.send({ t: 'close', reason });
    // A link that did not say so at once.
    const closing: Event = { t: 'closing', code: 'closed', disposition: 'done', message: reason };
    this.#input({ t: 'event', event: closing, atMs: this.#options.clock.now() });
  }

  get #closed(): boolean {
    return this.state.phase === 'closed';
  }

  #onEvent(event: Event): void {
    // A link that was told to close may still be speaking.
    if (this.#closed) return;
    const atMs = this.#options.clock.now();
    // The hot path: nothing is decided, so nothing is queued and no deadline moves forward.
    if (event.t === 'audio' && !this.#runner.isRunning) {
      if (hears(this.state, event, atMs)) this.#listener.event(event);
    } else this.#input({ t: 'event', event, atMs });
  }

  #takeAudio(pcm: Int16Array): void {
    if (this.state.phase === 'open') this.#sendAudio(pcm);
    else if (this.state.phase === 'connecting') this.#early.audio(pcm);
  }

  #sendAudio(pcm: Int16Array): void {
    this.#listener.sent(pcm);
    this.#link?.send({ t: 'audio', pcm, atMs: this.#sentMs });
    this.#sentMs += (pcm.length * 1000) / this.#model.capabilities.inputRateHz;
  }

  #input(input: EngineInput): void {
    this.#runner.input(input);
    this.#arm();
  }

  #perform(effects: readonly EngineEffect[]): void {
    // Before anybody hears that it is open and sends newer things.
    if (this.state.phase === 'open' && !this.#ready) this.#sendEarly();
    for (const effect of effects) {
      if (effect.t === 'emit') this.#listener.event(effect.event);
      else if (effect.t === 'notice') this.#listener.notice(effect.notice);
      else if (effect.t === 'send') this.#send(effect.command);
    }
    if (this.#closed) this.#end();
  }

  #send(command: Command): void {
    if (command.t === 'audio') this.#takeAudio(command.pcm);
    else if (this.state.phase === 'open') this.#link?.send(command);
    else if (!this.#early.command(command) && 'cmd' in command) this.#refuse(command.cmd);
  }

  #refuse(cmd: string): void {
    const message = 'Too many commands before the link was ready';
    this.local({ t: 'refused', cmd, code: 'illegal_command', message, benign: false });
  }

  #sendEarly(): void {
    this.#ready = true;
    this.#openTimer?.cancel();
    const { droppedMs } = this.#early;
    for (const command of this.#early.take()) this.#send(command);
    if (droppedMs > 0) this.#listener.notice({ t: 'input_dropped', droppedMs });
  }

  /** A timer that is early wakes the machine for nothing; setting a new one with every frame would cost more. */
  #arm(): void {
    const deadlineMs = this.state.phase === 'open' ? nextDeadline(this.state) : Infinity;
    if (this.#timerMs <= deadlineMs) return;
    this.#timer?.cancel();
    this.#timerMs = deadlineMs;
    const { clock } = this.#options;
    this.#timer = clock.at(deadlineMs, () => {
      this.#timerMs = Infinity;
      this.#input({ t: 'wake', atMs: clock.now() });
    });
  }

  #openTimedOut(): void {
    const { openTimeoutMs } = this.#options;
    this.#abort?.abort();
    const message = `${this.#model.provider} was not ready within ${openTimeoutMs} ms`;
    this.#fail(new ConnectionError('connect_timeout', message));
    // After the end, so that its `closing` is not taken for the reason.
    this.#link?.send({ t: 'close', reason: 'not ready in time' });
  }

  #fail(error: ReparteeError): void {
    if (this.#closed) return;
    this.#end();
    this.#listener.failed(error);
  }

  #end(): void {
    this.state.phase = 'closed';
    this.#runner.clear();
    this.#early.take();
    this.#openTimer?.cancel();
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#timerMs = Infinity;
  }
}

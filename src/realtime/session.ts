import { type ChatContext, RemoteConversation } from '../chat/index.js';
import {
  type AudioFrame,
  type Clock,
  Emitter,
  type Ids,
  type Ms,
  type ReparteeError,
  randomIds,
  StateError,
  systemClock,
  UnsupportedError,
} from '../core/index.js';
import type { VAD } from '../speech/contracts.js';
import type { Capabilities } from './capabilities.js';
import { withPatch } from './config.js';
import type { Command, Config, Event, Item, Link, Overrides, Patch, ToolSpec } from './contract.js';
import { CommandBook } from './engine/book.js';
import { InputLine } from './engine/ears.js';
import { Engine } from './engine/engine.js';
import { LocalEars } from './engine/local-ears.js';
import { GenerationMeter } from './engine/meter.js';
import type { EngineNotice, ReplyCause } from './engine/state.js';
import { EventNames } from './event-names.js';
import type { GenerationCreated, RealtimeEvents, SessionState } from './events.js';
import { connectionError, providerError } from './failures.js';
import { chatDifference } from './history.js';
import type { Dialler } from './model.js';
import { rawEvent } from './raw.js';

export interface SessionOptions {
  /** What differs from the model's own settings. */
  config?: Patch;
  history?: readonly Item[];
  /** Length of the audio chunks sent, in milliseconds. Default 20. */
  chunkMs?: Ms;
  /** How long a reply may take to begin. Default 10,000. */
  replyTimeoutMs?: Ms;
  /** How long a command may stay unanswered. Default 10,000. */
  commandTimeoutMs?: Ms;
  /** Required where the wire reports no speech edges (`capabilities.speech`). */
  vad?: VAD;
  clock?: Clock;
  ids?: Ids;
}

export interface GenerateReplyOptions {
  instructions?: string;
  tools?: ToolSpec[];
  toolChoice?: Overrides['toolChoice'];
  modalities?: ['audio'] | ['text'];
  /** Items that this reply alone sees instead of the conversation. */
  input?: Item[];
  /** Beside the conversation: neither heard by default nor kept. */
  outOfBand?: boolean;
  metadata?: Record<string, string>;
  /** The reply whose tools were answered: this one continues it. */
  continues?: string;
}

/** What `updateChatCtx` could do; `diverged` names the items on which the server now differs. */
export interface ChatUpdate {
  applied: string[];
  diverged: {
    itemId: string;
    want: 'present' | 'absent';
    have: 'present' | 'absent' | 'unknown';
    reason: string;
  }[];
}

/**
 * A conversation with a realtime model, above any link. It connects at once; what is pushed meanwhile is kept (audio: the last 30 s). Methods
 * build one command each; events are the contract's, by the ecosystem's names. After `close` (safe to call twice) every
 * method rejects or throws `StateError` `closed`, pending promises reject with it, and only `closed` is still emitted.
 *
 * A session is a `Link` as well: a gateway talks to it in commands and events, and gets the same queueing, and the
 * same making up for what a wire lacks, as an agent does.
 */
export class RealtimeSession extends Emitter<RealtimeEvents> implements Link {
  readonly model: Dialler;
  readonly capabilities: Capabilities;
  /** Resolves when audio may flow; rejects with the error of the connection. */
  readonly opened: Promise<void>;
  readonly #engine: Engine;
  readonly #input: InputLine;
  readonly #ears: LocalEars | undefined;
  readonly #book: CommandBook;
  readonly #meter: GenerationMeter;
  readonly #clock: Clock;
  readonly #remote = new RemoteConversation();
  readonly #names: EventNames;
  #listener: ((event: Event) => void) | undefined;
  #sessionId: string | undefined;
  #settleOpened: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #closeMessage: { code: string; message: string } | undefined;

  constructor(model: Dialler, options: SessionOptions = {}) {
    super();
    this.model = model;
    this.capabilities = model.capabilities;
    this.#clock = options.clock ?? systemClock();
    const ids = options.ids ?? randomIds();
    const config = withPatch(model.defaults, options.config ?? {});
    this.opened = new Promise((resolve, reject) => {
      this.#settleOpened = { resolve, reject };
    });
    // Whoever does not wait for it still hears of the failure by `error` and `closed`.
    this.opened.catch(() => {});
    this.#book = new CommandBook(ids, this.#clock, options.commandTimeoutMs ?? 10_000);
    this.#meter = new GenerationMeter(model, this.#clock, (metrics) =>
      this.emit('metrics_collected', metrics),
    );
    this.#names = new EventNames(this, this.#remote, () => this.#engine.config.transcription !== null);
    this.#engine = new Engine(
      model,
      {
        config,
        history: options.history ?? [],
        clock: this.#clock,
        ids,
        replyTimeoutMs: options.replyTimeoutMs ?? 10_000,
        tap: (direction, frame) => {
          const name = direction === 'in' ? 'server_event_received' : 'client_event_queued';
          if (this.has(name)) this.emit(name, rawEvent(frame));
        },
      },
      {
        event: (event) => this.#onEvent(event),
        notice: (notice) => this.#onNotice(notice),
        failed: (error) => this.#onFailed(error),
      },
    );
    this.#ears = LocalEars.forModel(model, config, options.vad, ids, (event) => this.#engine.local(event));
    this.#input = new InputLine(model.capabilities.inputRateHz, options.chunkMs ?? 20, (pcm) => {
      this.#ears?.hear(pcm);
      this.#engine.audio(pcm);
    });
    queueMicrotask(() => void this.#engine.connect());
  }

  get state(): SessionState {
    return this.#engine.state.phase;
  }

  get connected(): boolean {
    return this.state === 'open';
  }

  /** The vendor's id of the session, once open. */
  get sessionId(): string | undefined {
    return this.#sessionId;
  }

  /** Raised by every interruption, ours or the server's. */
  get epoch(): number {
    return this.#engine.state.epoch;
  }

  get hasActiveGeneration(): boolean {
    const slot = this.#engine.state.slot.is;
    return slot === 'running' || slot === 'ending';
  }

  /** True while a reply is asked, expected or running. */
  get isReplying(): boolean {
    return this.#engine.state.slot.is !== 'free';
  }

  /** Position on the input line: milliseconds of audio sent. */
  get inputMs(): Ms {
    return this.#engine.inputMs;
  }

  /** The window of silence after which a turn ends, where the wire ends it and the setting is known; else 0. */
  get silenceMs(): Ms {
    const { turns } = this.#engine.config;
    return turns.owner === 'wire' ? (turns.silenceMs ?? 0) : 0;
  }

  get instructions(): string {
    return this.#engine.config.instructions;
  }

  get tools(): readonly ToolSpec[] {
    return this.#engine.config.tools;
  }

  /** What the server holds, as far as it told us. */
  get remoteItems(): readonly Item[] {
    return this.#remote.items;
  }

  /** Audio of any rate, channels and chunking; sent in chunks of `chunkMs`. The samples must not be changed afterwards. */
  pushAudio(frame: AudioFrame): void {
    this.#alive();
    this.#input.push(frame);
  }

  /** Ends the turn by hand (`turns.owner === 'caller'`). Resolves when the server has taken the audio as an item. */
  commitAudio(): Promise<void> {
    this.#input.flush();
    return this.#ask((cmd) => ({ t: 'activity', cmd, edge: 'end' }));
  }

  /** Drops the audio that is not committed yet. */
  clearAudio(): Promise<void> {
    this.#input.discard();
    return this.#ask((cmd) => ({ t: 'activity', cmd, edge: 'discard' }));
  }

  /**
   * Asks for a reply; it waits while another one is asked, expected or running. Resolves when its response began;
   * rejects with `reply_timeout`, `provider_refused`, or `illegal_command` when it was interrupted before.
   */
  generateReply(options: GenerateReplyOptions = {}): Promise<GenerationCreated> {
    const { instructions, tools, toolChoice, modalities, input, outOfBand, metadata, continues } = options;
    const overrides: Overrides = {};
    if (instructions !== undefined) overrides.instructions = instructions;
    if (tools !== undefined) overrides.tools = tools;
    if (toolChoice !== undefined) overrides.toolChoice = toolChoice;
    if (modalities !== undefined) overrides.output = modalities[0];
    const cmd = this.#book.newId();
    const command: Command = { t: 'reply', cmd, overrides };
    if (input !== undefined) command.input = input;
    if (outOfBand !== undefined) command.outOfBand = outOfBand;
    if (metadata !== undefined) command.metadata = metadata;
    return this.#promiseReply(cmd, command, continues === undefined ? 'user' : 'tools', continues);
  }

  /** Speaks a given text, word for word, where the model can (`capabilities.say`). */
  say(text: string, options: { interruptible?: boolean } = {}): Promise<GenerationCreated> {
    const cmd = this.#book.newId();
    return this.#promiseReply(cmd, { t: 'say', cmd, text, cuttable: options.interruptible ?? true }, 'user');
  }

  /** Stops what runs, forgets what waits, raises `epoch`. Audio of the stopped response is never emitted again. */
  interrupt(): void {
    this.#alive();
    this.#engine.interrupt();
  }

  /** Tells the server how much of an item was heard: whole milliseconds of its audio. */
  truncate(options: { itemId: string; part?: number; heardMs: Ms; heardText?: string }): Promise<void> {
    const { itemId, part = 0, heardMs, heardText = '' } = options;
    return this.#ask((cmd) => ({
      t: 'item.cut',
      cmd,
      item: itemId,
      part,
      heardMs: Math.max(0, Math.floor(heardMs)),
      heardText,
    }));
  }

  updateInstructions(instructions: string): Promise<void> {
    return this.#configure({ instructions });
  }

  updateTools(tools: readonly ToolSpec[]): Promise<void> {
    return this.#configure({ tools: [...tools] });
  }

  updateOptions(patch: Patch): Promise<void> {
    return this.#configure(patch);
  }

  addItem(item: Item, after?: string | null): Promise<void> {
    return this.#ask((cmd) =>
      after === undefined ? { t: 'item.add', cmd, item } : { t: 'item.add', cmd, item, after },
    );
  }

  removeItem(itemId: string): Promise<void> {
    return this.#ask((cmd) => ({ t: 'item.remove', cmd, item: itemId }));
  }

  /** Makes the server's conversation equal to `chat`: removes, then adds in order. Resolves with what could not be done. */
  async updateChatCtx(chat: ChatContext): Promise<ChatUpdate> {
    const { remove, add } = chatDifference(this.#remote.items, chat);
    const update: ChatUpdate = { applied: [], diverged: [] };
    const settle = (itemId: string, want: 'present' | 'absent', done: Promise<void>) =>
      done.then(
        () => void update.applied.push(itemId),
        (error: Error) => {
          const have = want === 'present' ? 'absent' : 'present';
          update.diverged.push({ itemId, want, have, reason: error.message });
        },
      );
    await Promise.all([
      ...remove.map((itemId) => settle(itemId, 'absent', this.removeItem(itemId))),
      ...add.map(({ item, after }) => settle(item.id, 'present', this.addItem(item, after))),
    ]);
    return update;
  }

  /** The result of a tool call. `more`: further results of the same response follow. `then`: what the wire shall do. */
  answer(options: {
    callId: string;
    name: string;
    output: string;
    isError?: boolean;
    more?: boolean;
    then?: 'speak' | 'wait' | 'auto';
  }): Promise<void> {
    const { callId, name, output, isError = false, more = false, then = 'auto' } = options;
    return this.#ask((cmd) => ({ t: 'answer', cmd, call: callId, name, output, isError, more, then }));
  }

  /** A frame in the vendor's own words; refused where the session speaks another wire. */
  sendEvent(wire: string, frame: unknown): void {
    this.#alive();
    this.#engine.command({ t: 'raw', wire, frame });
  }

  /** Contract's view: a command as it is, answered by `ack` or `refused` among the events. `open` and `close` are the session's own. */
  send(command: Command): void {
    if (this.state === 'closed' || command.t === 'open') return;
    if (command.t === 'close') this.#engine.close(command.reason ?? 'closed by the caller');
    else if (command.t === 'audio') {
      this.pushAudio({ pcm: command.pcm, sampleRateHz: this.capabilities.inputRateHz, channels: 1 });
    } else {
      if (command.t === 'activity' && command.edge !== 'discard') this.#input.flush();
      this.#engine.command(command);
    }
  }

  /** Contract's view: every event, after the session's own listeners. One listener. */
  onEvent(listener: (event: Event) => void): void {
    this.#listener = listener;
  }

  async close(): Promise<void> {
    this.#engine.close('closed by the application');
  }

  #alive(): void {
    if (this.state === 'closed')
      throw new StateError('closed', this.#closeMessage?.message ?? 'The session is closed');
  }

  async #ask(build: (cmd: string) => Command): Promise<void> {
    this.#alive();
    const { cmd, answered } = this.#book.open();
    this.#engine.command(build(cmd));
    await answered;
  }

  async #promiseReply(
    cmd: string,
    command: Command,
    cause: ReplyCause,
    continues?: string,
  ): Promise<GenerationCreated> {
    this.#alive();
    const created = this.#book.openReply(cmd);
    this.#engine.command(command, cause, continues);
    return created;
  }

  /** Before the link is open the opening itself carries it. */
  #configure(patch: Patch): Promise<void> {
    this.#alive();
    for (const key of Object.keys(patch) as (keyof Config)[]) {
      if (this.state === 'open' && this.capabilities.configure[key] !== 'live') {
        const message = `${this.model.provider} cannot change '${key}' while a session is open`;
        return Promise.reject(new UnsupportedError('unsupported', message, { param: key }));
      }
    }
    Object.assign(this.#engine.config, withPatch(this.#engine.config, patch));
    if (this.state === 'connecting') return Promise.resolve();
    return this.#ask((cmd) => ({ t: 'configure', cmd, patch }));
  }

  #onEvent(event: Event): void {
    this.#meter.event(event);
    this.#names.event(event);
    if (event.t === 'ready') {
      this.#sessionId = event.sessionId;
      this.emit('state_changed', { from: 'connecting', to: 'open' });
      this.#settleOpened?.resolve();
    } else if (event.t === 'ack') this.#book.ack(event.cmd);
    else if (event.t === 'refused') this.#onRefused(event);
    else if (event.t === 'closing') this.#onClosing(event);
    this.#listener?.(event);
  }

  #onRefused(event: Extract<Event, { t: 'refused' }>): void {
    const error = providerError(event.code, event.message, this.model.provider, event.param);
    const awaited = event.cmd !== undefined && this.#book.refuse(event.cmd, error);
    if (!awaited && !event.benign) this.emit('error', error);
  }

  #onNotice(notice: EngineNotice): void {
    switch (notice.t) {
      case 'generation': {
        const { reply, response } = notice;
        if (notice.phase === 'created') {
          const created: GenerationCreated = {
            replyId: reply.id,
            responseId: response,
            userInitiated: reply.cause === 'user' || reply.cause === 'tools',
            outOfBand: notice.outOfBand,
            epoch: notice.epoch,
            ...(reply.turn === null ? {} : { turnId: reply.turn }),
          };
          this.emit('generation_created', created);
          if (notice.cmd !== null) this.#book.replied(notice.cmd, created);
        } else {
          const { outcome, reason, calls } = notice;
          this.emit('generation_ended', { replyId: reply.id, responseId: response, outcome, reason, calls });
        }
        return;
      }
      case 'reply_failed': {
        const error = providerError(notice.code, notice.message, this.model.provider);
        if (notice.cmd !== null) {
          this.#book.refuse(notice.cmd, error);
          const { cmd, code, message } = notice;
          this.#listener?.({ t: 'refused', cmd, code, message, benign: code === 'superseded' });
        }
        this.emit('reply_failed', { replyId: notice.reply.id, error });
        return;
      }
      case 'interrupted':
        this.emit('interrupted', { by: notice.by, epoch: notice.epoch, responseId: notice.response });
    }
  }

  #onClosing({ code, disposition, message }: Extract<Event, { t: 'closing' }>): void {
    const error = disposition === 'done' ? undefined : connectionError(code, message, this.model.provider);
    this.#end(
      error ?? new StateError('closed', 'The session was closed'),
      error !== undefined,
      code,
      message,
    );
  }

  #onFailed(error: ReparteeError): void {
    this.#end(error, true, error.code, error.message);
    this.#listener?.({ t: 'closing', code: error.code, disposition: 'fatal', message: error.message });
  }

  #end(error: ReparteeError, tell: boolean, code: string, message: string): void {
    this.#closeMessage = { code, message };
    this.#book.closeAll(error);
    this.#ears?.close();
    this.#settleOpened?.reject(error);
    if (tell) this.emit('error', error);
    this.emit('state_changed', { from: this.#sessionId === undefined ? 'connecting' : 'open', to: 'closed' });
    this.emit('closed', { code, message });
  }
}

import { type ChatContext, RemoteConversation } from '../chat/index.js';
import {
  type AudioFrame,
  type Clock,
  Emitter,
  type Ms,
  type ReparteeError,
  randomIds,
  StateError,
  systemClock,
  UnsupportedError,
} from '../core/index.js';
import type { Capabilities } from './capabilities.js';
import { answerCommand, cutCommand, replyCommand } from './commands.js';
import { withPatch } from './config.js';
import type { Command, Event, Item, Link, Patch, ToolSpec } from './contract.js';
import { CommandBook } from './engine/book.js';
import { Engine } from './engine/engine.js';
import { InputLine } from './engine/input-line.js';
import { LocalEars } from './engine/local-ears.js';
import { GenerationMeter } from './engine/meter.js';
import type { EngineNotice, ReplyCause } from './engine/state.js';
import { EventNames, generationCreated } from './event-names.js';
import type { GenerationCreated, RealtimeEvents, SessionState } from './events.js';
import { connectionError, providerError } from './failures.js';
import { updateChat } from './history.js';
import type { Dialler, FrameTap } from './model.js';
import { rawEvent } from './raw.js';
import type {
  AnswerOptions,
  ChatUpdate,
  GenerateReplyOptions,
  SessionOptions,
  TruncateOptions,
} from './session-options.js';
import { Settings } from './settings.js';

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
  readonly #clock: Clock;
  readonly #settings: Settings;
  readonly #engine: Engine;
  readonly #input: InputLine;
  readonly #ears: LocalEars | undefined;
  readonly #book: CommandBook;
  readonly #meter: GenerationMeter;
  readonly #names: EventNames;
  readonly #remote = new RemoteConversation();
  #listener: ((event: Event) => void) | undefined;
  #sessionId: string | undefined;
  #wasOpen = false;
  #settleOpened: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #end: ReparteeError | undefined;

  constructor(model: Dialler, options: SessionOptions = {}) {
    super();
    this.model = model;
    this.capabilities = model.capabilities;
    this.#clock = options.clock ?? systemClock();
    const ids = options.ids ?? randomIds();
    const config = withPatch(model.defaults, options.config ?? {});
    this.#settings = new Settings(config);
    this.opened = new Promise((resolve, reject) => {
      this.#settleOpened = { resolve, reject };
    });
    // Whoever does not wait for it still hears of the failure by `error` and `closed`.
    this.opened.catch(() => {});
    this.#book = new CommandBook(ids, this.#clock, options.commandTimeoutMs ?? 10_000);
    this.#meter = new GenerationMeter(model, this.#clock, this);
    this.#names = new EventNames(this, this.#remote, model.provider);
    this.#engine = new Engine(
      model,
      {
        config,
        history: options.history ?? [],
        clock: this.#clock,
        ids,
        replyTimeoutMs: options.replyTimeoutMs ?? 10_000,
        openTimeoutMs: options.openTimeoutMs ?? 30_000,
        tap: (direction, frame) => this.#tap(direction, frame),
      },
      {
        event: (event) => this.#onEvent(event),
        notice: (notice) => this.#onNotice(notice),
        sent: (pcm) => this.#ears?.hear(pcm),
        failed: (error) => this.#onFailed(error),
      },
    );
    this.#ears = LocalEars.forModel(model, config, options.vad, ids, (event) => this.#engine.local(event));
    const { inputRateHz } = model.capabilities;
    this.#input = new InputLine(inputRateHz, options.chunkMs ?? 20, (pcm) => this.#engine.audio(pcm));
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

  /** A response runs, or was told to stop and has not ended. */
  get hasActiveGeneration(): boolean {
    const slot = this.#engine.state.slot.is;
    return slot === 'running' || slot === 'ending';
  }

  /** A reply that somebody wants is asked, expected or running, or waits for its turn. */
  get isReplying(): boolean {
    const { slot, waiting, owed } = this.#engine.state;
    if (waiting.length > 0 || owed.length > 0 || slot.is === 'running') return true;
    return (slot.is === 'asked' || slot.is === 'expected') && !slot.unwanted;
  }

  /** Position on the input line: milliseconds of audio sent. */
  get inputMs(): Ms {
    return this.#engine.inputMs;
  }

  /** The window of silence after which a turn ends, where the wire ends it and the setting is known; else 0. */
  get silenceMs(): Ms {
    const { turns } = this.#settings.config;
    return turns.owner === 'wire' ? (turns.silenceMs ?? 0) : 0;
  }

  /** The model writes down what the user says. */
  get transcribes(): boolean {
    return this.#settings.config.transcription !== null && this.capabilities.transcript !== 'none';
  }

  get instructions(): string {
    return this.#settings.config.instructions;
  }

  get tools(): readonly ToolSpec[] {
    return this.#settings.config.tools;
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
    const command = replyCommand(this.#book.newId(), options);
    const { continues, replyId } = options;
    if (continues !== undefined) return this.#promiseReply(command, 'tools', continues);
    return this.#promiseReply(command, 'user', replyId);
  }

  /** Speaks a given text, word for word, where the model can (`capabilities.say`). */
  say(text: string, options: { interruptible?: boolean } = {}): Promise<GenerationCreated> {
    const { interruptible: cuttable = true } = options;
    return this.#promiseReply({ t: 'say', cmd: this.#book.newId(), text, cuttable }, 'user');
  }

  /** Stops what runs, forgets what waits, raises `epoch`. Audio of the stopped response is never emitted again. */
  interrupt(): void {
    this.#alive();
    this.#engine.interrupt();
  }

  /** Stops one reply, or forgets it while it waits; the others go on. Does nothing for one that is over or unknown. */
  cancelReply(replyId: string): void {
    this.#alive();
    this.#engine.cancel(replyId);
  }

  /**
   * Tells the server how much of an item was heard: whole milliseconds of its audio. Where the wire cannot be told
   * (`capabilities.cut`), it resolves all the same, and `remote_item_truncated` says that only this side knows.
   */
  truncate(options: TruncateOptions): Promise<void> {
    return this.#ask((cmd) => cutCommand(cmd, options));
  }

  updateInstructions(instructions: string): Promise<void> {
    return this.updateOptions({ instructions });
  }

  updateTools(tools: readonly ToolSpec[]): Promise<void> {
    return this.updateOptions({ tools: [...tools] });
  }

  /** Before the link is opened the opening itself carries it. Rejects with `unsupported` what the model cannot change later. */
  async updateOptions(patch: Patch): Promise<void> {
    this.#alive();
    if (!this.#engine.isOpening) return this.#settings.apply(patch);
    this.#settings.check(patch, this.capabilities, this.model.provider);
    await this.#ask((cmd) => ({ t: 'configure', cmd, patch }));
  }

  addItem(item: Item, after?: string | null): Promise<void> {
    return this.#ask((cmd) =>
      after === undefined ? { t: 'item.add', cmd, item } : { t: 'item.add', cmd, item, after },
    );
  }

  /** Rejects with `unsupported` where the wire keeps what it has (`capabilities.remove`). */
  async removeItem(itemId: string): Promise<void> {
    this.#alive();
    if (!this.capabilities.remove) {
      const message = `${this.model.provider} cannot remove an item from its conversation`;
      throw new UnsupportedError('unsupported', message);
    }
    await this.#ask((cmd) => ({ t: 'item.remove', cmd, item: itemId }));
  }

  /** Makes the server's conversation equal to `chat`: removes, then adds in order. Resolves with what could not be done. */
  async updateChatCtx(chat: ChatContext): Promise<ChatUpdate> {
    this.#alive();
    return updateChat(this, this.#remote.items, chat);
  }

  /** The result of a tool call. Rejects with `provider_refused` where no answer is owed: given, withdrawn, or of another link. */
  answer(options: AnswerOptions): Promise<void> {
    return this.#ask((cmd) => answerCommand(cmd, options));
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
      this.#command(command);
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
      throw new StateError('closed', this.#end?.message ?? 'The session is closed');
  }

  #command(command: Command, cause?: ReplyCause, replyId?: string): void {
    if (command.t === 'configure') this.#settings.sent(command.cmd, command.patch);
    this.#engine.command(command, cause, replyId);
  }

  async #ask(build: (cmd: string) => Command): Promise<void> {
    this.#alive();
    const cmd = this.#book.newId();
    const answered = this.#book.open(cmd);
    this.#command(build(cmd));
    await answered;
  }

  async #promiseReply(
    command: Extract<Command, { t: 'reply' | 'say' }>,
    cause: ReplyCause,
    replyId?: string,
  ): Promise<GenerationCreated> {
    this.#alive();
    const created = this.#book.openReply(command.cmd);
    this.#command(command, cause, replyId);
    return await created;
  }

  #tap(...[direction, frame]: Parameters<FrameTap>): void {
    const name = direction === 'in' ? 'server_event_received' : 'client_event_queued';
    if (this.has(name)) this.emit(name, rawEvent(frame));
  }

  #onEvent(event: Event): void {
    this.#meter.event(event);
    this.#names.event(event);
    switch (event.t) {
      case 'ready':
        this.#sessionId = event.sessionId;
        this.#wasOpen = true;
        this.#book.linked();
        this.emit('state_changed', { from: 'connecting', to: 'open' });
        this.#settleOpened?.resolve();
        this.#settleOpened = undefined;
        break;
      case 'ack':
        this.#settings.answered(event.cmd, true);
        this.#book.ack(event.cmd);
        break;
      case 'refused':
        this.#onRefused(event);
        break;
      case 'closing':
        this.#onClosing(event);
    }
    this.#listener?.(event);
  }

  #onRefused(event: Extract<Event, { t: 'refused' }>): void {
    const error = providerError(event, this.model.provider);
    if (event.cmd !== undefined) this.#settings.answered(event.cmd, false);
    const isAwaited = event.cmd !== undefined && this.#book.refuse(event.cmd, error);
    if (!isAwaited && !event.benign) this.emit('error', error);
  }

  #onNotice(notice: EngineNotice): void {
    if (notice.t === 'generation' && notice.phase === 'created' && notice.cmd !== null) {
      this.#book.replied(notice.cmd, generationCreated(notice));
    } else if (notice.t === 'reply_failed' && notice.cmd !== null) {
      const { cmd, code, message, param } = notice;
      this.#book.refuse(cmd, providerError(notice, this.model.provider));
      const refused: Event = { t: 'refused', cmd, code, message, benign: code === 'superseded' };
      this.#listener?.(param === undefined ? refused : { ...refused, param });
    }
    this.#names.notice(notice);
  }

  #onClosing({ code, disposition, message }: Extract<Event, { t: 'closing' }>): void {
    if (disposition === 'done') this.#ended(code, message);
    else this.#ended(code, message, connectionError(code, message, this.model.provider));
  }

  #onFailed(error: ReparteeError): void {
    const { code, message } = error;
    this.#ended(code, message, error);
    this.#listener?.({ t: 'closing', code, disposition: 'fatal', message });
  }

  #ended(code: string, message: string, error?: ReparteeError): void {
    this.#end = error ?? new StateError('closed', 'The session was closed');
    this.#book.closeAll(this.#end);
    this.#settings.clear();
    this.#ears?.close();
    this.#settleOpened?.reject(this.#end);
    if (error !== undefined) this.emit('error', error);
    this.emit('state_changed', { from: this.#wasOpen ? 'open' : 'connecting', to: 'closed' });
    this.emit('closed', { code, message, ...(error === undefined ? {} : { error }) });
  }
}

import { ChatContext, fromItem } from '../chat/index.js';
import {
  type AudioFrame,
  type Clock,
  ConfigError,
  Emitter,
  type Ms,
  type ReparteeError,
  randomIds,
  StateError,
  systemClock,
  UnsupportedError,
} from '../core/index.js';
import { none } from '../core/none.js';
import type { Capabilities } from './capabilities.js';
import { ChatEdits } from './chat-edits.js';
import { answerCommand, cutCommand, replyCommand } from './commands.js';
import { withPatch } from './config.js';
import type { Command, Event, Item, Link, Patch, ToolSpec, TurnRule } from './contract.js';
import { type Deferred, deferred } from './deferred.js';
import { CommandBook } from './engine/book.js';
import { Engine, type EngineListener } from './engine/engine.js';
import { InputLine } from './engine/input-line.js';
import { Ledger } from './engine/ledger.js';
import { LocalEars } from './engine/local-ears.js';
import { GenerationMeter } from './engine/meter.js';
import type { EngineNotice, ReplyCause } from './engine/state.js';
import { EventNames, generationCreated } from './event-names.js';
import type { GenerationCreated, RealtimeEvents, SessionState } from './events.js';
import { connectionError, providerError } from './failures.js';
import { checkFrame } from './frame-check.js';
import type { VideoFrame } from './image.js';
import { lineOptions } from './line-options.js';
import type { Dialler } from './model.js';
import { isOfFrames, tellFrame } from './raw.js';
import { type RealtimeCapabilities, realtimeCapabilities } from './realtime-capabilities.js';
import type {
  AnswerOptions,
  ChatUpdate,
  GenerateReplyOptions,
  SessionOptions,
  TruncateOptions,
} from './session-options.js';
import { Settings } from './settings.js';
import { simpleListeners } from './simple-events.js';
import { sortTools, type ToolsUpdate } from './tool-check.js';
import { VideoLine } from './video.js';

/**
 * A conversation with a realtime model, above any link. It connects at once, and again when a link is lost; what is pushed meanwhile is
 * kept (audio: the last `replayMs`). Methods build one command each; events are the contract's, by the ecosystem's names. After `close` (safe to call twice) every
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
  readonly #ledger = new Ledger();
  readonly #replyTimeoutMs: Ms;
  #video: VideoLine | undefined;
  /** Samples that went out since the last commit. */
  #uncommitted = 0;
  /** On this link. */
  #hasSpoken = false;
  #edits: ChatEdits | undefined;
  /** Somebody has wanted to see frames: asked for each of them it would cost. */
  #tellsFrames = false;
  /** Names of simple events that are told. */
  #simple: Set<keyof RealtimeEvents> | undefined;
  #listener: ((event: Event) => void) | undefined;
  #sessionId: string | undefined;
  /** The state that was told last. */
  #told: SessionState = 'connecting';
  #wasOpen = false;
  /** Waits for another connection. */
  #moved: Deferred | undefined;
  #settleOpened: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #end: ReparteeError | undefined;

  /** What the engine tells. In here, because nobody else is to tell it; a class, because functions would be each session's own. */
  static readonly #OfEngine = class implements EngineListener {
    readonly #session: RealtimeSession;

    constructor(session: RealtimeSession) {
      this.#session = session;
    }

    event(event: Event): void {
      this.#session.#onEvent(event);
    }

    notice(notice: EngineNotice): void {
      this.#session.#onNotice(notice);
    }

    heard(pcm: Int16Array): void {
      this.#session.#onHeard(pcm);
    }

    failed(error: ReparteeError): void {
      this.#session.#onFailed(error);
    }
  };

  constructor(model: Dialler, options: SessionOptions = {}) {
    super();
    this.model = model;
    this.capabilities = model.capabilities;
    this.#clock = options.clock ?? systemClock();
    const ids = options.ids ?? randomIds();
    const config = withPatch(model.defaults, options.config ?? {});
    this.#settings = new Settings(config);
    this.#replyTimeoutMs = options.replyTimeoutMs ?? 10_000;
    if (options.video !== undefined) this.#video = new VideoLine(options.video, this.#clock);
    this.opened = new Promise((resolve, reject) => {
      this.#settleOpened = { resolve, reject };
    });
    // Whoever does not wait for it still hears of the failure by `error` and `closed`.
    this.opened.catch(() => {});
    this.#book = new CommandBook(ids, this.#clock, options.commandTimeoutMs ?? 10_000);
    this.#meter = new GenerationMeter(model, this.#clock, this, this.#settings);
    this.#names = new EventNames(this, model.provider);
    this.#engine = new Engine(
      model,
      {
        config,
        history: options.history ?? none,
        clock: this.#clock,
        ids,
        ledger: this.#ledger,
        random: options.random ?? Math.random,
        replyTimeoutMs: this.#replyTimeoutMs,
        openTimeoutMs: options.openTimeoutMs ?? 30_000,
        replayMs: options.replayMs ?? 60_000,
        ...lineOptions(model, options),
        tap: (direction, frame) => {
          if (this.#tellsFrames) tellFrame(this, model.provider, direction, frame);
        },
      },
      new RealtimeSession.#OfEngine(this),
    );
    this.#ears = LocalEars.forModel(model, config, options.vad, ids, (event) => this.#engine.local(event));
    const { inputRateHz } = model.capabilities;
    this.#input = new InputLine(inputRateHz, options.chunkMs ?? 20, (pcm) => {
      this.#uncommitted += pcm.length;
      this.#engine.audio(pcm);
    });
    this.#meter.dialling();
    queueMicrotask(() => this.#engine.connect());
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

  /** A response runs, or was told to stop and has not ended, or one was asked for. */
  get hasActiveGeneration(): boolean {
    const { slot, waiting, responses, aside } = this.#engine.state;
    if (slot.is !== 'free' && slot.is !== 'expected') return true;
    return waiting.length > 0 || Object.keys(responses).length > 0 || Object.keys(aside).length > 0;
  }

  /** A reply that somebody wants is asked, expected or running, or waits for its turn. */
  get isReplying(): boolean {
    const { slot, waiting, owed } = this.#engine.state;
    if (waiting.length > 0 || owed.length > 0 || slot.is === 'running') return true;
    return (slot.is === 'asked' || slot.is === 'expected') && !slot.unwanted;
  }

  /** Position on the input line: milliseconds of audio taken. */
  get inputMs(): Ms {
    return this.#engine.inputMs;
  }

  /** The window of silence after which a turn ends, where the wire ends it and the setting is known; else 0. */
  get silenceMs(): Ms {
    const { turns } = this.#settings.config;
    return turns.owner === 'wire' ? (turns.silenceMs ?? 0) : 0;
  }

  /** Who ends the turns, and whether the wire answers them by itself. */
  get turns(): TurnRule {
    return this.#settings.config.turns;
  }

  /** The model writes down what the user says. */
  get transcribes(): boolean {
    return this.#settings.config.transcription !== null && this.capabilities.transcript !== 'none';
  }

  /** It hears by a local VAD when the user speaks. */
  get hasLocalEars(): boolean {
    return this.#ears !== undefined;
  }

  get instructions(): string {
    return this.#settings.config.instructions;
  }

  get tools(): readonly ToolSpec[] {
    return this.#settings.config.tools;
  }

  /** By the names that the ecosystem knows, as it is set now. */
  get realtimeCapabilities(): RealtimeCapabilities {
    return realtimeCapabilities(this.capabilities, this.#settings.config);
  }

  /** Frames a second that `pushVideo` lets through. */
  get fps(): number {
    return this.#videoLine.fps;
  }

  /** Frames of `pushVideo` that came too soon. */
  get droppedVideoFrames(): number {
    return this.#video?.dropped ?? 0;
  }

  /** The conversation as the server has it, as far as it told us: a copy. */
  get chatCtx(): ChatContext {
    return new ChatContext(this.#ledger.remote.items.flatMap((item) => fromItem(item) ?? []));
  }

  /** What the server holds, as far as it told us. */
  get remoteItems(): readonly Item[] {
    return this.#ledger.remote.items;
  }

  /**
   * The end of the input line that has not been answered and is in writing nowhere: what a session that takes the place of this one must
   * hear, `fromMs` on this session's line, and the turns in it.
   */
  unheard(): { fromMs: Ms; audio: AudioFrame[]; turnIds: string[] } {
    this.#input.flush();
    const sampleRateHz = this.capabilities.inputRateHz;
    const { pieces, turns } = this.#engine.unheard();
    const audio = pieces.map(({ pcm }): AudioFrame => ({ pcm, sampleRateHz, channels: 1 }));
    return { fromMs: pieces[0]?.atMs ?? this.inputMs, audio, turnIds: turns };
  }

  /** Audio of any rate, channels and chunking; sent in chunks of `chunkMs`. The samples must not be changed afterwards. */
  pushAudio(frame: AudioFrame): void {
    this.#alive();
    checkFrame(frame);
    this.#input.push(frame);
  }

  /**
   * A picture of what the user shows: JPEG or PNG, or raw RGBA, which the optional peer `jpeg-js` encodes. At most `fps` a
   * second go out; `false`: this one was dropped. Rejects with `unsupported`, `option_invalid` (no picture, or too large),
   * `peer_missing`, or as the model refused it.
   */
  async pushVideo(frame: VideoFrame): Promise<boolean> {
    this.#alive();
    const { video, history } = this.capabilities;
    if (!video && history === 'opening') this.#unsupported('take a picture');
    const image = await this.#videoLine.take(frame);
    if (image === undefined) return false;
    const { data, mime } = image;
    const item: Item = { kind: 'message', id: '', role: 'user', parts: [{ kind: 'image', mime, data }] };
    await (video
      ? this.#ask((cmd) => ({ t: 'image', cmd, data, mime, atMs: this.inputMs }))
      : this.addItem(item));
    return true;
  }

  /**
   * Ends the turn by hand (`turns.owner === 'caller'`). Resolves when the server has taken the audio as an item. Rejects
   * with `illegal_command` where there is less of it than the server takes (`capabilities.minCommitMs`).
   */
  async commitAudio(): Promise<void> {
    this.#alive();
    this.#input.flush();
    const { minCommitMs = 0, inputRateHz } = this.capabilities;
    const haveMs = (this.#uncommitted * 1_000) / inputRateHz;
    // Where the wire ends the turns nobody here knows what is left of them.
    if (haveMs < minCommitMs && this.#settings.config.turns.owner === 'caller') {
      const message = `${haveMs} ms of audio are not committed yet; ${this.model.provider} takes ${minCommitMs} ms or more`;
      throw new StateError('illegal_command', message);
    }
    await this.#ask((cmd) => ({ t: 'activity', cmd, edge: 'end' }));
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
    const { continues, replyId, timeoutMs } = options;
    const cause = continues === undefined ? 'user' : 'tools';
    return this.#promiseReply(command, cause, continues ?? replyId, timeoutMs);
  }

  /** Says something to the model in writing, and asks for its answer. */
  async simpleResponse(text: string): Promise<GenerationCreated> {
    const item: Item = { kind: 'message', id: '', role: 'user', parts: [{ kind: 'text', text }] };
    const added = this.addItem(item);
    const [created] = await Promise.all([this.generateReply(), added]);
    return created;
  }

  /** Audio for the model to hear and, where the wire ends the turns, to answer: `pushAudio` by its plainer name. */
  simpleAudioResponse(frame: AudioFrame): void {
    this.pushAudio(frame);
  }

  /** Speaks a given text, word for word, where the model can (`capabilities.say`). */
  say(text: string, options: { interruptible?: boolean; replyId?: string } = {}): Promise<GenerationCreated> {
    const { interruptible: cuttable = true, replyId } = options;
    return this.#promiseReply({ t: 'say', cmd: this.#book.newId(), text, cuttable }, 'user', replyId);
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
   * (`capabilities.cut`), it resolves all the same, and `remote_item_truncated` says that only this side knows. An item of
   * text is replaced by the words that were heard, where the wire can remove and add.
   */
  async truncate(options: TruncateOptions): Promise<void> {
    this.#alive();
    const told = this.#chatEdits.cutText(options);
    if (told === undefined) return this.#ask((cmd) => cutCommand(cmd, options));
    const { itemId, heardMs } = options;
    const isTold = await told;
    this.emit('remote_item_truncated', { itemId, heardMs, basis: isTold ? 'wire' : 'sent' });
  }

  updateInstructions(instructions: string): Promise<void> {
    return this.updateOptions({ instructions });
  }

  /** The tools from now on. What no wire would take (a schema that is none of an object) is not sent, but told. */
  async updateTools(tools: readonly ToolSpec[]): Promise<ToolsUpdate> {
    const { good, update } = sortTools(tools);
    await this.updateOptions({ tools: good });
    return update;
  }

  /**
   * Sends what differs from the settings; nothing, where nothing does. Before the link is opened the opening itself carries
   * it. What the wire takes only in an opening (`capabilities.configure`: `reopen`) takes another connection, as `reconnect`
   * makes it; it resolves when that one serves. Rejects before anything is sent: `unsupported` for what cannot be changed any
   * more, `ConfigError` for what the model does not take.
   */
  async updateOptions(patch: Patch): Promise<void> {
    this.#alive();
    const change = this.#settings.changed(patch);
    if (change === undefined) return;
    const isOpening = this.#engine.isOpening;
    if (isOpening) this.#settings.check(change, this.capabilities, this.model.provider, this.#hasSpoken);
    this.model.checkConfig?.(this.#settings.wanted(change));
    if (!isOpening) return this.#settings.apply(change);
    const { live, reopen } = this.#settings.split(change, this.capabilities);
    if (live !== undefined) await this.#ask((cmd) => ({ t: 'configure', cmd, patch: live }));
    if (reopen !== undefined) await this.#reopen(reopen);
  }

  async #reopen(patch: Patch): Promise<void> {
    this.#settings.apply(patch);
    await this.opened;
    // One that was being made already may have been told the settings before.
    while (!this.#engine.hasSettings(patch)) await this.reconnect();
  }

  addItem(item: Item, after?: string | null): Promise<void> {
    return this.#ask((cmd) =>
      after === undefined ? { t: 'item.add', cmd, item } : { t: 'item.add', cmd, item, after },
    );
  }

  /** Rejects with `unsupported` where the wire keeps what it has (`capabilities.remove`). */
  async removeItem(itemId: string): Promise<void> {
    this.#alive();
    if (!this.capabilities.remove) this.#unsupported('remove an item from its conversation');
    await this.#ask((cmd) => ({ t: 'item.remove', cmd, item: itemId }));
  }

  /**
   * Makes the server's conversation equal to `chat` as it is now: removes, then adds in order; one update after the other.
   * Resolves with what was done and what could not be; rejects with `ChatUpdateError`, which carries the same, when the
   * server has not confirmed it within `timeoutMs` (default 5,000). Its audio without words stays.
   */
  async updateChatCtx(
    chat: ChatContext,
    { timeoutMs = 5_000 }: { timeoutMs?: Ms } = {},
  ): Promise<ChatUpdate> {
    this.#alive();
    return this.#chatEdits.update(chat, timeoutMs);
  }

  /**
   * Answers `mcp_approval_requested`. Once all that a reply waits for are answered, it goes on by itself, unless
   * `hostedReply` is `asked`. Rejects with `unsupported`.
   */
  async approve(approvalId: string, approve: boolean, reason?: string): Promise<void> {
    this.#alive();
    if (this.capabilities.hostedTools !== true) this.#unsupported('run tools by itself');
    const more = reason === undefined ? {} : { reason };
    await this.#ask((cmd) => ({ t: 'approve', cmd, approval: approvalId, approve, ...more }));
  }

  /** The result of a tool call, whichever connection it came over. Rejects with `provider_refused` where no answer is owed: given, or withdrawn. */
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

  /** Adds a listener. Simple events (`realtime_…`) are told from the first one on. */
  override on<K extends keyof RealtimeEvents>(
    name: K,
    listener: (event: RealtimeEvents[K]) => void,
  ): () => void {
    this.#tellsFrames ||= isOfFrames(name);
    const listeners = this.#simple?.has(name) ? undefined : simpleListeners(name, this);
    if (listeners !== undefined) {
      this.#simple ??= new Set();
      this.#simple.add(name);
      this.attach(listeners);
    }
    return super.on(name, listener);
  }

  /** Contract's view: every event, after the session's own listeners. One listener. */
  onEvent(listener: (event: Event) => void): void {
    this.#listener = listener;
  }

  /**
   * Goes on over another connection, at the next quiet point or in ten seconds; nothing is lost by it. While one is being
   * made already it waits for that. Resolves when the other one serves; where none can be had it rejects: the session then
   * goes on over the connection that it has, if there is one, or ends with the same error.
   */
  reconnect(): Promise<void> {
    this.#alive();
    this.#moved ??= deferred();
    this.#engine.reconnect();
    return this.#moved.promise;
  }

  async close(): Promise<void> {
    this.#engine.close('closed by the application');
  }

  #alive(): void {
    if (this.state === 'closed')
      throw new StateError('closed', this.#end?.message ?? 'The session is closed');
  }

  #unsupported(what: string): never {
    throw new UnsupportedError('unsupported', `${this.model.provider} cannot ${what}`);
  }

  get #videoLine(): VideoLine {
    this.#video ??= new VideoLine({}, this.#clock);
    return this.#video;
  }

  get #chatEdits(): ChatEdits {
    this.#edits ??= new ChatEdits(this, this.#ledger.remote, this.#clock);
    return this.#edits;
  }

  #command(command: Command, cause?: ReplyCause, replyId?: string, timeoutMs?: Ms): void {
    if (command.t === 'activity' && command.edge !== 'start') this.#uncommitted = 0;
    if (command.t === 'configure') this.#settings.sent(command.cmd, command.patch);
    this.#engine.command(command, cause, replyId, timeoutMs);
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
    timeoutMs?: Ms,
  ): Promise<GenerationCreated> {
    this.#alive();
    if (timeoutMs !== undefined && !(timeoutMs > 0 && timeoutMs <= this.#replyTimeoutMs)) {
      const message = `timeoutMs must be above 0 and no more than the session's ${this.#replyTimeoutMs}`;
      throw new ConfigError('option_invalid', message, { param: 'timeoutMs' });
    }
    const created = this.#book.openReply(command.cmd);
    this.#command(command, cause, replyId, timeoutMs);
    return await created;
  }

  #onHeard(pcm: Int16Array): void {
    this.#ears?.hear(pcm);
    if (!this.has('realtime_audio_input')) return;
    this.emit('realtime_audio_input', { pcm, sampleRateHz: this.capabilities.inputRateHz, channels: 1 });
  }

  /** Every frame passes here. */
  #onAudio(event: Extract<Event, { t: 'audio' }>): void {
    const { response: responseId, item: itemId, part, pcm } = event;
    this.#meter.output(responseId);
    this.#hasSpoken = true;
    const audio = { responseId, itemId, part, pcm };
    for (const ears of this.attached) {
      // The method is named here: engines find it faster than one whose name they are given.
      if (ears.generation_audio !== undefined) {
        this.call('generation_audio', ears, ears.generation_audio, audio);
      }
    }
    this.tellListeners('generation_audio', audio);
    this.#listener?.(event);
  }

  #onEvent(event: Event): void {
    if (event.t === 'audio') return this.#onAudio(event);
    this.#meter.event(event);
    this.#names.event(event);
    switch (event.t) {
      case 'ready':
        this.#hasSpoken = false;
        this.#sessionId = event.sessionId;
        // A link after the first is a matter of the session's own.
        if (this.#wasOpen) return;
        this.#wasOpen = true;
        this.#book.linked();
        this.#tellState('open');
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
    if (notice.t === 'lost') this.#onLost();
    else if (notice.t === 'relinked') this.#onRelinked(notice);
    else if (notice.t === 'not_moved') this.#onNotMoved(notice);
    else if (notice.t === 'generation' && notice.phase === 'created' && notice.cmd !== null) {
      this.#book.replied(notice.cmd, generationCreated(notice));
    } else if (notice.t === 'reply_failed' && notice.cmd !== null) {
      const { cmd, code, message, param } = notice;
      this.#book.refuse(cmd, providerError(notice, this.model.provider));
      const refused: Event = { t: 'refused', cmd, code, message, benign: code === 'superseded' };
      this.#listener?.(param === undefined ? refused : { ...refused, param });
    }
    this.#names.notice(notice);
  }

  #tellState(to: SessionState): void {
    const from = this.#told;
    this.#told = to;
    this.emit('state_changed', { from, to });
  }

  #onLost(): void {
    this.#book.unlinked();
    this.#meter.dialling();
    this.#tellState('reconnecting');
  }

  #onRelinked({
    tries,
    gapMs,
    replayedMs,
    isFirst,
    wasLost,
  }: Extract<EngineNotice, { t: 'relinked' }>): void {
    this.#moved?.resolve();
    this.#moved = undefined;
    if (isFirst) return;
    if (wasLost) {
      this.#book.linked();
      this.#tellState('open');
    }
    this.emit('session_reconnected', {
      attempt: tries + 1,
      gapMs,
      replayedMs,
      resumed: this.#engine.hasResumed,
    });
  }

  /** The session goes on over the link that it has; whoever asked for another one is told, else everybody. */
  #onNotMoved({ failure: { code, message, error } }: Extract<EngineNotice, { t: 'not_moved' }>): void {
    const why = error ?? connectionError(code, message, this.model.provider);
    const moved = this.#moved;
    this.#moved = undefined;
    if (moved === undefined) this.emit('error', why);
    else moved.reject(why);
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
    this.#moved?.reject(this.#end);
    this.#moved = undefined;
    this.#settings.clear();
    this.#ears?.close();
    this.#settleOpened?.reject(this.#end);
    if (error !== undefined) this.emit('error', error);
    this.#tellState('closed');
    this.emit('closed', { code, message, ...(error === undefined ? {} : { error }) });
  }
}

import { seedItems } from '../chat/index.js';
import {
  type AudioOutput,
  type Clock,
  Emitter,
  type Ids,
  type Ms,
  type ReparteeError,
  Runner,
  randomIds,
  StateError,
  systemClock,
  type Transport,
  toReparteeError,
} from '../core/index.js';
import type { RealtimeSession, ToolsUpdate } from '../realtime/index.js';
import type { Agent } from './agents/agent.js';
import { Cast } from './agents/cast.js';
import type { HandoffOptions } from './agents/handoff.js';
import { firstAgent, type Restored, restoredFrom } from './agents/restore.js';
import { type SessionSnapshot, snapshotOf } from './agents/snapshot.js';
import type { AgentTask } from './agents/task.js';
import { CallerChannels } from './channels/caller-channels.js';
import { Conversation } from './conversation.js';
import { Idle } from './ears/idle.js';
import { InputPath } from './ears/input-path.js';
import { Listening } from './ears/listening.js';
import type { SessionTranscripts } from './ears/transcripts.js';
import type { TurnDetection } from './ears/turn-rule.js';
import type { CommitTurnOptions, EndpointUpdate, StartTurnOptions } from './ears/turn-taking.js';
import type { AgentEvents } from './events.js';
import {
  type AgentActivity,
  type AgentEffect,
  type AgentInput,
  type AgentMachineState,
  agentState,
  type UserActivity,
} from './machine/state.js';
import { agentStep, goesOn, isForCaller } from './machine/step.js';
import { MixedOutput } from './mouth/mixed-output.js';
import type { SayOptions, SayText } from './mouth/say-options.js';
import { Speaking } from './mouth/speaking.js';
import type { SpeechHandle } from './mouth/speech-handle.js';
import { Speeches } from './mouth/speeches.js';
import { Performer } from './performer.js';
import { InterruptionPolicy } from './policy/interruption-policy.js';
import type { SessionHistory } from './session-history.js';
import type { BareInput, SessionHost } from './session-host.js';
import {
  type AgentSessionOptions,
  checkOptions,
  policyOf,
  type ReplyOptions,
  type RestoreOptions,
  type StartOptions,
} from './session-options.js';
import { logSession } from './telemetry/log-session.js';
import { ToolDesk } from './tools/desk.js';
import type { ToolEntry } from './tools/source.js';
import { Accounts, type SessionUsage } from './usage/accounts.js';
import type { CallLimits } from './usage/limits/call-limits.js';
import { sessionLimits } from './usage/limits/session-limits.js';
import { CallMeter } from './usage/meter/call-meter.js';
import type { CallMetrics } from './usage/meter/metrics.js';

/**
 * A call: a transport on one side, a model on the other, an agent in charge. It lasts from `start` until `close`, the
 * transport's end or the model's. Events: `AgentEvents`. Methods called before `start` has resolved throw `StateError`
 * `not_started`, those called after the end `closed`.
 */
export class AgentSession extends Emitter<AgentEvents> {
  readonly #options: AgentSessionOptions;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #runner: Runner<AgentMachineState, AgentInput, AgentEffect>;
  readonly #conversation: Conversation;
  readonly #speeches: Speeches;
  readonly #path: InputPath;
  readonly #listening: Listening;
  readonly #idle: Idle | undefined;
  readonly #speaking: Speaking;
  readonly #host: SessionHost;
  readonly #cast: Cast;
  readonly #channels: CallerChannels;
  readonly #toolDesk: ToolDesk;
  readonly #accounts: Accounts;
  readonly #meter: CallMeter;
  readonly #limits: CallLimits | undefined;
  readonly #policy: InterruptionPolicy | undefined;
  #phase: 'new' | 'starting' | 'running' | 'closed' = 'new';
  #restored: Restored | undefined;
  #transport: Transport | undefined;
  #performer: Performer | undefined;
  #mixer: MixedOutput | undefined;
  #ended: Promise<void> | undefined;

  /** ConfigError `options_conflict`, also where `allowInterruptions` is false and the model is known to stop at any voice. */
  constructor(options: AgentSessionOptions) {
    super();
    this.#options = options;
    this.#clock = options.clock ?? systemClock();
    this.#ids = options.ids ?? randomIds();
    checkOptions(options);
    const state = agentState({
      interruptible: (options.allowInterruptions ?? true) && policyOf(options) === undefined,
      weighsCuts: policyOf(options) !== undefined,
      ...(options.maxToolSteps === undefined ? {} : { maxToolSteps: options.maxToolSteps }),
    });
    const emit: SessionHost['emit'] = (name, event) => this.emit(name, event);
    const meter = new CallMeter(this.#clock, (metrics) => {
      emit('metrics_collected', metrics);
      if (metrics.type === 'turn') this.#limits?.answered();
    });
    this.#meter = meter;
    this.attach(meter);
    const runner = new Runner(state, meter.watching(agentStep), (effects) => {
      for (const effect of effects) this.#performer?.perform(effect);
      if (effects.length > 0) this.#performer?.performed();
      meter.flush();
    });
    this.#runner = runner;
    this.#conversation = new Conversation(this.#clock, this.#ids, emit);
    this.#speeches = new Speeches((reply) => this.#input({ t: 'interrupt_reply', reply }), emit);
    this.#path = new InputPath((frame) => {
      const model = this.#cast.models.side?.realtime;
      if (model !== undefined && model.state !== 'closed') model.pushAudio(frame);
    });
    this.#accounts = new Accounts({
      clock: this.#clock,
      prices: options.prices ?? {},
      audio: () => ({ inMs: this.#path.positionMs, outMs: state.playout.playedMs }),
      updated: (usage) => {
        emit('usage_updated', usage);
        this.#limits?.used(usage);
      },
    });
    this.#host = {
      accounts: this.#accounts,
      meter,
      clock: this.#clock,
      ids: this.#ids,
      conversation: this.#conversation,
      speeches: this.#speeches,
      path: this.#path,
      get speaking() {
        return speaking;
      },
      listening: () => this.#listening,
      state,
      model: () => this.realtime,
      get cast() {
        return cast;
      },
      engine: () => cast.models.side?.engine,
      agent: () => this.#cast.current,
      tools: () => this.#cast.current?.tools ?? [],
      get toolDesk() {
        return toolDesk;
      },
      instructions: () => this.#cast.current?.instructions ?? '',
      reply: (replyOptions) => this.#speaking.reply(replyOptions),
      say: (text, sayOptions) => this.say(text, sayOptions),
      events: this,
      holds: new Set(),
      hasKeypad: () => this.#transport?.dtmf !== undefined,
      emit,
      get isDeciding() {
        return runner.isRunning;
      },
      input: (input) => this.#input(input),
      play: (response, item, part, pcm) => {
        if (isForCaller(state, response)) this.#performer?.play(response, item, part, pcm);
      },
      written: (item, part, durationMs) => this.#written(item, part, durationMs),
      modelClosed: (message, error) => void this.#close(message, error),
    };
    const cast = new Cast({ session: this, host: this.#host, ids: this.#ids }, options);
    this.#cast = cast;
    if (options.logger !== undefined) logSession(this, options.logger);
    if (options.limits !== undefined) this.#limits = sessionLimits(options.limits, this, this.#clock);
    const policy = policyOf(options);
    this.#policy = policy === undefined ? undefined : new InterruptionPolicy(this.#host, policy);
    this.#channels = new CallerChannels(this.#host, options.dtmf ?? {}, (text) => void this.sendText(text));
    this.#listening = new Listening(this.#host, options);
    const { userAwayTimeoutMs, idlePrompts } = options;
    if (userAwayTimeoutMs !== undefined || idlePrompts !== undefined) {
      this.#idle = new Idle(this.#host, options, (reason) => void this.#close(reason));
    }
    const toolDesk = new ToolDesk(this.#host, options.toolDefaults ?? {});
    this.#toolDesk = toolDesk;
    this.#conversation.history.connect({
      model: () => this.#running().model,
      respond: () => this.generateReply(),
      appended: (item) => emit('conversation_item_added', { item }),
      failed: (error) => emit('error', toReparteeError(error, 'provider_refused')),
    });
    const speaking = new Speaking(this.#host, options, () => this.#performer?.mouth);
    this.#speaking = speaking;
  }

  get agentState(): AgentActivity {
    return this.#runner.state.agent;
  }

  get userState(): UserActivity {
    return this.#runner.state.user;
  }

  get isClosed(): boolean {
    return this.#phase === 'closed';
  }

  /** It has started and not ended. */
  get isRunning(): boolean {
    return this.#phase === 'running';
  }

  get currentAgent(): Agent | undefined {
    return this.#cast.current;
  }

  /** What was said and heard, by both sides, in the order of speaking; what nobody said can be added. */
  get history(): SessionHistory {
    return this.#conversation.history;
  }

  /** What each ear understood of the caller, turn by turn. */
  get transcripts(): SessionTranscripts {
    return this.#listening.transcripts;
  }

  /** What was measured of the call so far. */
  get metrics(): CallMetrics {
    return this.#meter.metrics;
  }

  /** What the call has used so far, and what it costs. */
  get usage(): SessionUsage {
    return this.#accounts.usage;
  }

  /** The model's session, once started: for what only it can do. StateError `not_started` before. */
  get realtime(): RealtimeSession {
    const { side } = this.#cast.models;
    if (side === undefined) throw new StateError('not_started', 'The session has not been started');
    return side.realtime;
  }

  /**
   * A session that goes on where another one was, in another process as well: its history, its agents by name, what they have kept,
   * and what it had used. Start it with a transport; agents get `onRestore` instead of `onEnter`. ConfigError `option_invalid` with the path at
   * fault (`param`) where that is no snapshot, or names an agent that is not there.
   */
  static restore(snapshot: unknown, { agents, ...options }: RestoreOptions): AgentSession {
    const session = new AgentSession(options);
    const restored = restoredFrom(snapshot, agents);
    session.#restored = restored;
    session.#conversation.load(restored.history);
    session.#accounts.carryOver(restored.usage);
    return session;
  }

  /**
   * The call as plain JSON, for `restore`: also after its end. StateError `not_started` before its start. ConfigError `option_invalid`
   * where an agent keeps something that JSON cannot carry.
   */
  snapshot(): SessionSnapshot {
    const { line } = this.#cast;
    if (line.length === 0) throw new StateError('not_started', 'The session has not been started');
    return snapshotOf({
      history: this.history,
      spoken: (item) => this.#conversation.spoken(item),
      line,
      usage: this.usage.models,
      wallMs: this.#clock.wallNow(),
    });
  }

  /**
   * Connects both sides and lets the agent in. Resolves when audio flows and `onEnter` has resolved; what the caller
   * says meanwhile is kept. Rejects (and closes) when the model or the transport cannot be had, or `onEnter` rejects.
   * StateError `already_started` the second time, or where the agent is in another session.
   */
  async start({ agent, transport, chatCtx }: StartOptions): Promise<void> {
    if (this.#phase !== 'new') throw new StateError('already_started', 'A session can be started once');
    const restored = this.#restored;
    const first = firstAgent(agent, restored);
    this.#cast.appoint(restored?.line.map((one) => one.agent) ?? [first]);
    this.#phase = 'starting';
    this.#transport = transport;
    try {
      if (chatCtx !== undefined) this.#conversation.load(chatCtx);
      const opened = this.#cast.models.open(first, seedItems(this.history.items));
      transport.onClosed((error) => void this.#close(error?.message ?? 'the caller left', error));
      await Promise.all([this.#openTransport(transport), opened]);
      if (this.isClosed) throw new StateError('closed', 'The session was closed while it started');
      this.#phase = 'running';
      this.#meter.start();
      this.#limits?.start();
      this.#input({ t: 'refresh' });
      this.#channels.begin();
      await (restored === undefined ? first.onEnter() : this.#cast.resume(restored.line));
    } catch (thrown) {
      await this.#close('could not start', toReparteeError(thrown, 'listener_threw', 'onEnter: '));
      throw thrown;
    }
  }

  /**
   * Asks the agent to speak. Queued behind what was asked for before. What goes wrong is an `error` event; the handle then ends.
   * ConfigError `option_invalid`, StateError `illegal_command` where 64 speeches wait already, UnsupportedError `unsupported` for
   * `allowInterruptions: false` with a model that stops at any voice.
   */
  generateReply(options: ReplyOptions = {}): SpeechHandle {
    this.#running();
    return this.#speaking.reply(options);
  }

  /**
   * Says given words, whole or as they come: recorded (`audio`), by the model's own voice where it has one for given words, by
   * the session's `tts`, or by asking the model for them, which the handle tells (`verbatim`) and `strict` refuses
   * (UnsupportedError `unsupported`). Queued behind what was asked for before, and refused as `generateReply` is.
   */
  say(text: SayText, options: SayOptions = {}): SpeechHandle {
    this.#running();
    return this.#speaking.say(text, options);
  }

  /**
   * What the caller writes instead of saying it, and the agent's answer. It interrupts as a voice does (`interrupt`, default
   * `allowInterruptions`), or waits until the agent has said what it is saying.
   */
  sendText(text: string, { interrupt }: { interrupt?: boolean } = {}): SpeechHandle {
    this.#running();
    const { allowInterruptions = true } = this.#options;
    if (interrupt ?? allowInterruptions) this.#input({ t: 'interrupt', by: 'user' });
    const speech = this.generateReply({ userInput: text });
    // A turn like one that is spoken.
    void speech.waitForPlayout().then(() => this.#limits?.answered());
    return speech;
  }

  /**
   * By hand, with `turnDetection: 'manual'`: the user's turn begins, now or `preRollMs` ago, and the agent is interrupted where it
   * may be. Gives the turn's id; of the one under way, where there is one. StateError `illegal_command` in another mode.
   */
  startUserTurn(options: StartTurnOptions = {}): string {
    this.#running();
    return this.#listening.turns.start(options);
  }

  /**
   * By hand: what the user said is a turn, also in the middle of a word, and is answered (unless `reply` is false). Resolves with
   * the turn's id when the model has it; undefined where there was nothing, or less than a model takes: that is dropped. StateError
   * `illegal_command` where the model ends the turns.
   */
  async commitUserTurn(options: CommitTurnOptions = {}): Promise<string | undefined> {
    this.#running();
    return this.#listening.turns.commit(options);
  }

  /**
   * By hand: what the user said since the last turn is none, and is forgotten. StateError `illegal_command` where the model ends
   * the turns.
   */
  async clearUserTurn(): Promise<void> {
    this.#running();
    await this.#listening.turns.clear();
  }

  /**
   * Who ends the turns from now on; one under way is ended as it is. Rejects with ConfigError `option_invalid` where its ears are
   * missing, `unsupported` where the model's settings cannot be changed so.
   */
  async updateTurnDetection(turnDetection: TurnDetection): Promise<void> {
    const { agent } = this.#running();
    await this.#cast.models.updateTurns(agent, { turnDetection });
  }

  /** When a pause is the end of a turn, from now on, where this side ends them: other delays, another language, digits to come. */
  updateEndpointing(rules: EndpointUpdate): void {
    this.#running();
    this.#listening.turns.update(rules);
  }

  /**
   * Stops the agent now: playout cleared, the model told how much was heard. With nothing under way nobody is told. Speeches
   * that allow no interruptions go on, unless by `force`.
   */
  interrupt({ force = false }: { force?: boolean } = {}): void {
    this.#running();
    this.#input({ t: 'interrupt', force });
  }

  /** `Agent.updateTools` of the agent in charge. */
  updateTools(tools: readonly ToolEntry[]): Promise<ToolsUpdate> {
    return this.#running().agent.updateTools(tools);
  }

  /**
   * Says yes or no to `tool_approval_requested`; the model is told a no with its reason. StateError `illegal_command` where no such call
   * waits for it (any more).
   */
  approveTool(callId: string, approved: boolean, reason = ''): void {
    this.#running();
    this.#toolDesk.approve(callId, approved, reason);
  }

  /**
   * Another agent in charge, with its instructions, tools and voice, or its own engine: what the one before was asked for it says
   * itself (`leave`), what the caller says meanwhile is kept for the next. Resolves when its `onEnter` has. Rejects with
   * `handoff_failed`, `cause` says why; the agent before is in charge then as if nothing had been asked. StateError `already_started` for an
   * agent that is in another session.
   */
  async updateAgent(agent: Agent, options: HandoffOptions = {}): Promise<void> {
    this.#running();
    await this.#cast.replace(agent, options);
  }

  /** A task in charge until it is done. Use `AgentTask.run`, which gives its result. */
  async runTask<Result>(task: AgentTask<Result>, options: HandoffOptions = {}): Promise<void> {
    this.#running();
    await this.#cast.perform(task, options);
  }

  /**
   * Ends the call: both sides are let go, running tools aborted, handles ended, the history is final; then the agent's
   * `onExit` gets five seconds. Safe to call twice; resolves when all that is done.
   */
  async close(reason = 'closed by the application'): Promise<void> {
    await this.#close(reason);
  }

  async #openTransport(transport: Transport): Promise<void> {
    await transport.start();
    if (this.isClosed) return;
    const base = this.#mixed(transport.output);
    const output = this.#policy?.output(base) ?? base;
    const performer = new Performer(this.#host, output);
    this.#performer = performer;
    output.onPlayback((report) => performer.report(report));
    this.#channels.open(transport, () => this.realtime);
    this.#path.begin(transport.input.sampleRateHz);
    this.#policy?.begin();
    this.#listening.begin();
    transport.input.onAudio((pcm) => this.#path.frame(pcm));
  }

  /** With the sounds of `background` beneath it, where there are any. */
  #mixed(output: AudioOutput): AudioOutput {
    const { background } = this.#options;
    if (background === undefined) return output;
    const mixed = new MixedOutput(output, this.#clock, background);
    this.attach({ agent_state_changed: ({ to }) => mixed.thinks(to === 'thinking') });
    mixed.begin();
    this.#mixer = mixed;
    return mixed;
  }

  #running(): { model: RealtimeSession; agent: Agent } {
    if (this.isClosed) throw new StateError('closed', 'The session is closed');
    const [model, agent] = [this.#cast.models.side?.realtime, this.#cast.current];
    if (this.#phase !== 'running' || model === undefined || agent === undefined) {
      throw new StateError('not_started', 'The session has not been started');
    }
    return { model, agent };
  }

  /** The input is the runner's from here on: it is made whole in place. */
  #input(input: BareInput): void {
    if (this.isClosed) return;
    const whole = input as AgentInput;
    whole.atMs = this.#clock.now();
    whole.replying = this.#cast.models.side?.realtime.isReplying ?? false;
    this.#runner.input(whole);
    this.#cast.stepped();
  }

  /** One input for every frame of the agent's voice: built at once, not spread. */
  #written(item: string, part: number, durationMs: Ms): void {
    if (this.isClosed) return;
    if (!this.#runner.isRunning && goesOn(this.#runner.state, item, part, durationMs)) return;
    const replying = this.#cast.models.side?.realtime.isReplying ?? false;
    this.#runner.input({ t: 'audio', item, part, durationMs, atMs: this.#clock.now(), replying });
  }

  #close(reason: string, error?: ReparteeError): Promise<void> {
    if (this.#ended !== undefined) return this.#ended;
    const hasEntered = this.#phase === 'running';
    this.#phase = 'closed';
    let end = () => {};
    // Set first: what is closed below calls back.
    this.#ended = new Promise((resolve) => {
      end = resolve;
    });
    void this.#letGo(reason, hasEntered).then(() => {
      this.emit('call_metrics', this.metrics);
      this.emit('close', { reason, ...(error === undefined ? {} : { error }) });
      end();
    });
    return this.#ended;
  }

  async #letGo(reason: string, hasEntered: boolean): Promise<void> {
    this.#channels.close();
    this.#limits?.close();
    this.#performer?.close();
    this.#policy?.close();
    this.#mixer?.close();
    this.#toolDesk.close();
    const gone = Promise.allSettled([this.#cast.close(), this.#transport?.close(reason)]);
    this.#runner.input({ t: 'over', atMs: this.#clock.now(), replying: false });
    this.#idle?.close();
    this.#listening.close();
    this.#conversation.close();
    this.#speeches.endAll();
    await gone;
    if (hasEntered) await this.#cast.leave();
    this.#cast.dismiss();
  }
}

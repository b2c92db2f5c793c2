import { seedItems } from '../chat/index.js';
import {
  type Clock,
  Emitter,
  type Ids,
  type ReparteeError,
  randomIds,
  StateError,
  systemClock,
  toReparteeError,
} from '../core/index.js';
import type { RealtimeSession, ToolsUpdate } from '../realtime/index.js';
import type { Agent } from './agents/agent.js';
import type { HandoffOptions } from './agents/handoff.js';
import { firstAgent, type Restored, restoredFrom } from './agents/restore.js';
import { type SessionSnapshot, snapshotOf } from './agents/snapshot.js';
import type { AgentTask } from './agents/task.js';
import { Call, type CallOwner } from './call.js';
import type { SessionTranscripts } from './ears/transcripts.js';
import type { TurnDetection } from './ears/turn-rule.js';
import type { CommitTurnOptions, EndpointUpdate, StartTurnOptions } from './ears/turn-taking.js';
import type { AgentEvents } from './events.js';
import type { AgentActivity, UserActivity } from './machine/state.js';
import type { SayOptions, SayText } from './mouth/say-options.js';
import type { SpeechHandle } from './mouth/speech-handle.js';
import type { SessionHistory } from './session-history.js';
import {
  type AgentSessionOptions,
  checkOptions,
  type ReplyOptions,
  type RestoreOptions,
  type StartOptions,
} from './session-options.js';
import { logSession } from './telemetry/log-session.js';
import type { ToolEntry } from './tools/source.js';
import type { SessionUsage } from './usage/accounts.js';
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
  readonly #call: Call;
  #phase: 'new' | 'starting' | 'running' | 'closed' = 'new';
  #restored: Restored | undefined;
  #ended: Promise<void> | undefined;

  /** ConfigError `options_conflict`, also where `allowInterruptions` is false and the model is known to stop at any voice. */
  constructor(options: AgentSessionOptions) {
    super();
    checkOptions(options);
    this.#options = options;
    this.#clock = options.clock ?? systemClock();
    this.#ids = options.ids ?? randomIds();
    const owner: CallOwner = {
      session: this,
      clock: this.#clock,
      ids: this.#ids,
      end: (reason, error) => void this.#close(reason, error),
    };
    this.#call = new Call(owner, options);
    if (options.logger !== undefined) logSession(this, options.logger);
  }

  get agentState(): AgentActivity {
    return this.#call.state.agent;
  }

  get userState(): UserActivity {
    return this.#call.state.user;
  }

  get isClosed(): boolean {
    return this.#phase === 'closed';
  }

  /** It has started and not ended. */
  get isRunning(): boolean {
    return this.#phase === 'running';
  }

  get currentAgent(): Agent | undefined {
    return this.#call.cast.current;
  }

  /** What was said and heard, by both sides, in the order of speaking; what nobody said can be added. */
  get history(): SessionHistory {
    return this.#call.conversation.history;
  }

  /** What each ear understood of the caller, turn by turn. */
  get transcripts(): SessionTranscripts {
    return this.#call.listening().transcripts;
  }

  /** What was measured of the call so far. */
  get metrics(): CallMetrics {
    return this.#call.meter.metrics;
  }

  /** What the call has used so far, and what it costs. */
  get usage(): SessionUsage {
    return this.#call.accounts.usage;
  }

  /** The model's session, once started: for what only it can do. StateError `not_started` before. */
  get realtime(): RealtimeSession {
    const { side } = this.#call.cast.models;
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
    session.#call.conversation.load(restored.history);
    session.#call.accounts.carryOver(restored.usage);
    return session;
  }

  /**
   * The call as plain JSON, for `restore`: also after its end. StateError `not_started` before its start. ConfigError `option_invalid`
   * where an agent keeps something that JSON cannot carry.
   */
  snapshot(): SessionSnapshot {
    const { line } = this.#call.cast;
    if (line.length === 0) throw new StateError('not_started', 'The session has not been started');
    return snapshotOf({
      history: this.history,
      spoken: (item) => this.#call.conversation.spoken(item),
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
    this.#call.cast.appoint(restored?.line.map((one) => one.agent) ?? [first]);
    this.#phase = 'starting';
    try {
      if (chatCtx !== undefined) this.#call.conversation.load(chatCtx);
      await this.#call.open(transport, first, seedItems(this.history.items));
      if (this.isClosed) throw new StateError('closed', 'The session was closed while it started');
      this.#phase = 'running';
      this.#call.begin();
      await (restored === undefined ? first.onEnter() : this.#call.cast.resume(restored.line));
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
    return this.#call.speaking.reply(options);
  }

  /**
   * Says given words, whole or as they come: recorded (`audio`), by the model's own voice where it has one for given words, by
   * the session's `tts`, or by asking the model for them, which the handle tells (`verbatim`) and `strict` refuses
   * (UnsupportedError `unsupported`). Queued behind what was asked for before, and refused as `generateReply` is.
   */
  say(text: SayText, options: SayOptions = {}): SpeechHandle {
    this.#running();
    return this.#call.speaking.say(text, options);
  }

  /**
   * What the caller writes instead of saying it, and the agent's answer. It interrupts as a voice does (`interrupt`, default
   * `allowInterruptions`), or waits until the agent has said what it is saying.
   */
  sendText(text: string, { interrupt }: { interrupt?: boolean } = {}): SpeechHandle {
    this.#running();
    const { allowInterruptions = true } = this.#options;
    if (interrupt ?? allowInterruptions) this.#call.input({ t: 'interrupt', by: 'user' });
    const speech = this.generateReply({ userInput: text });
    // A turn like one that is spoken.
    void speech.waitForPlayout().then(() => this.#call.limits?.answered());
    return speech;
  }

  /**
   * By hand, with `turnDetection: 'manual'`: the user's turn begins, now or `preRollMs` ago, and the agent is interrupted where it
   * may be. Gives the turn's id; of the one under way, where there is one. StateError `illegal_command` in another mode.
   */
  startUserTurn(options: StartTurnOptions = {}): string {
    this.#running();
    return this.#call.listening().turns.start(options);
  }

  /**
   * By hand: what the user said is a turn, also in the middle of a word, and is answered (unless `reply` is false). Resolves with
   * the turn's id when the model has it; undefined where there was nothing, or less than a model takes: that is dropped. StateError
   * `illegal_command` where the model ends the turns.
   */
  async commitUserTurn(options: CommitTurnOptions = {}): Promise<string | undefined> {
    this.#running();
    return this.#call.listening().turns.commit(options);
  }

  /**
   * By hand: what the user said since the last turn is none, and is forgotten. StateError `illegal_command` where the model ends
   * the turns.
   */
  async clearUserTurn(): Promise<void> {
    this.#running();
    await this.#call.listening().turns.clear();
  }

  /**
   * Who ends the turns from now on; one under way is ended as it is. Rejects with ConfigError `option_invalid` where its ears are
   * missing, `unsupported` where the model's settings cannot be changed so.
   */
  async updateTurnDetection(turnDetection: TurnDetection): Promise<void> {
    const { agent } = this.#running();
    await this.#call.cast.models.updateTurns(agent, { turnDetection });
  }

  /** When a pause is the end of a turn, from now on, where this side ends them: other delays, another language, digits to come. */
  updateEndpointing(rules: EndpointUpdate): void {
    this.#running();
    this.#call.listening().turns.update(rules);
  }

  /**
   * Stops the agent now: playout cleared, the model told how much was heard. With nothing under way nobody is told. Speeches
   * that allow no interruptions go on, unless by `force`.
   */
  interrupt({ force = false }: { force?: boolean } = {}): void {
    this.#running();
    this.#call.input({ t: 'interrupt', force });
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
    this.#call.toolDesk.approve(callId, approved, reason);
  }

  /**
   * Another agent in charge, with its instructions, tools and voice, or its own engine: what the one before was asked for it says
   * itself (`leave`), what the caller says meanwhile is kept for the next. Resolves when its `onEnter` has. Rejects with
   * `handoff_failed`, `cause` says why; the agent before is in charge then as if nothing had been asked. StateError `already_started` for an
   * agent that is in another session.
   */
  async updateAgent(agent: Agent, options: HandoffOptions = {}): Promise<void> {
    this.#running();
    await this.#call.cast.replace(agent, options);
  }

  /** A task in charge until it is done. Use `AgentTask.run`, which gives its result. */
  async runTask<Result>(task: AgentTask<Result>, options: HandoffOptions = {}): Promise<void> {
    this.#running();
    await this.#call.cast.perform(task, options);
  }

  /**
   * Ends the call: both sides are let go, running tools aborted, handles ended, the history is final; then the agent's
   * `onExit` gets five seconds. Safe to call twice; resolves when all that is done.
   */
  async close(reason = 'closed by the application'): Promise<void> {
    await this.#close(reason);
  }

  #running(): { model: RealtimeSession; agent: Agent } {
    if (this.isClosed) throw new StateError('closed', 'The session is closed');
    const [model, agent] = [this.#call.cast.models.side?.realtime, this.#call.cast.current];
    if (this.#phase !== 'running' || model === undefined || agent === undefined) {
      throw new StateError('not_started', 'The session has not been started');
    }
    return { model, agent };
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
    const { cast } = this.#call;
    await this.#call.close(reason);
    if (hasEntered) await cast.leave();
    cast.dismiss();
  }
}

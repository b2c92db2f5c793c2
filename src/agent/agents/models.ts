import { ChatContext, type ChatItem, isEmptyMessage, seedItems } from '../../chat/index.js';
import {
  type Ms,
  type ReparteeError,
  StateError,
  toReparteeError,
  UnsupportedError,
} from '../../core/index.js';
import { allBut, none } from '../../core/none.js';
import { type AnswerOptions, type Item, RealtimeModel, type RealtimeSession } from '../../realtime/index.js';
import type { AgentSession } from '../session.js';
import type { SessionHost } from '../session-host.js';
import { type AgentSessionOptions, modelConfig, turnsOf } from '../session-options.js';
import type { Agent } from './agent.js';
import { type Engine, type EngineParts, Engines, partsOf } from './engines.js';
import { type Carry, carried, type HandoffOptions } from './handoff.js';
import { ModelSide } from './model-side.js';
import { planOf } from './plan.js';
import { isQuiet, type Waits } from './quiet.js';
import { Settings } from './settings.js';

/** What the caller says while no model listens is kept so long. */
const keepMs: Ms = 60_000;
const defaultLeaveMs: Ms = 10_000;
const defaultConnectMs: Ms = 15_000;
/** How long an agent that is cut may take to fall silent. */
const cutWithinMs: Ms = 1_500;
/** How long the next model waits for words that the one before still owes. */
const wordsWithinMs: Ms = 2_000;

/** Whose models they are. */
export interface CastHost extends SessionHost {
  readonly events: AgentSession;
}

/** A tool's call with the result that it will have. */
export interface AnsweredCall {
  call: string;
  name: string;
  args: string;
  output: string;
}

/** The models that speak for a session's agents, one at a time. */
export class Models {
  readonly #of: CastHost;
  #options: AgentSessionOptions;
  readonly #waits: Waits;
  readonly #engines = new Engines();
  #side: ModelSide | undefined;
  /** One that is to take over, until it is ready. */
  #opening: RealtimeSession | undefined;
  /** Those that may still tell the caller's words. */
  #retired: readonly ModelSide[] = none;
  #closed = false;

  constructor(of: CastHost, options: AgentSessionOptions, waits: Waits) {
    this.#of = of;
    this.#options = options;
    this.#waits = waits;
  }

  /** The side that serves. */
  get side(): ModelSide | undefined {
    return this.#side;
  }

  /** Opens the first model, at once where nothing has to be made before; resolves when audio may flow. */
  async open(agent: Agent, history: readonly Item[] = []): Promise<void> {
    const { path, input, toolDesk } = this.#of;
    const engine = this.#engines.get(this.#partsOf(agent));
    const tools = agent.toolBox.open(toolDesk);
    if (!(engine instanceof Promise) && !agent.toolBox.hasSources) {
      this.#side = this.#sideOf(engine, agent, history);
    } else {
      path.withhold('engine', keepMs);
      const [made] = await Promise.all([engine, tools]);
      this.#assertOpen();
      this.#side = this.#sideOf(made, agent, history);
      path.resume('engine');
    }
    input({ t: 'serving', toolReply: this.#side.realtime.capabilities.toolReply });
    await Promise.all([this.#side.realtime.opened, warmUp(this.#side.engine)]);
  }

  /** Who ends the user's turns, from now on: the model is told first. */
  async updateTurns(agent: Agent, change: Pick<AgentSessionOptions, 'turnDetection'>): Promise<void> {
    const options = { ...this.#options, ...change };
    const { engine, realtime } = this.#serving();
    const plan = turnsOf(options, engine, agent);
    const { capabilities, model } = realtime;
    if (plan.mode === 'realtime_llm' && capabilities.speech !== 'edges' && !realtime.hasLocalEars) {
      throw new UnsupportedError(
        'unsupported',
        `${model.provider} does not report speech, and was opened without a VAD`,
      );
    }
    const { turns } = modelConfig(options, engine.model, plan, engine.tts !== undefined);
    const before = turnsOf(this.#options, engine, agent);
    const listening = this.#of.listening();
    listening.serve(plan, engine);
    try {
      if (turns !== undefined) await realtime.updateOptions({ turns });
      this.#options = options;
    } catch (thrown) {
      listening.serve(before, engine);
      throw thrown;
    }
  }

  /** The model that serves learns what came of a call, whichever model asked for it. */
  async answer(options: AnswerOptions & { args: string }): Promise<void> {
    await this.#serving().answer(options);
  }

  /** Lets them all go. */
  async close(): Promise<void> {
    this.#closed = true;
    void this.#opening?.close();
    await Promise.all([this.#side, ...this.#retired].map((side) => side?.close()));
    await this.#engines.close();
  }

  /** The model of `next` serves, or nothing has changed and it rejects. */
  async serve(
    from: Agent,
    next: Agent,
    options: HandoffOptions,
    call: AnsweredCall | undefined,
  ): Promise<void> {
    const host = this.#of;
    const { carry = 'all' } = options;
    const engine = await this.#engines.get(this.#partsOf(next));
    await warmUp(engine);
    await this.#silence(options);
    const side = this.#serving();
    const plan = planOf({
      before: this.#settings(from, side.engine).config,
      after: this.#settings(next, engine).config,
      isSameModel: side.engine.model === engine.model,
      capabilities: side.realtime.capabilities,
      carry,
      callIsOpen: host.state.calls.length > 0,
    });
    if (plan.t === 'stay') {
      await side.realtime.updateOptions(plan.patch);
      if (carry !== 'all') await this.#retell(side, from, carried(host.conversation.history, carry));
      this.#assertOpen();
      side.engine = engine;
      host.listening().serve(this.#settings(next, engine).turns, engine);
      return;
    }
    await this.#words();
    await this.#move(engine, next, carried(host.conversation.history, carry), options, call);
  }

  /** The model that stays knows this from now on. Where it does not take it, it is again what it was for the agent before. */
  async #retell({ realtime, engine }: ModelSide, from: Agent, history: ChatContext): Promise<void> {
    try {
      await realtime.updateChatCtx(history);
    } catch (thrown) {
      if (realtime.state !== 'closed') await realtime.updateOptions(this.#settings(from, engine).patch);
      throw thrown;
    }
  }

  /** Another session of a model takes the place of the one that serves: the caller's audio waits for it. */
  async #move(
    engine: Engine,
    next: Agent,
    history: ChatContext,
    options: HandoffOptions,
    call: AnsweredCall | undefined,
  ): Promise<void> {
    const host = this.#of;
    const { events: session, ids } = host;
    const { path, input, conversation } = host;
    const listening = host.listening();
    const seeds = seedItems(history.items);
    const known = new Set(conversation.history.items.filter(hasWords).map(({ id }) => id));
    // Of one that is over meanwhile the history tells.
    const open = host.state.calls.some((one) => one.call === call?.call) ? call : undefined;
    if (open !== undefined) {
      const { call: id, name, args, output } = open;
      seeds.push({ kind: 'call', id: ids('item'), call: id, name, args });
      seeds.push({ kind: 'result', id: ids('item'), call: id, name, output, isError: false });
    }
    const realtime = this.#sessionOf(engine, next, seeds);
    path.withhold('handoff', keepMs);
    // Until it serves only its beginning counts.
    const deaf = { error: () => {} };
    realtime.attach(deaf);
    try {
      await this.#opened(realtime, options.connectWithinMs ?? defaultConnectMs);
      await this.#silence({ ...options, leaveWithinMs: cutWithinMs });
    } catch (thrown) {
      void realtime.close();
      path.resume('handoff');
      throw thrown;
    }
    const before = this.#serving();
    const unheard = before.realtime.state === 'closed' ? noAudio : before.realtime.unheard();
    listening.unheard(unheard.turnIds);
    this.#retired = this.#retired.concat(before);
    before.realtime.attach({
      closed: () => {
        this.#retired = allBut(this.#retired, before);
      },
    });
    before.retire(conversation.awaitsWords);
    realtime.detach(deaf);
    const tellsFrames = session.has('realtime_event');
    const told = open === undefined ? [] : [open.call];
    this.#side = new ModelSide(engine, realtime, { host, tellsFrames, told });
    input({ t: 'serving', toolReply: realtime.capabilities.toolReply });
    this.#tellMissed(realtime, known, options.carry === 'messages' ? 'messages' : 'all');
    const serve = () => listening.serve(this.#settings(next, engine).turns, engine);
    // A turn that this side ends is ended with what was said of it; one that the wire ends is begun by that.
    if (listening.turns.mode === 'realtime_llm') serve();
    path.newModel(unheard);
    serve();
    path.resume('handoff');
  }

  /** What has become of the conversation while the next model was opened. */
  #tellMissed(realtime: RealtimeSession, known: ReadonlySet<string>, carry: Carry): void {
    const { conversation, emit } = this.#of;
    const missed = new ChatContext(conversation.history.items.filter(({ id }) => !known.has(id)));
    for (const item of seedItems(carried(missed, carry).items)) {
      realtime.addItem(item).catch((error: ReparteeError) => {
        if (realtime.state !== 'closed') emit('error', error);
      });
    }
  }

  /** What the caller said last shall be known in writing to whoever is told what was said. */
  async #words(): Promise<void> {
    const host = this.#of;
    const { events: session } = host;
    const off = session.on('conversation_item_added', () => this.#waits.look());
    // Who is speaking still is heard by the next one.
    const isKnown = () => host.state.user === 'speaking' || !host.conversation.awaitsWords;
    await this.#waits.until(isKnown, wordsWithinMs);
    off();
    this.#assertOpen();
  }

  /** Rejects where the model is not there in time. */
  async #opened(realtime: RealtimeSession, withinMs: Ms): Promise<void> {
    const { clock } = this.#of;
    const timer = clock.at(clock.now() + withinMs, () => void realtime.close());
    this.#opening = realtime;
    try {
      await realtime.opened;
    } finally {
      timer.cancel();
      this.#opening = undefined;
    }
    this.#assertOpen();
  }

  /** Whoever is in charge falls silent: by itself, or because it is told to. */
  async #silence({
    leave = 'finish',
    leaveWithinMs: withinMs = defaultLeaveMs,
  }: HandoffOptions): Promise<void> {
    const { state, input } = this.#of;
    const quiet = () => isQuiet(state);
    if (leave === 'cut' && !quiet()) input({ t: 'interrupt' });
    await this.#waits.until(quiet, withinMs);
    this.#assertOpen();
    if (quiet()) return;
    input({ t: 'interrupt', force: true });
    await this.#waits.until(quiet, cutWithinMs);
    this.#assertOpen();
  }

  #sideOf(engine: Engine, agent: Agent, history: readonly Item[]): ModelSide {
    const host = this.#of;
    const { events: session } = host;
    const tellsFrames = session.has('realtime_event');
    const side = new ModelSide(engine, this.#sessionOf(engine, agent, history), { host, tellsFrames });
    host.listening().serve(this.#settings(agent, engine).turns, engine);
    return side;
  }

  #sessionOf(engine: Engine, agent: Agent, history: readonly Item[]): RealtimeSession {
    const host = this.#of;
    return RealtimeModel.of(engine.model).session({
      ...this.#options.session,
      ...(engine.vad && { vad: engine.vad }),
      ...(history.length > 0 && { history }),
      config: this.#settings(agent, engine).patch,
      clock: host.clock,
      ids: host.ids,
    });
  }

  #settings(agent: Agent, engine: Engine): Settings {
    return new Settings(this.#options, agent, engine);
  }

  #partsOf({ options }: Agent): EngineParts {
    return partsOf(this.#options, options);
  }

  #serving(): ModelSide {
    if (this.#side === undefined) throw new StateError('not_started', 'The session has not been started');
    return this.#side;
  }

  #assertOpen(): void {
    if (this.#closed) throw new StateError('closed', 'The session is closed');
  }
}

/** What the first words would wait for. */
async function warmUp({ tts }: Engine): Promise<void> {
  try {
    await tts?.warmUp();
  } catch (thrown) {
    throw toReparteeError(thrown, 'tts_failed', `${tts?.name ?? 'tts'}: `);
  }
}

/** Words that are not known yet may still come. */
function hasWords(item: ChatItem): boolean {
  return item.kind !== 'message' || item.role !== 'user' || !isEmptyMessage(item);
}

const noAudio = { fromMs: 0, audio: [], turnIds: [] };

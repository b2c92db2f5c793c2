import { type Ids, type Ms, StateError, toReparteeError, UnsupportedError } from '../../core/index.js';
import { RealtimeModel } from '../../realtime/index.js';
import type { AgentSession } from '../session.js';
import type { SessionHost } from '../session-host.js';
import { type AgentSessionOptions, modelConfig, turnsOf } from '../session-options.js';
import type { Agent } from './agent.js';
import { type Engine, Engines } from './engines.js';
import { ModelSide } from './model-side.js';

/** What the first words would wait for. */
async function warmUp({ tts }: Engine): Promise<void> {
  try {
    await tts?.warmUp();
  } catch (thrown) {
    throw toReparteeError(thrown, 'tts_failed', `${tts?.name ?? 'tts'}: `);
  }
}

/** How long an agent's `onExit` may take before it is left behind. */
const exitGraceMs: Ms = 5_000;
/** What the caller says before there is a model is kept so long. */
const keepMs: Ms = 60_000;

/** Whose agents they are. */
export interface CastHost {
  readonly session: AgentSession;
  readonly host: SessionHost;
  readonly ids: Ids;
}

/** The agents of a session: who is in charge, and the model that speaks for them. */
export class Cast {
  readonly #of: CastHost;
  #options: AgentSessionOptions;
  readonly #engines = new Engines();
  #current: Agent | undefined;
  #side: ModelSide | undefined;
  #closed = false;

  constructor(of: CastHost, options: AgentSessionOptions) {
    this.#of = of;
    this.#options = options;
  }

  get current(): Agent | undefined {
    return this.#current;
  }

  /** The model's side that serves. */
  get side(): ModelSide | undefined {
    return this.#side;
  }

  /** The first agent. StateError `already_started` where it is in another session. */
  appoint(agent: Agent): void {
    agent.attach(this.#of.session);
    this.#current = agent;
  }

  /** Opens the first model, at once where nothing has to be made before; resolves when audio may flow. */
  async open(agent: Agent): Promise<void> {
    const { path, input, toolDesk } = this.#of.host;
    const engine = this.#engines.get(this.#options);
    const tools = agent.toolBox.open(toolDesk);
    if (!(engine instanceof Promise) && !agent.toolBox.hasSources) this.#side = this.#openSide(engine, agent);
    else {
      path.withhold('engine', keepMs);
      const [made] = await Promise.all([engine, tools]);
      if (this.#closed) throw new StateError('closed', 'The session was closed while it started');
      this.#side = this.#openSide(made, agent);
      path.resume('engine');
    }
    input({ t: 'serving', toolReply: this.#side.realtime.capabilities.toolReply });
    await Promise.all([this.#side.realtime.opened, warmUp(this.#side.engine)]);
  }

  /** Who ends the user's turns, from now on: the model is told first. */
  async updateTurns(change: Pick<AgentSessionOptions, 'turnDetection'>): Promise<void> {
    const side = this.#side;
    if (side === undefined) return;
    const options = { ...this.#options, ...change };
    const { engine, realtime } = side;
    const plan = turnsOf(options, engine, this.#current);
    const { capabilities, model } = realtime;
    if (plan.mode === 'realtime_llm' && capabilities.speech !== 'edges' && !realtime.hasLocalEars) {
      throw new UnsupportedError(
        'unsupported',
        `${model.provider} does not report speech, and was opened without a VAD`,
      );
    }
    const { turns } = modelConfig(options, engine.model, plan, engine.tts !== undefined);
    const before = turnsOf(this.#options, engine, this.#current);
    const listening = this.#of.host.listening();
    listening.serve(plan, engine);
    try {
      if (turns !== undefined) await realtime.updateOptions({ turns });
      this.#options = options;
    } catch (thrown) {
      listening.serve(before, engine);
      throw thrown;
    }
  }

  /** Lets the models go. What the agents do when they leave comes after. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([this.#side?.close(), this.#current?.toolBox.close()]);
    await this.#engines.close();
  }

  /** Whatever the agent does when it leaves, the session goes on. */
  async leave(): Promise<void> {
    const { clock, emit } = this.#of.host;
    const left = Promise.resolve()
      .then(() => this.#current?.onExit())
      .catch((thrown) => emit('error', toReparteeError(thrown, 'listener_threw', 'onExit: ')));
    await new Promise<void>((resolve) => {
      const timer = clock.at(clock.now() + exitGraceMs, resolve);
      void left.then(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  /** All are free for another session. */
  dismiss(): void {
    this.#current?.attach(undefined);
  }

  #openSide(engine: Engine, agent: Agent): ModelSide {
    const { session, host, ids } = this.#of;
    const plan = turnsOf(this.#options, engine, agent);
    const config = {
      ...modelConfig(this.#options, engine.model, plan, engine.tts !== undefined),
      instructions: agent.instructions,
      tools: agent.tools.map((tool) => tool.spec),
    };
    const realtime = RealtimeModel.of(engine.model).session({
      ...(engine.vad && { vad: engine.vad }),
      ...this.#options.session,
      config,
      clock: host.clock,
      ids,
    });
    const side = new ModelSide(engine, realtime, host, session.has('realtime_event'));
    host.listening().serve(plan, engine);
    return side;
  }
}

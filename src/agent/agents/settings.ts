import { type Config, type Patch, withPatch } from '../../realtime/index.js';
import type { TurnPlan } from '../ears/turn-rule.js';
import { type AgentSessionOptions, modelConfig, turnsOf } from '../session-options.js';
import type { Agent } from './agent.js';
import type { Engine } from './engines.js';

/** What a model is set to while an agent is in charge: the session's options, with what the agent has of its own. */
export class Settings {
  readonly options: AgentSessionOptions;
  readonly #agent: Agent;
  readonly #engine: Engine;

  constructor(session: AgentSessionOptions, agent: Agent, engine: Engine) {
    const { voice, turnDetection } = agent.options;
    const config = { ...session.session?.config, ...(voice !== undefined && { voice }) };
    this.options = {
      ...session,
      ...(voice !== undefined && { session: { ...session.session, config } }),
      ...(turnDetection !== undefined && { turnDetection }),
    };
    this.#agent = agent;
    this.#engine = engine;
  }

  /** Who ends the user's turns. ConfigError where that cannot be had with this engine. */
  get turns(): TurnPlan {
    return turnsOf(this.options, this.#engine, this.#agent);
  }

  /** What differs from the model's own settings. ConfigError as `turns`, and `options_conflict`. */
  get patch(): Patch {
    const { instructions, tools } = this.#agent;
    const { model, tts } = this.#engine;
    const config = modelConfig(this.options, model, this.turns, tts !== undefined);
    return { ...config, instructions, tools: tools.map((tool) => tool.spec) };
  }

  get config(): Config {
    return withPatch(this.#engine.model.defaults, this.patch);
  }
}

import { ConfigError, StateError } from '../../core/index.js';
import type { AgentSession } from '../session.js';
import type { Tool } from '../tools/tool.js';

export interface AgentOptions {
  instructions: string;
  tools?: readonly Tool[];
  /** Called when the agent takes over a session; the place for a greeting. */
  onEnter?: (agent: Agent) => void | Promise<void>;
  /** Called when the call is over and its history final, before `close` is told. It has five seconds. */
  onExit?: (agent: Agent) => void | Promise<void>;
}

/**
 * Who speaks: instructions and tools. One agent may serve one session at a time. Subclass it, or give the hooks as
 * options. ConfigError `option_invalid` where two tools have one name.
 */
export class Agent {
  readonly instructions: string;
  readonly tools: readonly Tool[];
  readonly #options: AgentOptions;
  #session: AgentSession | undefined;

  constructor(options: AgentOptions) {
    this.instructions = options.instructions;
    this.tools = options.tools ?? [];
    const names = this.tools.map(({ spec }) => spec.name);
    const twice = names.find((name, index) => names.indexOf(name) !== index);
    if (twice !== undefined) {
      throw new ConfigError('option_invalid', `Two tools are called '${twice}'`, { param: 'tools' });
    }
    this.#options = options;
  }

  /** The session it is active in; StateError `not_started` otherwise. */
  get session(): AgentSession {
    if (this.#session === undefined) throw new StateError('not_started', 'The agent is not in a session');
    return this.#session;
  }

  async onEnter(): Promise<void> {
    await this.#options.onEnter?.(this);
  }

  async onExit(): Promise<void> {
    await this.#options.onExit?.(this);
  }

  /** The session's own call. */
  attach(session: AgentSession | undefined): void {
    if (session !== undefined && this.#session !== undefined) {
      throw new StateError('already_started', 'The agent is already in a session');
    }
    this.#session = session;
  }
}

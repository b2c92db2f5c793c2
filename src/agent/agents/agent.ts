import type { ChatMessage } from '../../chat/index.js';
import { StateError } from '../../core/index.js';
import { none } from '../../core/none.js';
import type { ToolsUpdate } from '../../realtime/index.js';
import type { CompletedTurn } from '../ears/completed-turn.js';
import type { TurnDetection } from '../ears/turn-rule.js';
import type { AgentSession } from '../session.js';
import type { ToolEntry } from '../tools/source.js';
import type { Tool } from '../tools/tool.js';
import { ToolBox } from '../tools/tool-box.js';
import type { OwnParts } from './engines.js';
import type { AgentTask } from './task.js';

/** What an agent brings; `llm`, `stt`, `tts` and `vad` in place of the session's. */
export interface AgentOptions extends OwnParts {
  instructions: string;
  /** Functions, and sources of functions such as MCP servers (`mcpServer`). */
  tools?: readonly ToolEntry[];
  /** In the history, in snapshots and in the registry that restores them. Default: the name of its class. */
  name?: string;
  /** The model's voice while it is in charge. Default: the session's. */
  voice?: string;
  /** Who ends the user's turns while it is in charge. Default: the session's. */
  turnDetection?: TurnDetection;
  /** Called when the agent takes over a session; the place for a greeting. */
  onEnter?: (agent: Agent) => void | Promise<void>;
  /**
   * Called when a turn of the user has ended, before it is answered: look something up, change its words, or veto the reply. The
   * message has the words that are known by then; it has ten seconds. ConfigError `option_unsupported` at the start where the model
   * answers by itself and cannot be told not to.
   */
  onUserTurnCompleted?: (turn: CompletedTurn, message: ChatMessage) => void | Promise<void>;
  /** Called when another agent has taken over, or the call is over and its history final. It has five seconds. */
  onExit?: (agent: Agent) => void | Promise<void>;
  /** What a snapshot keeps of it: a value that JSON can carry. */
  saveState?: (agent: Agent) => unknown;
  /** Called instead of `onEnter` where the session is restored, with what `saveState` gave. */
  onRestore?: (state: unknown, agent: Agent) => void | Promise<void>;
  /** Called where the session was restored while a task was in charge, when that is over and this agent back: nobody else waits for its `result`. */
  onTaskDone?: (task: AgentTask<unknown>, agent: Agent) => void | Promise<void>;
}

/**
 * Who speaks: instructions, tools and, where it differs from the session's, the voice or the whole engine. One agent may
 * serve one session at a time. Subclass it, or give the hooks as options. ConfigError `option_invalid` where two tools have one name.
 */
export class Agent {
  readonly instructions: string;
  /** The session's own. */
  readonly toolBox: ToolBox;
  readonly options: AgentOptions;
  #session: AgentSession | undefined;

  constructor(options: AgentOptions) {
    this.instructions = options.instructions;
    this.toolBox = new ToolBox(options.tools ?? none);
    this.options = options;
  }

  get name(): string {
    return this.options.name ?? this.constructor.name;
  }

  /** The session it is active in, also while a task has its place; StateError `not_started` otherwise. */
  get session(): AgentSession {
    if (this.#session === undefined) throw new StateError('not_started', 'The agent is not in a session');
    return this.#session;
  }

  /** Those that the model may call now: its own, and in a session those of its sources. */
  get tools(): readonly Tool[] {
    return this.toolBox.tools;
  }

  /**
   * Other tools from now on; calls that run go on. Where the agent is in charge of a session the model is told, and it resolves with what the
   * model took; what it did not take is told with the reason. Rejects with `option_invalid` for two of one name, `tool_source_failed`,
   * `unsupported` where the model cannot change its tools.
   */
  async updateTools(tools: readonly ToolEntry[]): Promise<ToolsUpdate> {
    await this.toolBox.update(tools);
    const specs = this.tools.map(({ spec }) => spec);
    const session = this.#session;
    if (session?.currentAgent === this && session.isRunning) return session.realtime.updateTools(specs);
    return { retained: specs.map(({ name }) => name), refused: [] };
  }

  async onEnter(): Promise<void> {
    await this.options.onEnter?.(this);
  }

  async onUserTurnCompleted(turn: CompletedTurn, message: ChatMessage): Promise<void> {
    await this.options.onUserTurnCompleted?.(turn, message);
  }

  /** There is something to be asked when a turn has ended. */
  get decidesTurns(): boolean {
    const isOverridden = this.onUserTurnCompleted !== Agent.prototype.onUserTurnCompleted;
    return isOverridden || this.options.onUserTurnCompleted !== undefined;
  }

  async onExit(): Promise<void> {
    await this.options.onExit?.(this);
  }

  /** A value that JSON can carry; undefined where there is nothing to keep. */
  saveState(): unknown {
    return this.options.saveState?.(this);
  }

  async onRestore(state: unknown): Promise<void> {
    await this.options.onRestore?.(state, this);
  }

  async onTaskDone(task: AgentTask<unknown>): Promise<void> {
    await this.options.onTaskDone?.(task, this);
  }

  /** The session's own call. */
  attach(session: AgentSession | undefined): void {
    if (session !== undefined && this.#session !== undefined) {
      throw new StateError('already_started', 'The agent is already in a session');
    }
    this.#session = session;
  }
}

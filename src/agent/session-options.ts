import { type Clock, ConfigError, type Ids, type Transport } from '../core/index.js';
import type { Dialler, Patch, SessionOptions } from '../realtime/index.js';
import type { Agent } from './agents/agent.js';
import type { DtmfOptions } from './channels/keypad.js';
import type { ListeningOptions } from './ears/listening.js';
import { checkPolicy, type ToolDefaults } from './tools/policy.js';

export interface AgentSessionOptions extends ListeningOptions {
  /** The model: a `RealtimeModel`, or anything that can be dialled (a cascade, a script). */
  llm: Dialler;
  /**
   * Whether the caller's voice may stop the agent. Default true. Where it is false, a model that would stop by itself is
   * told not to.
   */
  allowInterruptions?: boolean;
  /** What becomes of keys that the caller presses, where the transport has them. Default: told to the model once they are all. */
  dtmf?: DtmfOptions;
  /** Passed on to the model's session: `vad`, `chunkMs`, timeouts, what differs from the model's settings. */
  session?: Omit<SessionOptions, 'clock' | 'ids'>;
  /** What is the same for all tools, unless a tool says otherwise. */
  toolDefaults?: ToolDefaults;
  /** Rounds of tools in one reply; after them it is answered with what is known (`tool_steps_exceeded`). Default 5. */
  maxToolSteps?: number;
  clock?: Clock;
  ids?: Ids;
}

export interface StartOptions {
  agent: Agent;
  transport: Transport;
}

export interface ReplyOptions {
  /** Added to the agent's instructions for this reply only. */
  instructions?: string;
  /** Text of the user that it answers; becomes part of the conversation. */
  userInput?: string;
  toolChoice?: 'auto' | 'none' | 'required' | { name: string };
}

/** What differs from the model's own settings: the policy of interruptions decides whether the model may cut itself. */
export function modelConfig({ llm, allowInterruptions = true, session = {} }: AgentSessionOptions): Patch {
  const config = session.config ?? {};
  const turns = config.turns ?? llm.defaults.turns;
  if (allowInterruptions || turns.owner !== 'wire' || !turns.autoCut) return config;
  if (llm.capabilities.autoCut === 'always') {
    const message = `${llm.provider} stops by itself when the caller speaks: allowInterruptions cannot be false`;
    throw new ConfigError('options_conflict', message, { param: 'allowInterruptions' });
  }
  return { ...config, turns: { ...turns, autoCut: false } };
}

/** ConfigError `option_invalid`. */
export function checkToolOptions({ toolDefaults = {}, maxToolSteps = 1 }: AgentSessionOptions): void {
  checkPolicy(toolDefaults, 'toolDefaults.');
  if (!Number.isInteger(maxToolSteps) || maxToolSteps < 1) {
    throw new ConfigError('option_invalid', 'maxToolSteps must be a whole number above 0', {
      param: 'maxToolSteps',
    });
  }
}

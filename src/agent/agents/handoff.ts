import { ChatContext } from '../../chat/index.js';
import type { Ms } from '../../core/index.js';
import { Agent } from './agent.js';

/** What of the conversation the next agent's model knows: all, what was said without tools, nothing, or what a function leaves. */
export type Carry = 'all' | 'messages' | 'none' | ((history: ChatContext) => ChatContext);

export interface HandoffOptions {
  /** Default `all`. The session's own history is whole in any case. */
  carry?: Carry;
  /** Whether the agent in charge finishes what it is saying and what it was asked for, or is cut. Default `finish`. */
  leave?: 'finish' | 'cut';
  /** How long finishing may take; then it is cut. Default 10,000. */
  leaveWithinMs?: Ms;
  /** How long the next agent's model may take until audio can flow, where it is another connection. Default 15,000. */
  connectWithinMs?: Ms;
}

/** A tool returns one to put another agent in charge. */
export class Handoff {
  readonly agent: Agent;
  /** What the model is told as the tool's result. */
  readonly message: string;
  readonly options: HandoffOptions;

  constructor(agent: Agent, { message, ...options }: HandoffOptions & { message?: string } = {}) {
    this.agent = agent;
    this.message = message ?? `The conversation goes on with ${agent.name}.`;
    this.options = options;
  }
}

/** What a tool returns to put another agent in charge, with a word for the model and about how; the agent alone means the defaults. */
export function handoff(agent: Agent, options: HandoffOptions & { message?: string } = {}): Handoff {
  return new Handoff(agent, options);
}

/** The handoff that a tool's result is; undefined where it is none. */
export function handoffOf(result: unknown): Handoff | undefined {
  if (result instanceof Handoff) return result;
  return result instanceof Agent ? new Handoff(result) : undefined;
}

/** What the next agent's model is told. */
export function carried(history: ChatContext, carry: Carry = 'all'): ChatContext {
  if (typeof carry === 'function') return carry(history.copy());
  if (carry === 'none') return new ChatContext();
  return history.copy(carry === 'messages' ? { excludeFunctionCall: true } : {});
}

import { type ReparteeError, ToolError } from '../../core/index.js';
import { type Handoff, handoffOf } from '../agents/handoff.js';
import { StopReply } from './stop-reply.js';
import * as words from './words.js';

/** What came of a tool, for the model and for the application. */
export interface ToolOutcome {
  output: string;
  isError: boolean;
  /** Nobody shall speak of it. */
  silent: boolean;
  /** Another agent takes over before the call is answered. */
  handoff?: Handoff;
  /** What the application is told when `isError`. */
  error?: ReparteeError;
}

export function outcomeOf(name: string, result: unknown): ToolOutcome {
  const handoff = handoffOf(result);
  if (handoff !== undefined) return { output: handoff.message, isError: false, silent: true, handoff };
  const silent = result instanceof StopReply;
  try {
    return { output: textOf(silent ? result.output : result), isError: false, silent };
  } catch (cause) {
    return failureOf(name, cause);
  }
}

/**
 * What the model learns of what a tool threw: the words of a `ToolError`, for those were written for it; of anything else
 * only that it failed, for its message may hold what no caller should hear.
 */
export function failureOf(name: string, thrown: unknown): ToolOutcome {
  if (thrown instanceof StopReply) return outcomeOf(name, thrown);
  if (thrown instanceof ToolError) {
    return { output: thrown.message, isError: true, silent: false, error: thrown };
  }
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  const error = new ToolError('tool_failed', `${name}: ${text}`, { cause: thrown });
  return { output: words.failed(name), isError: true, silent: false, error };
}

function textOf(result: unknown): string {
  return typeof result === 'string' ? result : (JSON.stringify(result) ?? 'null');
}

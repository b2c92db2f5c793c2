import type { Ms } from '../../core/index.js';

/** How a tool that was started ended. */
export type ToolEnd =
  | 'completed'
  /** It threw, or its arguments did not fit. */
  | 'failed'
  | 'timed_out'
  /** By an interruption, or by another call that replaces it. */
  | 'cancelled'
  /** The model took the call back. */
  | 'withdrawn'
  /** Not approved, or not in time. */
  | 'refused'
  | 'closed';

/** What an `AgentSession` tells of tools. */
export interface ToolEvents {
  tool_started: { callId: string; name: string; args: string };
  /** The tool has told how it stands (`ctx.update`). */
  tool_updated: { callId: string; name: string; message: string };
  /** Once for each `tool_started`. `output`: what the model is told, where the tool came to its own end. */
  tool_ended: { callId: string; name: string; outcome: ToolEnd; durationMs: Ms; output?: string };
  /** Somebody must say yes or no within `withinMs`: `AgentSession.approveTool`. After that it counts as a no. */
  tool_approval_requested: {
    callId: string;
    name: string;
    args: string;
    withinMs: Ms;
    /** Of a tool that the provider runs by itself: the server it belongs to. */
    server?: string;
  };
  /** The model wanted another round of tools in one reply: it is not run, and the model has to answer with what it knows. */
  tool_steps_exceeded: { replyId: string; steps: number };
  /**
   * The model has been answered: all calls of one response, each with its result or, where the tool goes on, a placeholder.
   */
  function_tools_executed: { calls: { callId: string; name: string; output: string; isError: boolean }[] };
}

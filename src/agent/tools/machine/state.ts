import type { Ms } from '../../../core/index.js';
import { none } from '../../../core/none.js';
import type { Late, OnDuplicate, OnInterrupt } from '../policy.js';

/** What is decided about a call beforehand: the policy of its tool, as plain data. */
export interface CallPlan {
  /** Two calls with one key are of the same thing. */
  key: string;
  timeoutMs: Ms | null;
  approvalTimeoutMs: Ms;
  onInterrupt: OnInterrupt;
  late: Late;
  onDuplicate: OnDuplicate;
  /** What the model is told at once in place of the result; `null`: it waits. */
  placeholder: string | null;
  filler: FillerPlan | null;
}

export interface FillerPlan {
  afterMs: Ms;
  everyMs: Ms;
  times: number;
}

/** A tool call, from the model's asking until it is answered and its tool is over. */
export interface CallState {
  call: string;
  name: string;
  /** JSON text, as the model wrote it. */
  args: string;
  response: string;
  plan: CallPlan;
  work: 'approving' | 'running' | 'over';
  /** What the model is, or was, told: the result, or a placeholder while the tool is at work. Undefined: nothing yet. */
  result?: { output: string; isError: boolean };
  /** The user has interrupted, or said something else, since it was asked. */
  late: boolean;
  /** Nobody speaks of the result: the application interrupted, or the tool wants it so. */
  silent: boolean;
  /** Until then approval, or the result, is waited for. */
  dueMs: Ms | null;
  /** Its tool waits for a task that talks with the user: how many tasks there were then. Nobody waits for it meanwhile. */
  parked?: number;
  /** The model that asked for it does not serve any more: the one that does is told of it, and asked to go on. */
  foreign?: true;
}

/** Why a tool is aborted. */
export type AbortReason = 'interrupted' | 'replaced' | 'timeout' | 'withdrawn' | 'refused';

export type ToolInput =
  /** `response`: '' where the wire names none. Without a plan: no limits, spoken of when it is done. */
  | { t: 'call'; response: string; call: string; name: string; args: string; plan?: CallPlan }
  | { t: 'withdrawn'; call: string }
  | { t: 'tool_done'; call: string; output: string; isError: boolean; silent?: boolean }
  | { t: 'tool_update'; call: string; message: string; speak: boolean }
  | { t: 'tool_asks'; call: string }
  | { t: 'tool_approved'; call: string; approved: boolean; reason: string }
  /** A task begins, or is over: tools that are at work wait for it. `depth`: how many tasks there are, with this one. */
  | { t: 'tools_park'; depth: number }
  | { t: 'tools_unpark'; depth: number }
  /** The user has said something, and it is sure that it was a turn. */
  | { t: 'turn_passed' }
  /** The model has what it was told last. */
  | { t: 'tool_told' }
  /** The tool has done its part: another agent takes over before the call is answered, which takes its own time. */
  | { t: 'hands_over'; call: string }
  /** Another agent has taken over by this call, and nobody has spoken since: somebody has to. */
  | { t: 'handed_over'; call: string }
  /** The time that `wake_tools` asked for has come. */
  | { t: 'tool_time' };

export type ToolEffect =
  | { t: 'run_tool'; call: string; name: string; args: string }
  /** The tool is approved and may begin. */
  | { t: 'release_tool'; call: string }
  | { t: 'abort_tool'; call: string; why: AbortReason }
  | { t: 'ask_approval'; call: string; name: string; args: string; withinMs: Ms }
  | { t: 'filler'; call: string; name: string; args: string; said: number }
  /** Something about a call that is answered already; as text, into the conversation. */
  | { t: 'tell'; call: string; text: string }
  | { t: 'tool_updated'; call: string; name: string; message: string }
  | { t: 'steps_exceeded'; reply: string; steps: number }
  /** `null`: no more. Each replaces the one before. */
  | { t: 'wake_tools'; atMs: Ms | null }
  | {
      t: 'answer';
      call: string;
      name: string;
      args: string;
      output: string;
      isError: boolean;
      more: boolean;
      then: 'speak' | 'wait';
    }
  | { t: 'tools_executed'; calls: CallState[] }
  /** `reply`: the one that goes on; `null` where none does. `tools`: whether it may call tools. */
  | { t: 'follow_up'; reply: string | null; tools: boolean };

/**
 * What the agent's state holds of tools. Plain fields beside the others, so that a session without calls has nothing more.
 */
export interface ToolsState {
  /** Calls that the model waits for. */
  calls: readonly CallState[];
  /** Calls that are answered by a placeholder, and whose tools run on. */
  background: readonly CallState[];
  /** Rounds of tools in one reply. */
  maxToolSteps: number;
  /**
   * Of something that the model was told nobody has spoken yet, and the agent shall as soon as there is room. `telling`: the
   * model may not have it yet, so what it begins to say meanwhile is not about it.
   */
  owed: 'nothing' | 'telling' | 'told';
  /** Since when the caller has waited for a tool and heard nothing; `null`: does not. */
  quietSinceMs: Ms | null;
  /** Fillers since the caller began to wait. */
  fillersSaid: number;
  /** The last `wake_tools`. */
  toolWakeMs: Ms | null;
}

export function toolsState(maxToolSteps: number): ToolsState {
  return {
    calls: none,
    background: none,
    maxToolSteps,
    owed: 'nothing',
    quietSinceMs: null,
    fillersSaid: 0,
    toolWakeMs: null,
  };
}

/** Of a call that came without one. */
export const plainPlan: CallPlan = {
  key: '',
  timeoutMs: null,
  approvalTimeoutMs: 30_000,
  onInterrupt: 'continue',
  late: 'speak',
  onDuplicate: 'allow',
  placeholder: null,
  filler: null,
};

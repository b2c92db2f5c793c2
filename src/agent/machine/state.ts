import type { Ms } from '../../core/index.js';
import { type PlayoutState, playoutState } from '../playout.js';

export type AgentActivity = 'initializing' | 'listening' | 'thinking' | 'speaking';
export type UserActivity = 'listening' | 'speaking';

/** A tool call between the model's asking and our answer. */
export interface CallState {
  call: string;
  name: string;
  response: string;
  /** Undefined while the tool runs. */
  result?: { output: string; isError: boolean };
}

export interface ResponseState {
  reply: string;
  ended: boolean;
  /** Out-of-band responses are not played. */
  aside: boolean;
}

/** A reply from its first response to the last sample of the last one. */
export interface ReplyState {
  responses: number;
  /** Its tools were answered and the next response has not begun. */
  followUp: boolean;
  interrupted: boolean;
  /** Where its last sample stands on the output line. */
  endMs: Ms;
}

export interface AgentMachineState {
  user: UserActivity;
  agent: AgentActivity;
  /** Whether the caller's voice may stop the agent. */
  interruptible: boolean;
  toolReply: 'auto' | 'asked';
  /** The engine's slot is not free: a reply is asked, expected or running. */
  replying: boolean;
  playout: PlayoutState;
  responses: Record<string, ResponseState>;
  replies: Record<string, ReplyState>;
  calls: CallState[];
  /** Assistant items that have been begun and are not settled (heard, partly heard or unheard). */
  items: Record<string, { reply: string; kind: 'audio' | 'text'; writtenMs: Ms; done: boolean }>;
  /** The last turn whose answer has not been heard yet: when the caller's voice ended. */
  unanswered: { turn: string; endedMs: Ms } | null;
}

export type AgentInput = (
  | { t: 'speech'; edge: 'start' | 'stop'; turn: string; voiceEndedMs: Ms }
  | { t: 'generation'; phase: 'created'; reply: string; response: string; aside: boolean }
  | { t: 'generation'; phase: 'ended'; reply: string; response: string; outcome: string }
  | { t: 'reply_failed'; reply: string }
  | { t: 'part'; phase: 'started' | 'done'; response: string; item: string; kind: 'audio' | 'text' }
  | { t: 'audio'; response: string; item: string; part: number; durationMs: Ms }
  | { t: 'call'; response: string; call: string; name: string; args: string }
  | { t: 'withdrawn'; call: string }
  | { t: 'tool_done'; call: string; output: string; isError: boolean }
  | { t: 'playback'; phase: 'started' | 'position' | 'finished'; playedMs: Ms }
  | { t: 'cleared'; playedMs: Ms; estimated: boolean }
  | { t: 'interrupt'; by: 'user' | 'application' }
  | { t: 'server_interrupted' }
  | { t: 'refresh' }
) & { atMs: Ms; replying: boolean };

export type AgentEffect =
  /** Stop the model and forget what waits. */
  | { t: 'stop_model' }
  /** Silence the far end; `cleared` comes back. */
  | { t: 'clear_playout' }
  | { t: 'flush_playout' }
  | { t: 'truncate'; item: string; part: number; heardMs: Ms; writtenMs: Ms; estimated: boolean }
  | { t: 'heard'; item: string; heardMs: Ms; writtenMs: Ms }
  /** Nothing more will be said or heard of the item. */
  | { t: 'settled'; item: string; heard: 'heard' | 'partly' | 'unheard' }
  | { t: 'interrupted'; by: 'user' | 'application' | 'server' }
  | { t: 'run_tool'; call: string; name: string; args: string }
  | { t: 'abort_tool'; call: string }
  | {
      t: 'answer';
      call: string;
      name: string;
      output: string;
      isError: boolean;
      more: boolean;
      then: 'speak' | 'wait';
    }
  | { t: 'tools_executed'; calls: CallState[] }
  | { t: 'follow_up'; reply: string }
  | { t: 'reply_done'; reply: string; interrupted: boolean }
  | { t: 'agent_state'; from: AgentActivity; to: AgentActivity }
  | { t: 'user_state'; from: UserActivity; to: UserActivity }
  | { t: 'turn_answered'; turn: string; latencyMs: Ms };

export function agentState(options: {
  interruptible: boolean;
  toolReply: 'auto' | 'asked';
}): AgentMachineState {
  return {
    user: 'listening',
    agent: 'initializing',
    interruptible: options.interruptible,
    toolReply: options.toolReply,
    replying: false,
    playout: playoutState(),
    responses: {},
    replies: {},
    calls: [],
    items: {},
    unanswered: null,
  };
}

import type { Ms } from '../../core/index.js';
import { none } from '../../core/none.js';
import { type PlayoutState, playoutState } from '../playout.js';
import { type ToolEffect, type ToolInput, type ToolsState, toolsState } from '../tools/machine/state.js';

export type AgentActivity = 'initializing' | 'listening' | 'thinking' | 'speaking';
/** `away`: silent for so long that nobody may be there (`userAwayTimeoutMs`). */
export type UserActivity = 'listening' | 'speaking' | 'away';
export type InterruptedBy = 'user' | 'application' | 'server';

/** A response, until it has ended, its calls are answered and its items settled. */
export interface ResponseState {
  id: string;
  reply: string;
  ended: boolean;
  /** Out-of-band responses are not played. */
  aside: boolean;
  /** Interrupted: nothing more of it is played. */
  cut: boolean;
  /** Words of our own, spoken beside the model. */
  own: boolean;
}

/** A reply from its first response to the last sample of the last one. */
export interface ReplyState {
  id: string;
  /** It goes on: its tools were answered, or its connection was lost, and the next response has not begun. */
  followUp: boolean;
  /** By whom first; `null`: it was not. */
  interrupted: InterruptedBy | null;
  /** Rounds of tools that were answered. */
  steps: number;
}

/** A message that the model is saying, until its response is over. */
export interface ItemState {
  id: string;
  response: string;
  kind: 'audio' | 'text';
  /** The audio part that was written to last, and how much of it was written and heard. */
  part: number;
  writtenMs: Ms;
  heardMs: Ms;
  /** The model has said all of it. */
  done: boolean;
  /** Audio of it is on its way to the line: being made, or held back. */
  coming: boolean;
  /** It was interrupted: the model may have said more than will ever be played. */
  cut: boolean;
  /** Its connection was lost before its end: nobody is there to be told of the cut. */
  lost: boolean;
  /** It is known what was heard of it. */
  settled: boolean;
}

export interface AgentMachineState extends ToolsState {
  user: UserActivity;
  agent: AgentActivity;
  /** Whether the caller's voice as such stops the agent. */
  interruptible: boolean;
  /** Where the model stops by itself, somebody else decides what that means for what was received. */
  weighsCuts: boolean;
  toolReply: 'auto' | 'asked';
  /** A reply is asked, expected or running in the engine. */
  replying: boolean;
  playout: PlayoutState;
  responses: readonly ResponseState[];
  replies: readonly ReplyState[];
  /** Speeches that have not begun, in the order in which they will. */
  waiting: readonly { speech: string; own: boolean; priority: number }[];
  /** The speech that was let through last, while it has more to say. */
  current: string | null;
  /** Speeches that only force may stop, until they are done. */
  shielded: readonly string[];
  items: readonly ItemState[];
  /** Interruptions so far. */
  epoch: number;
  /** The last turn whose answer has not been heard yet: when the caller's voice ended. */
  unanswered: { turn: string; endedMs: Ms } | null;
}

export type AgentInput = (
  | { t: 'speech'; edge: 'start' | 'stop' | 'discarded'; turn: string; voiceEndedMs: Ms }
  /** `own`: words of ours. `cuttable`: a voice may stop it. */
  | { t: 'ask'; speech: string; own: boolean; priority: number; cuttable: boolean }
  | { t: 'generation'; phase: 'created'; reply: string; response: string; aside: boolean; own?: boolean }
  /** `again`: the reply goes on in another response; `lost`: its connection was lost in the middle of it. */
  | {
      t: 'generation';
      phase: 'ended';
      reply: string;
      response: string;
      outcome: string;
      again: boolean;
      lost: boolean;
    }
  | { t: 'reply_failed'; reply: string }
  | { t: 'part'; phase: 'started' | 'done'; response: string; item: string; kind: 'audio' | 'text' }
  | { t: 'audio'; item: string; part: number; durationMs: Ms }
  | ToolInput
  /** Audio of the item is on its way to the line, or no more of it is. */
  | { t: 'coming'; item: string; is: boolean }
  | { t: 'playback'; phase: 'started' | 'position' | 'finished'; playedMs: Ms }
  /** `estimated`: the far end did not say, and this is a guess. */
  | { t: 'cleared'; playedMs: Ms; estimated?: boolean }
  /** `by`: the application where it is absent. `force`: shielded speeches as well. */
  | { t: 'interrupt'; by?: InterruptedBy; force?: boolean }
  /** The agent pauses; goes on; or the caller has the floor for good. */
  | { t: 'hold' }
  | { t: 'resume' }
  | { t: 'take_floor'; late: boolean }
  /** It was no turn: nothing answers it. */
  | { t: 'dismiss'; turn: string }
  | { t: 'interrupt_reply'; reply: string }
  /** The model's side has stopped, by itself or because it was told so. */
  | { t: 'model_interrupted'; by: 'us' | 'server'; response: string | null }
  | { t: 'refresh' }
  /** Nobody has said anything for long. */
  | { t: 'away' }
  /** Another model serves from here on. */
  | { t: 'serving'; toolReply: 'auto' | 'asked' }
  /** The call has ended. */
  | { t: 'over' }
) & { atMs: Ms; replying: boolean };

export type AgentEffect =
  /** Its turn has come. */
  | { t: 'begin_speech'; speech: string }
  /** Stop the model and forget what waits. */
  | { t: 'stop_model' }
  /** Stop or forget this reply only. */
  | { t: 'cancel_reply'; reply: string }
  /** Silence the far end; `cleared` comes back. */
  | { t: 'clear_playout' }
  /** The same, but what was not played stays; `clears`: there is something to silence, and `cleared` comes back. */
  | { t: 'hold_playout'; clears: boolean }
  | { t: 'resume_playout'; fromMs: Ms }
  /** What stayed is not wanted any more. */
  | { t: 'drop_playout' }
  /** The model has stopped by itself, and it is not decided yet whether the agent does. */
  | { t: 'model_cut'; response: string | null }
  /** The response has said all: what is left of it on the way goes out. */
  | { t: 'flush_playout'; response: string }
  | { t: 'truncate'; item: string; part: number; heardMs: Ms; writtenMs: Ms }
  | { t: 'heard'; item: string; heardMs: Ms; writtenMs: Ms }
  /** Nothing more will be said or heard of the item. */
  | { t: 'settled'; item: string; heard: 'heard' | 'partly' | 'unheard' }
  | { t: 'interrupted'; by: InterruptedBy; epoch: number }
  | ToolEffect
  | { t: 'reply_done'; reply: string; interrupted: boolean }
  | { t: 'agent_state'; from: AgentActivity; to: AgentActivity }
  | { t: 'user_state'; from: UserActivity; to: UserActivity }
  | { t: 'turn_answered'; turn: string; latencyMs: Ms };

export function agentState(options: {
  interruptible: boolean;
  weighsCuts?: boolean;
  /** Of the model that serves first; `serving` tells it, too. */
  toolReply?: 'auto' | 'asked';
  /** Default 5. */
  maxToolSteps?: number;
}): AgentMachineState {
  return {
    user: 'listening',
    agent: 'initializing',
    interruptible: options.interruptible,
    weighsCuts: options.weighsCuts ?? false,
    toolReply: options.toolReply ?? 'asked',
    replying: false,
    playout: playoutState(),
    responses: none,
    replies: none,
    waiting: none,
    current: null,
    shielded: none,
    items: none,
    epoch: 0,
    unanswered: null,
    ...toolsState(options.maxToolSteps ?? 5),
  };
}

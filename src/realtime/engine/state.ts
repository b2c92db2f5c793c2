import type { Capabilities } from '../capabilities.js';
import type { Command, Event, Ms, TurnRule } from '../contract.js';

export type ReplyCommand = Extract<Command, { t: 'reply' } | { t: 'say' }>;

/** What the agent owes the caller: answered by one or more responses, ends once. */
export interface Reply {
  id: string;
  cause: ReplyCause;
  /** The turn it answers, where it answers one. */
  turn: string | null;
}

/** `user`: asked by the application; `turn`: the answer to a user's turn; `tools`: the follow-up of tool results; `wire`: unasked. */
export type ReplyCause = 'user' | 'turn' | 'tools' | 'wire';

/**
 * Who has the one mouth. `asked`: we sent a create; `expected`: the server will answer a turn (or tool results) by
 * itself; `running`: a response speaks; `ending`: we told it to stop. Creates wait in every state but `free`.
 */
export type Slot =
  | { is: 'free' }
  | { is: 'asked'; command: ReplyCommand; reply: Reply; deadlineMs: Ms }
  | { is: 'expected'; reply: Reply; deadlineMs: Ms }
  | { is: 'running'; response: string; reply: Reply }
  | { is: 'ending'; response: string; reply: Reply; deadlineMs: Ms };

export interface RunningResponse {
  reply: Reply;
  /** Epoch when it started: audio of an older epoch is never emitted. */
  epoch: number;
  outOfBand: boolean;
  /** Calls that we owe an answer. */
  calls: number;
}

export interface Waiting {
  command: ReplyCommand;
  reply: Reply;
}

export interface EngineState {
  phase: 'connecting' | 'open' | 'closed';
  /** What the link can do, as far as decisions need it. */
  can: {
    cut: boolean;
    remove: boolean;
    cancel: boolean;
    say: boolean;
    toolReply: 'auto' | 'asked';
    wireReplies: 'switchable' | 'always' | 'never';
  };
  /** The server answers a finished turn by itself. */
  autoReply: boolean;
  /** The server stops its response itself when the user begins to speak. */
  autoCut: boolean;
  replyTimeoutMs: Ms;
  slot: Slot;
  waiting: Waiting[];
  /** Responses under way by link id, the default one and out-of-band ones. */
  responses: Record<string, RunningResponse>;
  /** Out-of-band replies asked and not yet started, by command id. */
  aside: Record<string, Reply>;
  /** Command ids whose response, should it still come, is stopped at once. */
  abandoned: string[];
  /** Open tool calls owed by us: link call id -> response id. */
  calls: Record<string, string>;
  /** The user's turn under way or just ended. */
  turn: string | null;
  userSpeaking: boolean;
  /** Raised by every interruption, ours or the server's. */
  epoch: number;
  replyCount: number;
  /** Items we could not change on the server: id -> what it should be. */
  diverged: Record<string, 'cut' | 'removed'>;
}

export type EngineInput = (
  | { t: 'command'; command: Command; cause?: ReplyCause; reply?: string }
  | { t: 'event'; event: Event }
  | { t: 'interrupt' }
  | { t: 'wake' }
) & { atMs: Ms };

export type ReplyOutcome = 'completed' | 'cancelled' | 'incomplete' | 'failed' | 'superseded';

/** What happened to replies and the floor; the session turns these into its public events. */
export type EngineNotice =
  | {
      t: 'generation';
      phase: 'created';
      reply: Reply;
      response: string;
      outOfBand: boolean;
      epoch: number;
      cmd: string | null;
    }
  | {
      t: 'generation';
      phase: 'ended';
      reply: Reply;
      response: string;
      outcome: ReplyOutcome;
      reason: string;
      calls: number;
    }
  | { t: 'reply_failed'; reply: Reply; cmd: string | null; code: string; message: string }
  | { t: 'interrupted'; by: 'us' | 'server'; epoch: number; response: string | null };

export type EngineEffect =
  | { t: 'send'; command: Command }
  | { t: 'emit'; event: Event }
  | { t: 'notice'; notice: EngineNotice }
  | { t: 'note'; text: string };

/** How long we wait for `ended` after `stop` before we take it as ended. */
export const stopGraceMs = 5_000;
/** An expected reply whose turn had no words is waited for no longer than this. */
export const wordlessGraceMs = 1_500;
/** Replies that may wait for the slot; one more is refused. */
export const waitingLimit = 16;

export function engineState(
  capabilities: Capabilities,
  turns: TurnRule,
  options: { replyTimeoutMs: Ms },
): EngineState {
  const state: EngineState = {
    phase: 'connecting',
    can: {
      cut: capabilities.cut !== 'none',
      remove: capabilities.remove,
      cancel: capabilities.cancel !== 'no',
      say: capabilities.say,
      toolReply: capabilities.toolReply,
      wireReplies: capabilities.autoReply,
    },
    autoReply: false,
    autoCut: false,
    replyTimeoutMs: options.replyTimeoutMs,
    slot: { is: 'free' },
    waiting: [],
    responses: {},
    aside: {},
    abandoned: [],
    calls: {},
    turn: null,
    userSpeaking: false,
    epoch: 0,
    replyCount: 0,
    diverged: {},
  };
  applyTurnRule(state, turns);
  return state;
}

export function applyTurnRule(state: EngineState, turns: TurnRule): void {
  const byWire = turns.owner === 'wire';
  state.autoReply = byWire && (turns.autoReply || state.can.wireReplies === 'always');
  state.autoCut = byWire && turns.autoCut;
}

export function newReply(state: EngineState, cause: ReplyCause, turn: string | null): Reply {
  state.replyCount += 1;
  return { id: `reply_${state.replyCount}`, cause, turn };
}

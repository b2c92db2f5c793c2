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

/** A create, from the asking to its response. */
export interface Ask {
  reply: Reply;
  /** Its id, as whoever asked knows it. */
  cmd: string;
  /** As it was sent last, or will be first: when it is sent again it has an id of its own. */
  command: ReplyCommand;
  /** Sent, and neither begun nor refused: sent again it might be answered twice. */
  inFlight: boolean;
  /** How often it was sent. */
  tries: number;
  /** Its asker has been told that it will not come. */
  failed: boolean;
}

/** A reply that the server gives by itself. */
export interface Due {
  reply: Reply;
  /** The answer to a tool call after which it goes on; `null`: it is a turn's. */
  cmd: string | null;
  /** Its turn had no words, as far as anybody knows: it may well stay unanswered. */
  wordless: boolean;
}

/**
 * Who has the one mouth. `asked`: we sent a create; `expected`: the server will answer a turn (or tool results) by
 * itself; `running`: a response speaks; `ending`: we told it to stop. Creates wait in every state but `free`.
 */
export type Slot =
  | { is: 'free' }
  /** `unwanted`: stopped as soon as it begins. */
  | { is: 'asked'; ask: Ask; unwanted: boolean; deadlineMs: Ms }
  | ({ is: 'expected'; unwanted: boolean; deadlineMs: Ms } & Due)
  | { is: 'running'; response: string; reply: Reply }
  | { is: 'ending'; response: string; reply: Reply; deadlineMs: Ms };

export interface RunningResponse {
  reply: Reply;
  /** Epoch when it started: audio of an older epoch is never emitted. */
  epoch: number;
  outOfBand: boolean;
  /** Calls that we owe an answer. */
  calls: number;
  /** It began while the user spoke: the server's own cut at the beginning of speech has passed it by. */
  overSpeech: boolean;
  /** When something was last heard of it. */
  heardMs: Ms;
}

/** An out-of-band reply that was asked for and has not begun. */
export interface Aside {
  reply: Reply;
  deadlineMs: Ms;
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
    autoReply: 'switchable' | 'always' | 'never';
    autoCut: 'switchable' | 'always' | 'never';
  };
  /** The server answers a finished turn by itself. */
  autoReply: boolean;
  /** The server stops its response itself when the user begins to speak. */
  autoCut: boolean;
  replyTimeoutMs: Ms;
  slot: Slot;
  /** Creates that wait for the slot, in their order. */
  waiting: Ask[];
  /** Replies that the server will give by itself once the slot is free. */
  owed: Due[];
  /** Responses under way by link id, the default one and out-of-band ones. */
  responses: Record<string, RunningResponse>;
  /** By command id. */
  aside: Record<string, Aside>;
  /** Ids of creates that nobody wants any more: what still begins for them is stopped at once. */
  abandoned: string[];
  /** Ids of stops that we sent by ourselves: nobody waits for their answers. */
  ownStops: string[];
  /** Turn rules sent and not yet confirmed, by command id. */
  turnRules: Record<string, TurnRule>;
  /** Open tool calls owed by us: link call id -> the reply that they are part of. */
  calls: Record<string, Reply | null>;
  /** The last turns that the server may answer by itself and has not answered. One answer may do for several. */
  unanswered: string[];
  /** Those of them whose answer, should it still begin, is stopped at once; until the user says something new. */
  unwanted: string[];
  /** The user's turn under way or just ended. */
  turn: string | null;
  userSpeaking: boolean;
  /** Raised by every interruption, ours or the server's. */
  epoch: number;
  replyCount: number;
}

export type EngineInput =
  /** The link is about to be opened with this rule. */
  (
    | { t: 'opening'; turns: TurnRule }
    /** `replyId`: the id that the reply shall have, where it is a create. */
    | { t: 'command'; command: Command; cause?: ReplyCause; replyId?: string }
    | { t: 'event'; event: Event }
    | { t: 'interrupt' }
    /** Stops or forgets one reply, and no other. */
    | { t: 'cancel'; replyId: string }
    | { t: 'wake' }
  ) & { atMs: Ms };

export type ReplyOutcome = 'completed' | 'cancelled' | 'incomplete' | 'failed';

/** What happened to replies and the floor; the session turns these into its public events. */
export type EngineNotice =
  | {
      t: 'generation';
      phase: 'created';
      reply: Reply;
      response: string;
      outOfBand: boolean;
      epoch: number;
      /** The create that it answers, as its asker knows it. */
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
  /** It was asked for, or due, and will not come. `cmd`: the create that its asker waits for. */
  | { t: 'reply_failed'; reply: Reply; cmd: string | null; code: string; message: string; param?: string }
  /** A turn without words, to which the server gave no answer. */
  | { t: 'unanswered'; reply: Reply }
  /** Audio that was pushed before the link was ready, and was too much to keep. */
  | { t: 'input_dropped'; droppedMs: Ms }
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
/** A turn that only local ears have heard may be none to the server: its reply is waited for no longer than this. */
export const unheardGraceMs = 3_000;
/** A response of which nothing comes for so long is dead. */
export const quietResponseMs = 60_000;
/** Replies that may wait for the slot; one more is refused. */
export const waitingLimit = 16;
/** How often a create is sent again to a server that says that it is busy. */
export const triesLimit = 8;

export function engineState(
  capabilities: Capabilities,
  turns: TurnRule,
  options: { replyTimeoutMs: Ms },
): EngineState {
  const { cut, remove, cancel, say, toolReply, autoReply, autoCut } = capabilities;
  const state: EngineState = {
    phase: 'connecting',
    can: { cut: cut !== 'none', remove, cancel: cancel !== 'no', say, toolReply, autoReply, autoCut },
    autoReply: false,
    autoCut: false,
    replyTimeoutMs: options.replyTimeoutMs,
    slot: { is: 'free' },
    waiting: [],
    owed: [],
    responses: {},
    aside: {},
    abandoned: [],
    ownStops: [],
    turnRules: {},
    calls: {},
    unanswered: [],
    unwanted: [],
    turn: null,
    userSpeaking: false,
    epoch: 0,
    replyCount: 0,
  };
  applyTurnRule(state, turns);
  return state;
}

export function applyTurnRule(state: EngineState, turns: TurnRule): void {
  const { autoReply, autoCut } = state.can;
  const byWire = turns.owner === 'wire';
  state.autoReply = byWire && (autoReply === 'always' || (autoReply === 'switchable' && turns.autoReply));
  state.autoCut = byWire && (autoCut === 'always' || (autoCut === 'switchable' && turns.autoCut));
}

export function newReply(state: EngineState, cause: ReplyCause, turn: string | null, id?: string): Reply {
  if (id !== undefined) return { id, cause, turn };
  state.replyCount += 1;
  return { id: `reply_${state.replyCount}`, cause, turn };
}

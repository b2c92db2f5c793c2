import type { ReparteeError } from '../../core/index.js';
import { none } from '../../core/none.js';
import type { Capabilities } from '../capabilities.js';
import type { Command, Event, Ms, TurnRule } from '../contract.js';
import type { OpenApproval } from './hosted.js';
import { type Line, type LineOptions, newLine } from './line.js';
import type { OpenTurn } from './turns.js';

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
  /** The engine asks by itself for what a link that is gone still owed: nobody waits for the command. */
  own: boolean;
  limit: ReplyLimit | null;
}

/** A time of its own, from the asking on: it runs while the reply waits for another one, or for a link. */
export interface ReplyLimit {
  timeoutMs: Ms;
  /** When it must have begun. */
  byMs: Ms;
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
  /** The link's. */
  id: string;
  reply: Reply;
  /** Epoch when it started: audio of an older epoch is never emitted. */
  epoch: number;
  outOfBand: boolean;
  /** Calls that we owe an answer. */
  calls: number;
  /** Calls that the provider ran by itself. */
  hosted: number;
  /** It began while the user spoke: the server's own cut at the beginning of speech has passed it by. */
  overSpeech: boolean;
  /** When something was last heard of it. */
  heardMs: Ms;
  /** The create that it answers. */
  ask: Ask | null;
  /** The part under way. */
  kind: 'audio' | 'text';
  item: string | null;
  /** Samples of that item. */
  samples: number;
  /** Something of it was heard: sound, or words where words were asked for. */
  output: boolean;
  /** It was told to stop: audio that still comes of it is never emitted. */
  stopped: boolean;
}

/** A tool call that we owe an answer. */
export interface OpenCall {
  reply: Reply | null;
  name: string;
  args: string;
  /** The link that asked is gone: the result is told as part of the conversation. */
  lost: boolean;
}

/** An out-of-band reply that was asked for and has not begun. */
export interface Aside {
  reply: Reply;
  command: ReplyCommand;
  deadlineMs: Ms;
  limit: ReplyLimit | null;
}

export interface EngineState {
  phase: 'connecting' | 'open' | 'reconnecting' | 'closed';
  /** The connection itself: retries, and the change to another one. */
  line: Line;
  /** What the link can do, as far as decisions need it. */
  can: {
    /** The wire tells when the user speaks. */
    hears: boolean;
    cut: boolean;
    remove: boolean;
    cancel: boolean;
    say: boolean;
    history: 'any' | 'append' | 'opening';
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
  waiting: readonly Ask[];
  /** Replies that the server will give by itself once the slot is free. */
  owed: readonly Due[];
  /** Responses under way, the default one and out-of-band ones. */
  responses: readonly RunningResponse[];
  /** By command id. */
  aside: Readonly<Record<string, Aside>>;
  /** Ids of creates that nobody wants any more: what still begins for them is stopped at once. */
  abandoned: readonly string[];
  /** Ids of stops that we sent by ourselves: nobody waits for their answers. */
  ownStops: readonly string[];
  /** Turn rules sent and not yet confirmed, by command id. */
  turnRules: Readonly<Record<string, TurnRule>>;
  /** Open tool calls owed by us, by call id. */
  calls: Record<string, OpenCall>;
  /** Turns whose audio may be needed again, oldest first. */
  turns: readonly OpenTurn[];
  /** Turns that our own ears have heard and the link has no name for yet, oldest first. */
  unnamed: readonly { turn: string; ended: boolean }[];
  /** Items of turns whose last words have not come. */
  untranscribed: readonly { turn: string; item: string }[];
  /** Position on the input line: what was spoken before is settled. */
  settledMs: Ms;
  /** Audio from before a turn's start that goes with it. */
  prefixMs: Ms;
  /** The caller's side ends the turns. */
  byHand: boolean;
  /** Commands that a link took with it, whose effect the next one was told in its opening: confirmed once it is ready. */
  absorbed: readonly string[];
  /** The engine asks for the reply that speaks of what the provider's own tools found. */
  asksForHosted: boolean;
  /** Oldest first. */
  approvals: readonly OpenApproval[];
  /** The replies of those that were answered and not confirmed, by command id. */
  approving: Readonly<Record<string, Reply | null>>;
  /** Results of tools that the model could not be told of yet. */
  untold: readonly string[];
  /** What is done about a turn that nothing comes of, and how long that takes. */
  deadAir: DeadAir;
  /** What becomes of a reply that was partly heard when its link was lost. */
  partialReply: 'leave' | 'continue';
  /** The last turn whose silence was done something about. */
  silentTurn: string | null;
  /** The last turns that the server may answer by itself and has not answered. One answer may do for several. */
  unanswered: readonly string[];
  /** Those of them whose answer, should it still begin, is stopped at once; until the user says something new. */
  unwanted: readonly string[];
  /** The user's turn under way or just ended. */
  turn: string | null;
  userSpeaking: boolean;
  /** Raised by every interruption, ours or the server's. */
  epoch: number;
  replyCount: number;
}

/** `ask`: the model is asked again; `say`: it speaks a text, where it can; `reconnect`: on another connection. Once a turn, then the reply fails. */
export interface DeadAir {
  then: 'fail' | 'ask' | 'say' | 'reconnect';
  /** null = when the reply's own time is over. */
  afterMs: Ms | null;
  text: string;
}

/** Why a link could not be had, or is gone. */
export interface LinkFailure {
  code: string;
  message: string;
  /** Another try may help. */
  retryable: boolean;
  /** As it was thrown. */
  error?: ReparteeError;
}

/** `lineMs`: where the session's input line stands. `random`: 0 to 1, for the jitter. */
export type EngineInput = (
  | { t: 'connect' }
  /** The link is opened with this rule. */
  | { t: 'opening'; turns: TurnRule }
  /** A link that was dialled could not be had. */
  | { t: 'dial_failed'; as: 'current' | 'next'; failure: LinkFailure; random: number }
  /** The next link is ready, and waits. `endMs`: when it ends, where its server says so. */
  | { t: 'next_ready'; endMs: Ms | null }
  /** The link that serves ends then. */
  | { t: 'ends'; endMs: Ms }
  /** Another connection is wanted, at the next quiet point. */
  | { t: 'reconnect' }
  /** The link is gone. `flight`: commands that it took along unanswered. */
  | {
      t: 'gone';
      /** We let it go ourselves. */
      planned: boolean;
      failure: LinkFailure;
      flight: Command[];
      random: number;
      /** Words heard of the items that were being spoken. */
      heard: Record<string, string>;
      /** The session's own. */
      instructions: string;
      /** The rule that the link which takes over was opened with. */
      turns?: TurnRule;
    }
  /** `replyId`: the id that the reply shall have, `timeoutMs`: how long it may take to begin, where it is a create. */
  | { t: 'command'; command: Command; cause?: ReplyCause; replyId?: string; timeoutMs?: Ms }
  | { t: 'event'; event: Event }
  | { t: 'interrupt' }
  /** Stops or forgets one reply, and no other. */
  | { t: 'cancel'; replyId: string }
  /** `silentMs`: how long nothing has come from the link; 0 where nobody knows. */
  | { t: 'wake'; silentMs: Ms }
) & { atMs: Ms; lineMs: Ms };

/** The link is gone. */
export type Gone = Extract<EngineInput, { t: 'gone' }>;

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
      /** The reply goes on in another response: its link was lost, or what the provider's tools found is to be told. */
      again: boolean;
    }
  /** It was asked for, or due, and will not come. `cmd`: the create that its asker waits for. */
  | { t: 'reply_failed'; reply: Reply; cmd: string | null; code: string; message: string; param?: string }
  /** A turn without words, to which the server gave no answer. */
  | { t: 'unanswered'; reply: Reply }
  /** Audio that was pushed before the link was ready, and was too much to keep. */
  | { t: 'input_dropped'; droppedMs: Ms }
  | { t: 'interrupted'; by: 'us' | 'server'; epoch: number; response: string | null }
  /** No link from here on. `planned`: we let it go ourselves. */
  | { t: 'lost'; code: string; message: string; planned: boolean }
  /** Another link serves. `tries`: that failed before; `gapMs`: how long there was none. */
  | { t: 'relinked'; tries: number; gapMs: Ms; replayedMs: Ms; isFirst: boolean; wasLost: boolean }
  /** Another link cannot be had; the one that serves goes on. */
  | { t: 'not_moved'; failure: LinkFailure }
  /** A try failed; the next one follows. */
  | { t: 'retrying'; tries: number; delayMs: Ms; code: string; message: string }
  /** The turn's audio was sent again. */
  | { t: 'replayed'; turn: string; durationMs: Ms }
  | { t: 'dead_air'; turn: string; waitedMs: Ms; then: DeadAir['then'] };

export type EngineEffect =
  | { t: 'send'; command: Command }
  | { t: 'emit'; event: Event }
  | { t: 'notice'; notice: EngineNotice }
  | { t: 'note'; text: string }
  | { t: 'dial'; as: 'current' | 'next' }
  /** The present link is to be let go: `gone` follows. */
  | { t: 'swap' }
  /** The present link gives no sign of life: `gone` follows. */
  | { t: 'drop_link' }
  /** The next link is the present one from here on. */
  | { t: 'promote' }
  /** The link is ready: it gets the audio that it needs, and what waited. Before everything else that it is sent. */
  | { t: 'replay'; turns: readonly OpenTurn[] }
  /** Part of the conversation, though no link was told. */
  | { t: 'absorb'; command: Command }
  /** Of what the item holds only this much was heard. */
  | { t: 'cut_short'; item: string; samples: number }
  /** The link that knew them is gone: the item's words are those that came, or none. */
  | { t: 'finish_words'; turn: string; item: string }
  /** Its words are known, and the link that was to make an item of it is gone. */
  | { t: 'commit_turn'; turn: string; item: string }
  /** There will be no link. */
  | { t: 'over'; failure: LinkFailure };

/** How long we wait for `ended` after `stop` before we take it as ended. */
export const stopGraceMs = 5_000;
/** An expected reply whose turn had no words is waited for no longer than this. */
export const wordlessGraceMs = 1_500;
/** A turn that only local ears have heard may be none to the server: its reply is waited for no longer than this. */
export const unheardGraceMs = 3_000;
/** A response of which nothing comes for so long is dead. */
export const quietResponseMs = 60_000;
/** Turns whose audio was sent again and of which the new link says nothing for so long were noise. */
export const rebindGraceMs = 5_000;
/** Replies that may wait for the slot; one more is refused. */
export const waitingLimit = 16;
/** How often a create is sent again to a server that says that it is busy. */
export const triesLimit = 8;

export interface EngineStateOptions extends LineOptions {
  replyTimeoutMs: Ms;
  deadAir?: DeadAir;
  partialReply?: 'leave' | 'continue';
  hostedReply?: 'auto' | 'asked';
}

const failOnDeadAir: DeadAir = { then: 'fail', afterMs: null, text: '' };
/** What there is none of, as `none`. */
const noRecord: Readonly<Record<string, never>> = {};

/** Goes with a turn whose rule does not say. */
const defaultPrefixMs = 300;

export function engineState(
  capabilities: Capabilities,
  turns: TurnRule,
  options: EngineStateOptions,
): EngineState {
  const { speech, cut, remove, cancel, say, history, toolReply, autoReply, autoCut } = capabilities;
  const state: EngineState = {
    phase: 'connecting',
    line: newLine(capabilities, options),
    can: {
      hears: speech === 'edges',
      cut: cut !== 'none',
      remove,
      cancel: cancel !== 'no',
      say,
      history,
      toolReply,
      autoReply,
      autoCut,
    },
    autoReply: false,
    autoCut: false,
    replyTimeoutMs: options.replyTimeoutMs,
    slot: { is: 'free' },
    waiting: none,
    owed: none,
    responses: none,
    aside: noRecord,
    abandoned: none,
    ownStops: none,
    turnRules: noRecord,
    calls: {},
    turns: none,
    unnamed: none,
    untranscribed: none,
    settledMs: 0,
    prefixMs: 0,
    byHand: false,
    absorbed: none,
    asksForHosted: capabilities.hostedTools === true && options.hostedReply !== 'asked',
    approvals: none,
    approving: noRecord,
    untold: none,
    deadAir: options.deadAir ?? failOnDeadAir,
    silentTurn: null,
    partialReply: options.partialReply ?? 'leave',
    unanswered: none,
    unwanted: none,
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
  state.byHand = !byWire;
  state.prefixMs = byWire ? (turns.prefixMs ?? defaultPrefixMs) : 0;
  state.autoReply = byWire && (autoReply === 'always' || (autoReply === 'switchable' && turns.autoReply));
  state.autoCut = byWire && (autoCut === 'always' || (autoCut === 'switchable' && turns.autoCut));
}

/** The command was confirmed: if it set a turn rule, that holds from here on. */
export function confirmTurnRule(state: EngineState, cmd: string): void {
  const rule = state.turnRules[cmd];
  if (rule === undefined) return;
  state.turnRules = without(state.turnRules, cmd);
  applyTurnRule(state, rule);
}

export function newReply(state: EngineState, cause: ReplyCause, turn: string | null, id?: string): Reply {
  if (id !== undefined) return { id, cause, turn };
  state.replyCount += 1;
  return { id: `reply_${state.replyCount}`, cause, turn };
}

/** The record without this key; the same one where it is not there. */
export function without<T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> {
  if (record[key] === undefined) return record;
  const { [key]: _, ...rest } = record;
  return rest;
}

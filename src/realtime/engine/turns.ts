import { allBut, none } from '../../core/none.js';
import type { Event, Ms } from '../contract.js';
import type { EngineState } from './state.js';

/** Turns whose audio is kept; the oldest make room. */
const turnLimit = 16;

/**
 * A turn of the user whose audio may be needed again: it was spoken, and neither are its words known nor was its answer
 * heard.
 */
export interface OpenTurn {
  /** '' until a commit by hand is told its name. */
  turn: string;
  item: string | null;
  /** The last item when it began to be spoken, where our own ears heard that: its place. */
  after?: string | null;
  /** On the session's input line. */
  startMs: Ms;
  /** `null`: still being spoken. */
  endMs: Ms | null;
  /** Where it was committed by hand. */
  commitMs: Ms | null;
  /** The command that committed it by hand, until that is answered. */
  commit: string | null;
  committed: boolean;
  /** Words of it have been told. */
  partial: boolean;
  /** Its words so far are an earlier link's: the next ones begin anew. */
  again: boolean;
  /** All of its words are known. */
  known: boolean;
  /** Its words are known or its answer was heard. It stays in its place while one before it is not settled. */
  settled: boolean;
  /** The response that began when it had been spoken: its first output settles it. */
  response: string | null;
  /** An earlier link has told of it. */
  replayed: boolean;
  /** The link that serves has a name for it. */
  bound: boolean;
  /** Its audio was sent again and this link has not spoken of it; by then it is taken for noise. */
  replayedUntilMs: Ms | null;
}

export function openTurn(state: Pick<EngineState, 'turns'>, turn: string): OpenTurn | undefined {
  return state.turns.find((open) => open.turn === turn);
}

/** The first evidence of a turn. `lineMs`: where the input line stands. */
export function beginTurn(state: EngineState, turn: string, startMs: Ms): OpenTurn {
  const open: OpenTurn = {
    turn,
    item: null,
    startMs: Math.max(startMs, state.settledMs),
    endMs: null,
    commitMs: null,
    commit: null,
    committed: false,
    partial: false,
    again: false,
    known: false,
    settled: false,
    response: null,
    replayed: false,
    bound: false,
    replayedUntilMs: null,
  };
  state.turns = state.turns.concat(open);
  if (state.turns.length > turnLimit) settle(state, state.turns[0]!);
  return open;
}

/** Its audio is not needed any more, unless that of an earlier turn is. */
export function settle(state: EngineState, open: OpenTurn): void {
  open.settled = true;
  let over = 0;
  for (; state.turns[over]?.settled; over++) {
    const { endMs, startMs } = state.turns[over]!;
    state.settledMs = Math.max(state.settledMs, endMs ?? startMs);
  }
  if (over > 0) state.turns = over === state.turns.length ? none : state.turns.slice(over);
}

export function onSpeech(state: EngineState, event: Extract<Event, { t: 'speech' }>, lineMs: Ms): void {
  const { edge, turn, item, atMs = lineMs } = event;
  const open = openTurn(state, turn);
  if (open?.settled) return;
  if (edge === 'start') {
    const begun = open ?? beginTurn(state, turn, atMs);
    if (item !== undefined) begun.item ??= item;
    begun.replayedUntilMs = null;
  } else if (open !== undefined && edge === 'discarded') {
    open.endMs = atMs;
    settle(state, open);
  } else if (open !== undefined) {
    open.endMs = Math.max(open.startMs, atMs);
    if (item !== undefined) open.item ??= item;
  }
}

export function onCommitted(state: EngineState, event: Extract<Event, { t: 'committed' }>, lineMs: Ms): void {
  const { turn, item } = event;
  const open =
    openTurn(state, turn) ?? state.turns.find((other) => other.turn === '' && other.commitMs !== null);
  // Its audio is from where the one before ended.
  const told = open ?? beginTurn(state, turn, state.turns.at(-1)?.endMs ?? state.settledMs);
  told.turn = turn;
  told.item = item;
  told.endMs ??= told.commitMs ?? lineMs;
  told.committed = true;
  told.replayedUntilMs = null;
  if (told.known) settle(state, told);
}

/** Its words are known: from here on they say it. Words that never come leave only its sound. */
export function onHeard(state: EngineState, event: Extract<Event, { t: 'heard' }>): void {
  const open = state.turns.find(
    ({ turn, item }) =>
      (event.turn !== undefined && turn === event.turn) || (item !== null && item === event.item),
  );
  if (open === undefined || event.how === 'failed') return;
  open.partial = true;
  if (event.item !== undefined) open.item ??= event.item;
  if (event.how !== 'final') return;
  open.known = true;
  if (open.committed) settle(state, open);
}

/** Our own ears hear of a turn; the link will have another name for it. */
export function onOwnEars(state: EngineState, { edge, turn }: { edge: string; turn: string }): void {
  const known = state.unnamed.find((one) => one.turn === turn);
  if (edge === 'start' && known === undefined) {
    state.unnamed = state.unnamed.slice(1 - turnLimit).concat({ turn, ended: false });
  } else if (edge === 'discarded') state.unnamed = state.unnamed.filter((one) => one.turn !== turn);
  else if (known !== undefined) known.ended = true;
}

/** What had been said by then is one turn to the link, answered or followed by something typed. */
export function forgetUnnamed(state: EngineState): void {
  if (state.unnamed.length > 0) state.unnamed = state.unnamed.filter(({ ended }) => !ended);
}

/** The item's words are still to come. */
export function awaitWords(state: EngineState, { turn, item }: { turn: string; item: string }): void {
  state.untranscribed = state.untranscribed.slice(1 - turnLimit).concat({ turn, item });
}

export function wordsCame(state: EngineState, { item, turn }: { item?: string; turn?: string }): void {
  state.untranscribed = state.untranscribed.filter((one) => one.item !== item && one.turn !== turn);
}

/** A response has begun: it answers all that had been said by then. */
export function onAnswer(state: EngineState, response: string): void {
  for (const open of state.turns) if (open.committed || open.endMs !== null) open.response = response;
}

/** The first of its output has been heard. */
export function onOutput(state: EngineState, response: string): void {
  for (const open of [...state.turns]) if (open.response === response) settle(state, open);
}

/** The caller's side ends the turn: the audio since the last one is it. */
export function onCommitByHand(state: EngineState, cmd: string, lineMs: Ms): void {
  const startMs = state.turns.reduce((ms, { commitMs }) => Math.max(ms, commitMs ?? 0), state.settledMs);
  const open = state.turns.find(({ endMs }) => endMs === null) ?? beginTurn(state, '', startMs);
  open.commitMs = lineMs;
  open.endMs = lineMs;
  open.commit = cmd;
}

/** One that was refused has ended no turn: its audio belongs to the next one. */
export function commitAnswered(state: EngineState, cmd: string, isTaken: boolean): void {
  const open = state.turns.find(({ commit }) => commit === cmd);
  if (open === undefined) return;
  open.commit = null;
  if (!isTaken) state.turns = allBut(state.turns, open);
}

/** The audio that is not committed yet is not wanted. */
export function onDiscard(state: EngineState, lineMs: Ms): void {
  for (const open of [...state.turns]) if (open.endMs === null) settle(state, open);
  state.settledMs = lineMs;
}

/** From where on the audio is needed again, should the link be lost; Infinity: only what the server may not have heard yet. */
export function neededFromMs(state: EngineState): Ms {
  if (state.turns.length > 0) return Math.max(state.turns[0]!.startMs - state.prefixMs, 0);
  return state.byHand ? state.settledMs : Infinity;
}

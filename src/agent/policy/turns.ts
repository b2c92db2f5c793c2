import { notForUs, shortWords } from './judge.js';
import type { Burst, PolicyEffect, PolicyInput, PolicyState, Reason, Situation, TurnState } from './state.js';
import { hearText, noWords, saidBy } from './words.js';

/** Turns whose verdict may still be asked for; the oldest make room. */
const turnLimit = 32;
/** The caller's level follows what they say with this weight. */
const levelWeight = 0.3;

export function beginTurn(state: PolicyState, turn: string, { floor }: Situation): void {
  if (turnOf(state, turn) !== undefined) return;
  state.turns.push({
    turn,
    overlaps: floor !== 'free',
    stopped: false,
    verdict: 'open',
    deadlineMs: null,
    words: noWords(),
    opening: null,
    heard: false,
    not: null,
    voiced: false,
    told: false,
    features: null,
    voiceDb: null,
  });
  if (state.turns.length > turnLimit) state.turns.shift();
}

export function turnOf(state: PolicyState, turn: string | null): TurnState | undefined {
  return state.turns.find((other) => other.turn === turn);
}

/** It wants an answer. */
export function real(state: PolicyState, turn: TurnState, fx: PolicyEffect[]): void {
  if (turn.verdict === 'real') return;
  turn.verdict = 'real';
  turn.deadlineMs = null;
  learnLevel(state, turn);
  if (turn.stopped) fx.push({ t: 'answer', turn: turn.turn });
}

/** It was no turn. */
export function none(turn: TurnState, fx: PolicyEffect[]): void {
  if (turn.verdict !== 'open') return;
  turn.verdict = 'none';
  turn.deadlineMs = null;
  fx.push({ t: 'dismiss', turn: turn.turn });
}

/** The turn is over; `null`: only its words can tell what it was. */
export function endTurn(state: PolicyState, turn: TurnState, input: PolicyInput): 'real' | Reason | null {
  if (turn.verdict === 'real') return 'real';
  const { burst, settings } = state;
  const last = burst !== null && burst.turn === turn.turn ? notForUs(burst, state) : turn.not;
  const other = turn.voiced ? null : last;
  if (other === 'echo' || other === 'noise') return other;
  // What ends when the agent has finished is said to it, be it a yes.
  if (!turn.overlaps || (input.floor === 'free' && state.cutMs === null)) {
    return other === 'side_speech' && turn.overlaps ? other : 'real';
  }
  if (other === 'side_speech') return other;
  // Its recogniser's last word is better than what it thinks meanwhile.
  if (turn.opening === 'backchannel' && !turn.heard) return null;
  const said = saidBy(turn.words, settings);
  // One short word may be any, unless it is a command or the agent has paused for it.
  const enough = Math.max(state.heldMs === null ? shortWords : 1, settings.minWords);
  if (said.command || said.question || said.real >= enough) return 'real';
  if (state.transcribes && !turn.heard) return null;
  if (said.words === 0) return state.transcribes ? 'no_words' : 'too_short';
  return said.real === 0 ? 'backchannel' : settings.minWords > 0 ? 'too_few_words' : 'too_short';
}

/** Words that name no turn belong to the last one. */
export function turnHeard(
  state: PolicyState,
  input: Extract<PolicyInput, { t: 'words' }>,
): TurnState | undefined {
  const turn = input.turn === null ? state.turns.at(-1) : turnOf(state, input.turn);
  if (turn === undefined) return undefined;
  hearText(turn.words, input.source, input.text, input.isFinal, input.atMs);
  turn.heard ||= input.isFinal;
  return turn;
}

function learnLevel(state: PolicyState, turn: TurnState): void {
  const { burst, callerDb } = state;
  const voiceDb = burst !== null && burst.turn === turn.turn ? voiceLevel(burst) : turn.voiceDb;
  if (voiceDb === null) return;
  state.callerDb = callerDb === null ? voiceDb : callerDb + levelWeight * (voiceDb - callerDb);
}

/** `null` where there is too little of a voice to tell. */
export function voiceLevel({ periodicMs, voiceDb }: Burst): number | null {
  return periodicMs < 100 ? null : voiceDb;
}

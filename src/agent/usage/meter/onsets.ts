import type { Ms } from '../../../core/index.js';
import { allBut } from '../../../core/none.js';
import type { Waterfall } from './metrics.js';
import { sample } from './samples.js';
import type { MeterEffect, MeterInput, MeterState, OnsetState, TurnState } from './state.js';

/** Faster than a person, who has heard the end, could be. */
const earlyMs: Ms = 200;
const lateMs: Ms = 2_750;
const lateWithToolsMs: Ms = 4_000;
/** Responses that never sound make room for others. */
const onsetLimit = 16;

/** A response on its way to its first audible sample: what is known of it, in whatever order it comes. */
export function onsetOf(
  state: MeterState,
  input: Extract<MeterInput, { t: 'first_audio' | 'lead' | 'playing' }>,
  fx: MeterEffect[],
): void {
  if (input.t === 'first_audio') {
    const { response, own, atMs: firstMs } = input;
    const onset = { response, own, firstMs, playMs: null, leadMs: null };
    state.onsets = state.onsets.slice(1 - onsetLimit).concat(onset);
    return;
  }
  const onset = state.onsets.find(({ response }) => response === input.response);
  if (onset === undefined) return;
  if (input.t === 'lead') onset.leadMs = input.leadMs;
  else onset.playMs ??= input.playMs;
  const { playMs, leadMs } = onset;
  if (playMs === null || leadMs === null) return;
  state.onsets = allBut(state.onsets, onset);
  sounds(state, onset, playMs, leadMs, fx);
}

function sounds(state: MeterState, onset: OnsetState, playMs: Ms, leadMs: Ms, fx: MeterEffect[]): void {
  const atMs = playMs + leadMs;
  state.firstSpeechMs ??= atMs - (state.startedMs ?? atMs);
  if (state.toolsDoneMs !== null) {
    sample(state, 'postTool', Math.max(0, atMs - state.toolsDoneMs));
    state.toolsDoneMs = null;
  }
  const { turn } = state;
  // What began before the caller had said all is no answer to it.
  if (turn === null || turn.endedMs === null || atMs < turn.endedMs) return;
  if (turn.ackMs === null) {
    turn.ackMs = atMs - turn.endedMs;
    sample(state, 'ack', turn.ackMs);
  }
  if (onset.own || turn.voiceToVoiceMs !== null) return;
  answered(state, turn, waterfallOf(turn, turn.endedMs, onset.firstMs, playMs, leadMs), fx);
}

/** The stages in their order: one that is not known, or came late, takes no time. */
function waterfallOf(turn: TurnState, endedMs: Ms, firstMs: Ms, playMs: Ms, leadMs: Ms): Waterfall {
  // What was played before the caller had ended was quiet.
  const played = Math.max(playMs, endedMs);
  const first = Math.min(Math.max(firstMs, endedMs), played);
  const committed = Math.min(Math.max(turn.committedMs ?? first, endedMs), first);
  return {
    commitMs: committed - endedMs,
    modelMs: first - committed,
    playMs: played - first,
    leadSilenceMs: playMs + leadMs - played,
  };
}

function answered(state: MeterState, turn: TurnState, waterfall: Waterfall, fx: MeterEffect[]): void {
  const { commitMs, modelMs, playMs, leadSilenceMs } = waterfall;
  const voiceToVoiceMs = commitMs + modelMs + playMs + leadSilenceMs;
  const withTools = turn.tools > 0;
  turn.voiceToVoiceMs = voiceToVoiceMs;
  turn.waterfall = waterfall;
  state.sums.answered += 1;
  if (voiceToVoiceMs < earlyMs) state.sums.early += 1;
  if (voiceToVoiceMs >= (withTools ? lateWithToolsMs : lateMs)) state.sums.late += 1;
  sample(state, withTools ? 'withTools' : 'voiceToVoice', voiceToVoiceMs);
  sample(state, 'commit', commitMs);
  sample(state, 'model', modelMs);
  sample(state, 'play', playMs);
  sample(state, 'lead', leadSilenceMs);
  if (turn.interrupted) sample(state, 'postInterrupt', voiceToVoiceMs);
  const { turn: turnId, interrupted } = turn;
  const ackMs = turn.ackMs ?? voiceToVoiceMs;
  fx.push({ type: 'turn', turnId, voiceToVoiceMs, waterfall, ackMs, withTools, interrupted });
}

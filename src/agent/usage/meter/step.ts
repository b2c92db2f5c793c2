import type { Ms } from '../../../core/index.js';
import { elapse, settleRuns } from './elapse.js';
import { onsetOf } from './onsets.js';
import { sample } from './samples.js';
import type { MeterEffect, MeterInput, MeterState, TurnState } from './state.js';

type InputOf<T extends MeterInput['t']> = Extract<MeterInput, { t: T }>;

/** An agent that is silent so long after the caller began has yielded. */
const yieldMs: Ms = 2_000;
/** Cuts of which the provider's answer is awaited. */
const cutLimit = 16;

/** What happened in a call becomes what is measured of it. Inputs before `start` and after `end` change nothing. */
export function meterStep(state: MeterState, input: MeterInput, fx: MeterEffect[]): void {
  if (input.t === 'start') {
    if (state.startedMs !== null) return;
    state.startedMs = input.atMs;
    state.atMs = input.atMs;
    state.silentMs = input.atMs;
    return;
  }
  // A tool that the end of the call stops may say so a little later.
  if (state.startedMs === null || (state.endedMs !== null && input.t !== 'tool')) return;
  if (state.endedMs === null) elapse(state, input.atMs);
  decide(state, input, fx);
  settleRuns(state, input.atMs);
}

function decide(state: MeterState, input: Exclude<MeterInput, { t: 'start' }>, fx: MeterEffect[]): void {
  switch (input.t) {
    case 'user':
      return user(state, input, fx);
    case 'onset':
      if (state.bargeIn?.turn === input.turn) state.bargeIn.onsetMs = input.onsetMs;
      return;
    case 'committed':
      if (state.turn?.turn === input.turn) state.turn.committedMs ??= input.atMs;
      return;
    case 'words':
      return words(state, input);
    case 'first_audio':
    case 'lead':
    case 'playing':
      return onsetOf(state, input, fx);
    case 'agent':
      if (input.sounds && state.user && !state.agent) state.sums.agentBegan += 1;
      state.agent = input.sounds;
      return;
    case 'decided':
      return decided(state, input, fx);
    case 'silenced':
      return silenced(state, input.atMs, fx);
    case 'held':
      state.heldMs ??= input.atMs;
      return decided(state, { t: 'decided', by: null, atMs: input.atMs }, fx);
    case 'resumed':
      return resumed(state, input.atMs);
    case 'cut':
      state.cuts = state.cuts
        .slice(1 - cutLimit)
        .concat({ item: input.item, heardMs: input.heardMs, exact: input.exact });
      return;
    case 'truncated':
      return truncated(state, input);
    case 'stale': {
      const cut = state.cuts.find(({ item }) => item === input.item);
      if (cut === undefined || input.heardMs <= cut.heardMs) return;
      state.sums.staleMs += input.heardMs - cut.heardMs;
      cut.heardMs = input.heardMs;
      return;
    }
    case 'tool':
      return tool(state, input, fx);
    case 'reconnected':
      state.sums.reconnects += 1;
      state.sums.gapMs += input.gapMs;
      state.sums.longestGapMs = Math.max(state.sums.longestGapMs, input.gapMs);
      return;
    case 'dropped':
      state.sums.droppedMs += input.droppedMs;
      return;
    case 'end':
      completeTurn(state, fx);
      state.user = false;
      state.agent = false;
      state.endedMs = input.atMs;
  }
}

function user(state: MeterState, input: InputOf<'user'>, fx: MeterEffect[]): void {
  const { edge, turn, atMs } = input;
  if (edge === 'start') {
    completeTurn(state, fx);
    state.user = true;
    state.turn = freshTurn(turn);
    state.sums.turns += 1;
    state.bargeIn = {
      turn,
      onsetMs: null,
      toldMs: atMs,
      overlaps: state.agent,
      decidedMs: null,
      silentMs: null,
    };
    if (state.agent) state.sums.overlaps += 1;
    return;
  }
  state.user = false;
  if (edge === 'discarded') {
    if (state.turn?.turn !== turn) return;
    // It was none: what was counted of it is taken back.
    state.sums.turns -= 1;
    if (state.bargeIn?.overlaps === true && state.bargeIn.decidedMs === null) state.sums.overlaps -= 1;
    state.turn = null;
    state.bargeIn = null;
    return;
  }
  if (state.turn?.turn === turn) state.turn.endedMs = input.voiceEndedMs;
}

function words(state: MeterState, { turn, atMs }: InputOf<'words'>): void {
  const of = state.turn;
  if (of?.turn !== turn || of.transcriptLagMs !== null) return;
  // Some ears know the words before anybody knows that they were all.
  of.transcriptLagMs = of.endedMs === null ? 0 : Math.max(0, atMs - of.endedMs);
  sample(state, 'transcriptLag', of.transcriptLagMs);
}

/** `by` null: the far end is cleared, and nobody was interrupted yet. */
function decided(state: MeterState, { by, atMs }: InputOf<'decided'>, fx: MeterEffect[]): void {
  const { bargeIn, sums } = state;
  if (by === null) {
    if (bargeIn !== null) bargeIn.decidedMs ??= atMs;
    return;
  }
  sums.interruptions += 1;
  state.heldMs = null;
  if (by !== 'user') {
    fx.push({ type: 'interruption', by });
    return;
  }
  sums.byUser += 1;
  if (state.turn !== null) state.turn.interrupted = true;
  if (bargeIn === null) {
    fx.push({ type: 'interruption', by });
    return;
  }
  bargeIn.decidedMs ??= atMs;
  // Nothing was heard, or it is silent already: nothing has to fall silent.
  if (!bargeIn.overlaps || bargeIn.silentMs !== null) finishBargeIn(state, bargeIn.silentMs, fx);
}

function silenced(state: MeterState, atMs: Ms, fx: MeterEffect[]): void {
  state.agent = false;
  // A pause is no stop yet.
  if (state.heldMs !== null) {
    if (state.bargeIn !== null) state.bargeIn.silentMs ??= atMs;
    return;
  }
  if (state.bargeIn?.overlaps === true && state.bargeIn.decidedMs !== null) finishBargeIn(state, atMs, fx);
}

/** It was no interruption: what was taken for one is forgotten, and the pause has a length. */
function resumed(state: MeterState, atMs: Ms): void {
  if (state.heldMs === null) return;
  sample(state, 'resume', atMs - state.heldMs);
  state.sums.falseStops += 1;
  if (state.bargeIn?.overlaps === true) state.sums.overlaps -= 1;
  state.heldMs = null;
  state.bargeIn = null;
}

function finishBargeIn(state: MeterState, silentMs: Ms | null, fx: MeterEffect[]): void {
  const { bargeIn } = state;
  if (bargeIn === null || bargeIn.decidedMs === null) return;
  state.bargeIn = null;
  const { onsetMs, toldMs, decidedMs } = bargeIn;
  const told: Extract<MeterEffect, { type: 'interruption' }> = { type: 'interruption', by: 'user' };
  if (onsetMs !== null) {
    told.detectMs = Math.max(0, decidedMs - onsetMs);
    sample(state, 'detect', told.detectMs);
  }
  if (silentMs !== null) {
    told.flushMs = silentMs - decidedMs;
    told.stopMs = Math.max(0, silentMs - (onsetMs ?? toldMs));
    sample(state, 'flush', told.flushMs);
    sample(state, 'stop', told.stopMs);
    if (told.stopMs <= yieldMs) state.sums.yields += 1;
  }
  fx.push(told);
}

function truncated(state: MeterState, { item, heardMs }: InputOf<'truncated'>): void {
  const index = state.cuts.findIndex((cut) => cut.item === item);
  const cut = state.cuts[index];
  if (cut === undefined) return;
  if (cut.exact) sample(state, 'truncation', Math.abs(heardMs - cut.heardMs));
  else state.sums.unknownCuts += 1;
}

function tool(state: MeterState, input: InputOf<'tool'>, fx: MeterEffect[]): void {
  const { tools, sums, turn } = state;
  if (input.phase === 'started') {
    state.tools = tools.concat({ call: input.call, startedMs: input.atMs });
    sums.tools += 1;
    if (turn !== null) turn.tools += 1;
    return;
  }
  const { call: callId, name, outcome, atMs } = input;
  const place = tools.findIndex((one) => one.call === callId);
  const { startedMs } = tools[place] ?? {};
  if (startedMs === undefined) return;
  state.tools = tools.toSpliced(place, 1);
  sums.outcomes = { ...sums.outcomes, [outcome]: (sums.outcomes[outcome] ?? 0) + 1 };
  if (state.tools.length === 0) state.toolsDoneMs = atMs;
  fx.push({ type: 'tool', callId, name, outcome, waitMs: atMs - startedMs });
}

function freshTurn(turn: string): TurnState {
  return {
    turn,
    endedMs: null,
    committedMs: null,
    interrupted: false,
    ackMs: null,
    voiceToVoiceMs: null,
    waterfall: null,
    transcriptLagMs: null,
    tools: 0,
    toolWaitMs: 0,
    toolSilentMs: 0,
    overlapMs: 0,
  };
}

function completeTurn(state: MeterState, fx: MeterEffect[]): void {
  const { turn } = state;
  state.turn = null;
  state.bargeIn = null;
  if (turn === null) return;
  const { turn: turnId, voiceToVoiceMs, waterfall, ackMs, transcriptLagMs } = turn;
  const { toolWaitMs, toolSilentMs, tools, overlapMs } = turn;
  fx.push({
    type: 'turn_completed',
    turnId,
    answered: voiceToVoiceMs !== null,
    ...(voiceToVoiceMs === null ? {} : { voiceToVoiceMs }),
    ...(waterfall === null ? {} : { waterfall }),
    ...(ackMs === null ? {} : { ackMs }),
    ...(transcriptLagMs === null ? {} : { transcriptLagMs }),
    toolWaitMs,
    toolSilentMs,
    tools,
    overlapMs,
  });
}

import type { Command, Ms } from '../../realtime/index.js';
import { addUserAudio, lastItem } from './item-list.js';
import { answerTurn, cancel } from './slot.js';
import { ack, type BrainInput, type BrainState, emit, type Pass, refuse, type Utterance } from './state.js';
import { awaitWords } from './waiting.js';

type InputOf<K extends BrainInput['in']> = Extract<BrainInput, { in: K }>;
type Activity = Extract<Command, { t: 'activity' }>;

/** Less audio than this cannot be committed (OpenAI: input_audio_buffer_commit_empty). */
export const minCommitMs = 100;
const defaultPrefixMs = 300;

/** An edge of the VAD; they count only while the link owns the turns. */
export function voice(pass: Pass, input: InputOf<'voice'>): void {
  const { state, fx } = pass;
  const { turns } = state.config;
  if (turns.owner !== 'wire') return;
  if (input.edge === 'stop') {
    if (state.utterance?.speaking) endTurn(pass, state.utterance);
    return;
  }
  if (state.utterance !== null) return;
  const prefixMs = turns.prefixMs ?? defaultPrefixMs;
  const utterance = openUtterance(
    pass,
    Math.max(state.boundaryMs, input.atMs - prefixMs, earliestMs(pass)),
    true,
  );
  emit(pass, {
    t: 'speech',
    edge: 'start',
    turn: utterance.turn,
    item: utterance.item,
    atMs: utterance.fromMs,
    basis: 'wire',
  });
  state.idleAtMs = null;
  if (turns.autoCut) {
    // The turn that begins will be answered; what was owed to the one before is superseded.
    state.owed = null;
    if (state.main?.cuttable) cancel(pass, state.main, 'turn_detected');
  }
  fx.push({ fx: 'listen', item: utterance.item, fromMs: utterance.fromMs });
}

export function activity(pass: Pass, command: Activity): void {
  const { state } = pass;
  switch (command.edge) {
    case 'end':
      commitByHand(pass, command.cmd);
      break;
    case 'discard':
      ack(pass, command.cmd);
      discard(pass);
      emit(pass, { t: 'cleared', cmd: command.cmd });
      break;
    case 'flush':
      ack(pass, command.cmd);
      if (state.utterance?.speaking) {
        endTurn(pass, state.utterance);
        pass.fx.push({ fx: 'forget_speech' });
      }
      break;
    case 'start':
      // Nothing to decide: under `owner: 'caller'` the utterance is open anyway.
      ack(pass, command.cmd);
      break;
  }
}

/** Under `owner: 'caller'` audio is an utterance from the last commit on. */
export function openCallersUtterance(pass: Pass): void {
  const { state, fx } = pass;
  if (state.config.turns.owner !== 'caller' || state.utterance !== null) return;
  const { item, fromMs } = openUtterance(pass, state.boundaryMs, false);
  fx.push({ fx: 'listen', item, fromMs });
}

/** The end of speech that is no end of the turn any more, because the caller now owns the turns. */
export function stopSpeech(pass: Pass, utterance: Utterance): void {
  utterance.speaking = false;
  const { turn, item } = utterance;
  emit(pass, { t: 'speech', edge: 'stop', turn, item, atMs: pass.state.positionMs, basis: 'wire' });
}

/** What came in since the last commit is void. */
export function discard(pass: Pass): void {
  const { state, fx } = pass;
  const { utterance } = state;
  if (utterance !== null) {
    const { turn, item } = utterance;
    if (utterance.speaking) emit(pass, { t: 'speech', edge: 'discarded', turn, item, basis: 'wire' });
    state.utterance = null;
    fx.push({ fx: 'unlisten' });
  }
  fx.push({ fx: 'forget_speech' });
  state.boundaryMs = state.positionMs;
  state.overflowed = false;
  openCallersUtterance(pass);
}

/** Nothing was said for long after the last answer: an empty turn asks for another one. */
export function idle(pass: Pass): void {
  const { state } = pass;
  state.idleAtMs = null;
  if (state.main !== null || state.utterance !== null) return;
  const turn = pass.ids('turn');
  const item = pass.ids('item');
  emit(pass, { t: 'committed', turn, item, after: lastItem(state), basis: 'wire' });
  addUserAudio(pass, item, '');
  if (state.config.transcription !== null) emit(pass, { t: 'heard', item, turn, text: '', how: 'final' });
  answerTurn(pass, turn);
}

/** Longer than any turn: the VAD is stuck, or the caller never commits. */
export function isTooLong({ utterance, positionMs, limits, overflowed }: BrainState): boolean {
  return utterance !== null && !overflowed && positionMs - utterance.fromMs >= limits.maxUtteranceMs;
}

/** Ends a turn of the VAD; drops what comes further of a caller's, until it is committed or cleared. */
export function endOverlong(pass: Pass): void {
  const { state } = pass;
  if (state.utterance?.speaking) {
    endTurn(pass, state.utterance);
    pass.fx.push({ fx: 'forget_speech' });
    return;
  }
  state.overflowed = true;
  const message = `More than ${state.limits.maxUtteranceMs} ms of uncommitted audio: commit or clear it, the rest is dropped.`;
  refuse(pass, undefined, { code: 'input_audio_buffer_full', message });
}

function openUtterance(pass: Pass, fromMs: Ms, speaking: boolean): Utterance {
  const utterance: Utterance = {
    turn: pass.ids('turn'),
    item: pass.ids('item'),
    fromMs,
    speaking,
    interim: '',
  };
  pass.state.utterance = utterance;
  return utterance;
}

/** speaking->stop->committed */
function endTurn(pass: Pass, utterance: Utterance): void {
  const { turns } = pass.state.config;
  stopSpeech(pass, utterance);
  commit(pass, utterance, turns.owner === 'wire' && turns.autoReply);
}

function commitByHand(pass: Pass, cmd: string): void {
  const { state, fx } = pass;
  const waiting =
    state.positionMs - (state.utterance?.fromMs ?? Math.max(state.boundaryMs, earliestMs(pass)));
  if (waiting < minCommitMs) {
    refuse(pass, cmd, {
      code: 'input_audio_buffer_commit_empty',
      message: `A commit needs at least ${minCommitMs} ms of audio; there are ${waiting.toFixed(2)} ms.`,
      benign: true,
    });
    return;
  }
  let { utterance } = state;
  if (utterance === null) {
    // No speech was found, but the client says that this is a turn.
    utterance = openUtterance(pass, Math.max(state.boundaryMs, earliestMs(pass)), false);
    fx.push({ fx: 'listen', item: utterance.item, fromMs: utterance.fromMs });
  }
  ack(pass, cmd, utterance.item);
  if (utterance.speaking) {
    stopSpeech(pass, utterance);
    fx.push({ fx: 'forget_speech' });
  }
  // A commit by hand never starts a response.
  commit(pass, utterance, false);
}

function commit(pass: Pass, utterance: Utterance, answer: boolean): void {
  const { state, fx } = pass;
  const { turn, item, fromMs, interim } = utterance;
  const toMs = state.positionMs;
  state.utterance = null;
  state.boundaryMs = toMs;
  state.overflowed = false;
  state.unansweredMs += toMs - fromMs;
  emit(pass, { t: 'committed', turn, item, after: lastItem(state), basis: 'wire' });
  addUserAudio(pass, item, null);
  fx.push({ fx: 'commit', item });
  awaitWords(pass, item, { turn, fromMs, toMs, interim, answer });
  openCallersUtterance(pass);
}

function earliestMs({ state }: Pass): Ms {
  return Math.max(0, state.positionMs - state.limits.lookBackMs);
}

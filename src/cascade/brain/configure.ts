import { withPatch } from '../../realtime/config.js';
import type { Command } from '../../realtime/index.js';
import { add } from './items.js';
import { ack, emit, type Pass, refuse, unknownVoice } from './state.js';
import { discard, openCallersUtterance, stopSpeech } from './turns.js';

/** new->open->open: the config and the history are taken as far as they can be; what cannot is refused, and the link is ready. */
export function open(pass: Pass, command: Extract<Command, { t: 'open' }>): void {
  const { state, fx } = pass;
  if (command.resume !== undefined) {
    state.phase = 'closed';
    const message = 'A pipeline keeps nothing once its link is closed, so it cannot resume.';
    emit(pass, { t: 'closing', code: 'unsupported', disposition: 'fatal', message });
    fx.push({ fx: 'shut' });
    return;
  }
  state.phase = 'open';
  const refusal = unknownVoice(pass, command.config.voice);
  if (refusal !== undefined) refuse(pass, undefined, refusal);
  state.config = refusal === undefined ? command.config : { ...command.config, voice: state.config.voice };
  fx.push({ fx: 'tune' });
  emit(pass, { t: 'ready', sessionId: pass.ids('sess'), effective: state.config });
  for (const item of command.history) add(pass, undefined, item);
  openCallersUtterance(pass);
}

/** A patch is taken whole or not at all. */
export function configure(pass: Pass, command: Extract<Command, { t: 'configure' }>): void {
  const { state, fx } = pass;
  const refusal = unknownVoice(pass, command.patch.voice);
  if (refusal !== undefined) {
    refuse(pass, command.cmd, refusal);
    return;
  }
  const before = state.config.turns.owner;
  state.config = withPatch(state.config, command.patch);
  ack(pass, command.cmd);
  fx.push({ fx: 'tune' });
  const after = state.config.turns.owner;
  if (before === 'wire' && after === 'caller') {
    // The utterance under way goes on as the caller's; without one, audio counts from here.
    if (state.utterance?.speaking) stopSpeech(pass, state.utterance);
    else state.boundaryMs = state.positionMs;
    state.idleAtMs = null;
    fx.push({ fx: 'forget_speech' });
    openCallersUtterance(pass);
  } else if (before === 'caller' && after === 'wire') {
    discard(pass);
  }
}

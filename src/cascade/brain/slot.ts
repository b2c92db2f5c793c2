import type { Cause, Command, ResponseStatus } from '../../realtime/index.js';
import { closeMessage } from './message.js';
import { emit, type Pass, type Response } from './state.js';
import { usageOf } from './usage.js';
import { thinkWhenHeard } from './waiting.js';

type Reply = Extract<Command, { t: 'reply' }>;

/** free->answerTurn->running; running->answerTurn->owed */
export function answerTurn(pass: Pass, turn: string): void {
  const { state } = pass;
  if (state.main !== null) {
    state.owed = turn;
    return;
  }
  const { output } = state.config;
  const response = begin(pass, { by: 'turn', turn }, { outOfBand: false, output, command: null });
  response.awaiting = state.unheard.map((unheard) => unheard.item);
  thinkWhenHeard(pass, response);
}

/** free->begin->running; an out-of-band response runs beside the slot. */
export function begin(
  pass: Pass,
  cause: Cause,
  how: { outOfBand: boolean; output: 'audio' | 'text'; command: Reply | null },
): Response {
  const { state, fx } = pass;
  const response: Response = {
    id: pass.ids('resp'),
    outOfBand: how.outOfBand,
    cuttable: true,
    output: how.output,
    awaiting: [],
    message: null,
    count: 0,
    finish: null,
    usage: null,
    inputMs: how.outOfBand ? 0 : state.unansweredMs,
    firstAudioAtMs: null,
    quietAtMs: pass.nowMs + state.limits.quietMs,
  };
  if (how.outOfBand) {
    state.aside.push(response);
  } else {
    state.main = response;
    state.owed = null;
    state.idleAtMs = null;
    state.unansweredMs = 0;
  }
  fx.push({ fx: 'prepare', response: response.id, command: how.command });
  const { id, outOfBand } = response;
  const metadata = how.command?.metadata ?? null;
  emit(pass, { t: 'response', phase: 'started', response: id, cause, outOfBand, metadata });
  return response;
}

export function end(
  pass: Pass,
  response: Response,
  status: ResponseStatus,
  reason?: string,
  message?: string,
): void {
  const { state } = pass;
  const outputMs = response.message?.audioMs ?? 0;
  pass.fx.push({ fx: 'release', response: response.id });
  emit(pass, {
    t: 'response',
    phase: 'ended',
    response: response.id,
    status,
    basis: 'wire',
    usage: usageOf(response.usage, response.inputMs, outputMs),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
  });
  if (response.outOfBand) {
    state.aside = state.aside.filter((other) => other !== response);
    return;
  }
  state.main = null;
  const { turns } = state.config;
  if (turns.owner === 'wire' && typeof turns.idleTimeoutMs === 'number' && state.utterance === null) {
    // Listeners hear a burst at the speed of speech: silence begins when it has been played.
    const playedAtMs = (response.firstAudioAtMs ?? pass.nowMs) + outputMs;
    state.idleAtMs = Math.max(pass.nowMs, playedAtMs) + turns.idleTimeoutMs;
  }
  const { owed } = state;
  state.owed = null;
  if (owed !== null) answerTurn(pass, owed);
}

/** running->cancel->free: part and item are closed as they stand, nothing of the response follows. */
export function cancel(pass: Pass, response: Response, reason: 'turn_detected' | 'client_cancelled'): void {
  closeMessage(pass, response, 'incomplete');
  end(pass, response, 'cancelled', reason);
}

export function findResponse(pass: Pass, id: string): Response | undefined {
  const { main, aside } = pass.state;
  return main?.id === id ? main : aside.find((response) => response.id === id);
}

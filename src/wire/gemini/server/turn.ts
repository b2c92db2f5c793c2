import type { Ms } from '../../../realtime/contract.js';
import { usageToMetadata } from '../convert/usage.js';
import type { ServerContent } from '../messages.js';
import { command, type Playback, rearm, type Server, send, sendCancelled } from './context.js';
import { lateAudio } from './faults.js';

/** The model is done; the turn is complete once the client has, by the clock, played it all. */
export function finishTurn(server: Server, reason: string | null): void {
  const { state, nowMs, options } = server;
  state.turnCompleteReason = reason;
  state.completeAtMs = options.turnComplete === 'at-once' ? nowMs : Math.max(nowMs, state.playedUntilMs);
  if (state.completeAtMs <= nowMs) completeTurn(server);
  else rearm(server);
}

export function completeTurn(server: Server): void {
  const { state } = server;
  if (!state.turnOpen) return;
  const serverContent: ServerContent = { turnComplete: true };
  if (state.turnCompleteReason !== null) serverContent.turnCompleteReason = state.turnCompleteReason;
  const usageMetadata =
    server.options.usage === 'prompt-first' ? {} : usageToMetadata(state.usage, server.options.surface);
  state.promptTold = false;
  state.turnOpen = false;
  state.completeAtMs = null;
  state.turnCompleteReason = null;
  state.playback = null;
  state.usage = {};
  rearm(server);
  send(server, usageMetadata === undefined ? { serverContent } : { serverContent, usageMetadata });
}

/**
 * Somebody spoke over the turn: `interrupted`, then `turnComplete`, never `generationComplete`. What the client has not
 * played by the clock was not heard, and the link is told so.
 */
export function interruptTurn(server: Server): void {
  if (!server.state.turnOpen) return;
  const { playback } = server.state;
  const unplayedMs = stopPlayback(server);
  send(server, { serverContent: { interrupted: true } });
  lateAudio(server);
  completeTurn(server);
  cutUnplayed(server, playback, unplayedMs);
}

/** The client has gone while it played what had been sent: the rest nobody heard. */
export function leavePlayback(server: Server): void {
  const { playback, response, turnOpen } = server.state;
  if (turnOpen && response === null) cutUnplayed(server, playback, stopPlayback(server));
}

/** What was still to be played, by the clock. */
function stopPlayback({ state, nowMs }: Server): Ms {
  const unplayedMs = Math.max(0, state.playedUntilMs - nowMs);
  state.playedUntilMs = nowMs;
  return unplayedMs;
}

function cutUnplayed(server: Server, playback: Playback | null, unplayedMs: Ms): void {
  if (playback === null || unplayedMs === 0) return;
  const { item, part, sentMs } = playback;
  const heardMs = Math.max(0, Math.floor(sentMs - unplayedMs));
  command(server, 'other', (cmd) => ({ t: 'item.cut', cmd, item, part, heardMs, heardText: '' }));
}

/**
 * The user speaks while the model waits for its calls: they are cancelled, and the link is told that nothing came of them.
 */
export function cancelCalls(server: Server): void {
  const { state } = server;
  if (state.openCalls.size === 0) return;
  const calls = [...state.openCalls];
  state.openCalls.clear();
  sendCancelled(
    server,
    calls.map(([call]) => call),
  );
  completeTurn(server);
  calls.forEach(([call, name], index) => {
    const more = index < calls.length - 1;
    const answer = { call, name, output: 'Cancelled: the user spoke.', isError: true, more };
    command(server, 'other', (cmd) => ({ t: 'answer', cmd, ...answer, then: 'wait' }));
  });
}

/** The client itself takes the floor: by text, or by an activity of its own. */
export function cutForClient(server: Server): void {
  const { state } = server;
  if (state.response !== null) {
    const { response } = state.response;
    command(server, 'other', (cmd) => ({ t: 'stop', cmd, response }));
  } else if (state.completeAtMs !== null) {
    interruptTurn(server);
  }
}

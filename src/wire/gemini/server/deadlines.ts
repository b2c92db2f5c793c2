import { msToDuration } from '../convert/duration.js';
import { closeWith, rearm, type Server, send } from './context.js';
import { completeTurn } from './turn.js';

/** Reason of the close for clients that did not leave (protocol page, section 6; cut at 123 bytes by the service). */
const ignored =
  'Connection aborted because the client failed to close the connection after receiving a GoAway signal';

/** Whatever time has come for. */
export function overdue(server: Server): void {
  const { state, options, nowMs } = server;
  const isDue = (atMs: number | null) => atMs !== null && atMs <= nowMs;
  if (isDue(state.readyByMs)) {
    return closeWith(server, 1011, 'Deadline expired before operation could complete.');
  }
  if (isDue(state.goneAtMs)) return closeWith(server, 1008, ignored);
  if (isDue(state.completeAtMs)) completeTurn(server);
  if (isDue(state.goAwayAtMs)) {
    const leftMs = options.goAwayLeftMs ?? 50_000;
    state.goAwayAtMs = null;
    state.goneAtMs = nowMs + leftMs;
    send(server, { goAway: { timeLeft: msToDuration(leftMs) } });
  }
  rearm(server);
}

import type { Ms } from '../core/index.js';
import type { Failure } from './status.js';

/** The life of a client's connection. Plain JSON; the runner is `VoiceClient`. */
export interface ConnectionState {
  policy: RetryPolicy;
  life: ConnectionLife;
}

export type ConnectionLife =
  | { phase: 'idle' | 'preparing' | 'connecting' | 'closed' }
  | { phase: 'live'; session: number }
  | { phase: 'waiting'; session: number; attempt: number; retryInMs: Ms; reason: Failure }
  | { phase: 'redialling'; session: number; attempt: number; reason: Failure };

export interface RetryPolicy {
  /** Attempts after a lost connection before giving up; 0: none. Default 8. */
  maxAttempts: number;
  /** The wait before the first attempt; doubles each time. Default 500. */
  firstRetryMs: Ms;
  /** Default 10,000. */
  maxRetryMs: Ms;
}

export const defaultRetryPolicy: RetryPolicy = { maxAttempts: 8, firstRetryMs: 500, maxRetryMs: 10_000 };

export type ConnectionInput =
  | { t: 'start' }
  | { t: 'audio_ready' }
  | { t: 'audio_failed'; failure: Failure }
  /** The server said welcome. */
  | { t: 'welcomed' }
  /** The socket could not be opened, or ended. `chance` (0..1) spreads the retries of many pages. */
  | { t: 'ended'; closeCode: number; failure: Failure; chance: number }
  /** The wait is over, or the browser says that the network is back. */
  | { t: 'retry' }
  | { t: 'stop' };

export type ConnectionEffect =
  | { t: 'open_audio' }
  | { t: 'dial' }
  | { t: 'wait'; ms: Ms }
  | { t: 'cancel_wait' }
  /** Sound of a conversation that is gone must not go on. */
  | { t: 'silence' }
  | { t: 'status' }
  /** Let go of socket, microphone and loudspeaker; `failure` is why, unless it was asked for. */
  | { t: 'release'; failure: Failure | null };

export function connectionStep(s: ConnectionState, input: ConnectionInput, fx: ConnectionEffect[]): void {
  const { life } = s;
  switch (input.t) {
    case 'start': // idle->start->preparing
      if (life.phase !== 'idle') return;
      become(s, { phase: 'preparing' }, fx);
      fx.push({ t: 'open_audio' });
      return;
    case 'audio_ready': // preparing->audio_ready->connecting
      if (life.phase !== 'preparing') return;
      become(s, { phase: 'connecting' }, fx);
      fx.push({ t: 'dial' });
      return;
    case 'audio_failed': // preparing->audio_failed->closed
      if (life.phase === 'preparing') close(s, input.failure, fx);
      return;
    case 'welcomed': // connecting|redialling->welcomed->live
      if (life.phase === 'connecting') become(s, { phase: 'live', session: 1 }, fx);
      if (life.phase === 'redialling') become(s, { phase: 'live', session: life.session + 1 }, fx);
      return;
    case 'ended':
      ended(s, input, fx);
      return;
    case 'retry': // waiting->retry->redialling
      if (life.phase !== 'waiting') return;
      become(
        s,
        { phase: 'redialling', session: life.session, attempt: life.attempt, reason: life.reason },
        fx,
      );
      fx.push({ t: 'cancel_wait' }, { t: 'dial' });
      return;
    case 'stop': // any but closed->stop->closed
      if (life.phase !== 'closed') close(s, null, fx);
      return;
  }
}

type Ended = ConnectionInput & { t: 'ended' };

function ended(s: ConnectionState, input: Ended, fx: ConnectionEffect[]): void {
  const { life } = s;
  switch (life.phase) {
    case 'connecting': // connecting->ended->closed: a first try that fails is the caller's to repeat
      close(s, { ...input.failure, code: 'connect_failed' }, fx);
      return;
    case 'live':
      fx.push({ t: 'silence' });
      // live->ended as the server wished->closed, else ->waiting
      if (input.closeCode === 1000) close(s, null, fx);
      else retry(s, life.session, 1, input.failure, input, fx);
      return;
    case 'redialling': // redialling->ended->waiting
      retry(s, life.session, life.attempt + 1, life.reason, input, fx);
      return;
  }
}

function retry(
  s: ConnectionState,
  session: number,
  attempt: number,
  reason: Failure,
  input: Ended,
  fx: ConnectionEffect[],
): void {
  if (isFinal(input.closeCode)) {
    close(s, input.failure, fx);
    return;
  }
  const { maxAttempts, firstRetryMs, maxRetryMs } = s.policy;
  if (attempt > maxAttempts) {
    close(s, reason, fx);
    return;
  }
  const longest = Math.min(maxRetryMs, firstRetryMs * 2 ** (attempt - 1));
  const retryInMs = Math.round(longest * (0.5 + input.chance / 2));
  become(s, { phase: 'waiting', session, attempt, retryInMs, reason }, fx);
  fx.push({ t: 'wait', ms: retryInMs });
}

/** Close codes after which the same would happen again: wrong data, policy, size; 44xx like HTTP's 4xx. */
function isFinal(closeCode: number): boolean {
  const broken = closeCode === 1002 || closeCode === 1003 || closeCode === 1007;
  const refused = closeCode === 1008 || closeCode === 1009;
  return broken || refused || (closeCode >= 4400 && closeCode < 4500);
}

function become(s: ConnectionState, life: ConnectionLife, fx: ConnectionEffect[]): void {
  s.life = life;
  fx.push({ t: 'status' });
}

/** Status goes out with the release, which knows the error. */
function close(s: ConnectionState, failure: Failure | null, fx: ConnectionEffect[]): void {
  s.life = { phase: 'closed' };
  fx.push({ t: 'cancel_wait' }, { t: 'release', failure });
}

import type { ErrorCode, Ms, ReparteeError } from '../core/index.js';

/** Where a `VoiceClient` is. */
export type VoiceStatus =
  /** Asking for the microphone and opening the loudspeaker. */
  | { phase: 'preparing' }
  | { phase: 'connecting' }
  /** Sound flows both ways. `session` counts conversations from 1: a lost connection begins a new one. */
  | { phase: 'live'; session: number }
  /** The connection was lost. `retryInMs` is null while it is being tried. */
  | { phase: 'reconnecting'; attempt: number; retryInMs: Ms | null }
  /** Over; `error` says why, unless it was asked for by either side. */
  | { phase: 'closed'; error?: ReparteeError };

export interface Failure {
  code: ErrorCode;
  message: string;
}

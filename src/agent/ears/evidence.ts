import type { Ms } from '../../core/index.js';
import type { Opening } from '../../speech/contracts.js';

/**
 * What the ears of a session notice, as it comes: facts, not decisions. `atMs` is the session's clock. Whoever decides about
 * interruptions listens (`SessionHost.evidence`).
 */
export type Evidence =
  /** An edge of the user's voice. `discarded`: it was no turn. */
  | { t: 'speech'; edge: 'start' | 'stop' | 'discarded'; turn: string; by: 'wire' | 'vad'; atMs: Ms }
  /** A window of a local VAD: how sure it is of a voice (0..1), and how loud it was in dBFS. */
  | { t: 'voice'; probability: number; levelDb: number; atMs: Ms }
  /** Words of the user: the whole text so far of the utterance. `turn` is absent while nobody knows whose it is. */
  | { t: 'words'; turn?: string; source: 'model' | 'stt'; text: string; isFinal: boolean; atMs: Ms }
  /** How an utterance begins, told while it is said. */
  | { t: 'opening'; turn: string; opening: Opening; atMs: Ms }
  /** The model begins an answer by itself. */
  | { t: 'reply'; atMs: Ms };

import type { Ms } from '../../core/index.js';
import type { TranscriptSource } from '../ears/transcript.js';

/** What a capture needs of the caller's words: `AgentSession.transcripts` has it. */
export interface CaptureSource {
  /** The last turns, oldest first, with the one that is being spoken. */
  recent(count: number): readonly string[];
  /** Rejects where the words are not known in time, or never will be. */
  settled(turnId: string, options: { source?: TranscriptSource; timeoutMs: Ms }): Promise<{ text: string }>;
}

import { encodeWav, interleave } from '../../audio/index.js';
import type { Ms } from '../../core/index.js';

/** Both sides of a call on one sample clock; equally long. */
export interface Recording {
  sampleRateHz: number;
  /** The caller, as the agent heard it: channel 0 of the WAV. */
  caller: Int16Array;
  /** The agent, as the caller heard it: channel 1. */
  agent: Int16Array;
}

/** A WAV of two channels, as a file. */
export function recordingWav({ caller, agent, sampleRateHz }: Recording): Uint8Array<ArrayBuffer> {
  return encodeWav({ pcm: interleave(caller, agent), sampleRateHz, channels: 2 });
}

/** Something that happened in a call, in order of time. Plain JSON. */
export interface LogEntry {
  /** On the sample clock of the recording. */
  atMs: Ms;
  /**
   * `caller`: what the caller did; `line`: what was heard; `session`: an event of the agent's session (of a server, as far as it
   * tells them); `model`: an event of the model's session; `data`: another message of the server.
   */
  source: 'caller' | 'line' | 'session' | 'model' | 'data';
  event: string;
  data: Record<string, unknown>;
}

/** A sound of the caller and what it was meant to be: the truth that the agent's reaction is judged by. */
export interface Label {
  /** `pause`: silence within a turn. */
  kind: 'turn' | 'interruption' | 'backchannel' | 'tic' | 'side_speech' | 'noise' | 'pause' | 'dtmf';
  /** First and last audible sample. */
  fromMs: Ms;
  toMs: Ms;
  text?: string;
  /** Of the scenario. */
  step?: number;
}

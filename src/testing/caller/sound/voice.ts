import type { Word } from '../../../chat/item.js';
import { ConfigError, type Ms, samplesToMs } from '../../../core/index.js';
import { speak } from '../../../speech/embedded/index.js';
import { atSpeechLevel } from './level.js';
import { readFaster } from './pitch.js';
import { resampled } from './telephone.js';

/** Voices of the embedded synthesiser: rms and awb (Scottish) are men, slt is a woman; kal16 sounds like a robot. */
export const callerVoices = ['rms', 'slt', 'awb', 'kal16'] as const;
export type CallerVoice = (typeof callerVoices)[number];

/** How something is said. */
export interface Manner {
  /** Default `slt`. */
  voice?: CallerVoice;
  /** Speed, 0.5 to 2; 1 (default) is the voice's own. Does not change the pitch. */
  rate?: number;
  /** Pitch and size of the speaker, 0.7 to 1.4; 1 (default) is the voice's own. Does not change the speed. */
  pitch?: number;
  /** Level of the speech, dBFS. Default -23. */
  levelDb?: number;
}

export interface VoiceLine extends Manner {
  text: string;
  /** Default 24000. */
  sampleRateHz?: number;
}

export interface SpokenLine {
  /** Mono. Kept and given to others as well: do not change it. */
  readonly pcm: Int16Array;
  readonly sampleRateHz: number;
  readonly durationMs: Ms;
  /** As written, with their times in `pcm`. */
  readonly words: readonly Word[];
}

/** About ten minutes of speech at 24 kHz; the oldest is forgotten first. */
const cacheSamples = 24_000 * 600;

const cache = new Map<string, { line: Promise<SpokenLine>; samples: number }>();
let kept = 0;

/**
 * Speaks a line with the embedded synthesiser, in some 15 ms for each second; again, at once, from memory. Same line, same
 * samples. Rejects with `peer_missing` where the synthesiser is not installed, `option_invalid` for a manner that cannot be.
 */
export function speakLine(line: VoiceLine): Promise<SpokenLine> {
  const { text, voice = 'slt', rate = 1, pitch = 1, levelDb = -23, sampleRateHz = 24_000 } = line;
  const key = JSON.stringify([text, voice, rate, pitch, levelDb, sampleRateHz]);
  const known = cache.get(key);
  if (known !== undefined) return known.line;
  const made = synthesize({ text, voice, rate, pitch, levelDb, sampleRateHz });
  const entry = { line: made, samples: 0 };
  cache.set(key, entry);
  made.then(
    ({ pcm }) => {
      entry.samples = pcm.length;
      kept += pcm.length;
      forgetOldest();
    },
    () => cache.delete(key),
  );
  return made;
}

/** All of them, in their order. */
export function speakSet(lines: readonly VoiceLine[]): Promise<SpokenLine[]> {
  return Promise.all(lines.map(speakLine));
}

async function synthesize(line: Required<VoiceLine>): Promise<SpokenLine> {
  const { text, voice, rate, pitch, levelDb, sampleRateHz } = line;
  within('rate', rate, 0.5, 2);
  within('pitch', pitch, 0.7, 1.4);
  within('levelDb', levelDb, -90, 0);
  // Read faster by `pitch` afterwards, which shortens it: so it is spoken more slowly by as much.
  const spoken = await speak(text, { voice, speed: rate / pitch });
  const level = atSpeechLevel(readFaster(spoken.pcm, pitch), spoken.sampleRateHz, levelDb);
  const pcm = resampled(level, spoken.sampleRateHz, sampleRateHz);
  const words = spoken.words.map((word) => ({
    text: word.text,
    fromMs: word.fromMs / pitch,
    toMs: word.toMs / pitch,
  }));
  return { pcm, sampleRateHz, durationMs: samplesToMs(pcm.length, sampleRateHz), words };
}

function within(param: keyof Manner, value: number, from: number, to: number): void {
  if (value >= from && value <= to) return;
  throw new ConfigError('option_invalid', `${param} is from ${from} to ${to}, not ${value}.`, { param });
}

function forgetOldest(): void {
  for (const [key, { samples }] of cache) {
    if (kept <= cacheSamples) return;
    // Not spoken yet: nothing to forget.
    if (samples === 0) continue;
    cache.delete(key);
    kept -= samples;
  }
}

import { levelOf } from '../../audio/index.js';
import { type Ms, msToSamples, samplesToMs } from '../../core/index.js';
import { joined, type Span } from './spans.js';

/** How speech is found in a recording; written into every report. */
export const detector = {
  name: 'energy',
  version: 1,
  windowMs: 10,
  /** Speech begins this far above the noise floor, and goes on down to `keepDb` above it. */
  startDb: 12,
  keepDb: 7,
  /** Never softer than this. */
  leastDb: -55,
  mergeMs: 200,
  dropMs: 80,
} as const;

const { windowMs, startDb, keepDb, leastDb, mergeMs, dropMs } = detector;
/** The floor is the level below which this share of the windows lies. */
const floorShare = 0.1;

export interface Segments {
  speech: Span[];
  /** Sounds too short to be speech. */
  blips: Span[];
}

/** Where somebody speaks in one channel, by energy with hysteresis over the channel's own noise floor. */
export function speechSegments(pcm: Int16Array, sampleRateHz: number): Segments {
  const size = Math.max(1, msToSamples(windowMs, sampleRateHz));
  const levels: number[] = [];
  for (let at = 0; at < pcm.length; at += size) levels.push(levelOf(pcm.subarray(at, at + size)).rmsDbfs);
  const floorDb = [...levels].sort((a, b) => a - b)[Math.floor(levels.length * floorShare)] ?? leastDb;
  // A channel that is nearly all speech has no floor to be seen.
  const from = Math.max(leastDb, Math.min(floorDb + startDb, -30));
  const keep = Math.max(leastDb, Math.min(floorDb + keepDb, -35));
  const loud: Span[] = [];
  let open: Span | undefined;
  levels.forEach((level, index) => {
    const fromMs = samplesToMs(index * size, sampleRateHz);
    const toMs = samplesToMs(Math.min(pcm.length, (index + 1) * size), sampleRateHz);
    if (open === undefined && level >= from) loud.push((open = { fromMs, toMs }));
    else if (open !== undefined && level >= keep) open.toMs = toMs;
    else open = undefined;
  });
  const merged = joined(loud, mergeMs);
  const isSpeech = ({ fromMs, toMs }: Span) => toMs - fromMs >= dropMs;
  return { speech: merged.filter(isSpeech), blips: merged.filter((span) => !isSpeech(span)) };
}

/** Several segments said in one go: what is heard of an agent's reply, from its first sound to its last. */
export function utterances(speech: readonly Span[], gapMs: Ms = 700): Span[] {
  return joined(speech, gapMs);
}

import type { Tapped } from '../browser/speaker-tap.js';

/** What of a piece of audio went to the loudspeaker. */
export interface Played {
  samples: number;
  /** On the audio clock: its first sample, and the first one after its last. */
  fromFrame: number;
  toFrame: number;
}

/** Enough samples in a row to be no accident. */
const fingerprint = 480;

/**
 * Finds `pcm` in what went to the loudspeaker from `sinceFrame` on, sample for sample, and counts how much of it did; silence
 * in between (the network was late) is passed over. Throws when not even its beginning was played.
 */
export function playedOf(pcm: Int16Array, { samples, firstFrame }: Tapped, sinceFrame = 0): Played {
  const lead = pcm.findIndex((value) => value !== 0);
  let at = find(pcm, lead, samples, Math.max(0, sinceFrame - firstFrame), samples.length);
  if (at < 0) throw new Error('the beginning of the audio was never played');
  const fromFrame = firstFrame + at - lead;
  let count = lead;
  for (;;) {
    while (count < pcm.length && samples[at] === pcm[count]! / 32768) {
      count += 1;
      at += 1;
    }
    if (count === pcm.length) break;
    const next = find(pcm, count, samples, at, at + 24_000);
    if (next < 0) break;
    at = next;
  }
  return { samples: count, fromFrame, toFrame: firstFrame + at };
}

function find(pcm: Int16Array, from: number, samples: Float32Array, start: number, end: number): number {
  const length = Math.min(fingerprint, pcm.length - from);
  for (let at = start; at < end; at++) {
    let i = 0;
    while (i < length && samples[at + i] === pcm[from + i]! / 32768) i += 1;
    if (i === length) return at;
  }
  return -1;
}

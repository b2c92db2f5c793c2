import type { Tapped } from '../browser/speaker-tap.js';

/** A stretch of sound on the audio clock. */
export interface Voiced {
  fromFrame: number;
  toFrame: number;
}

const windowFrames = 240;
/** Of full scale; flite's quietest phones are above it, and what noise suppression leaves is below. */
const threshold = 10 ** (-45 / 20);

/** Stretches of sound at 24 kHz, joined over silences shorter than `joinMs`; exact to 10 ms. */
export function voiced({ firstFrame, samples }: Tapped, joinMs: number): Voiced[] {
  const found: Voiced[] = [];
  for (let at = 0; at + windowFrames <= samples.length; at += windowFrames) {
    let energy = 0;
    for (let i = at; i < at + windowFrames; i++) energy += samples[i]! * samples[i]!;
    if (Math.sqrt(energy / windowFrames) < threshold) continue;
    const fromFrame = firstFrame + at;
    const last = found.at(-1);
    if (last !== undefined && fromFrame - last.toFrame < joinMs * 24) last.toFrame = fromFrame + windowFrames;
    else found.push({ fromFrame, toFrame: fromFrame + windowFrames });
  }
  return found;
}

import { writeFile } from 'node:fs/promises';
import { encodeWav } from '../../src/audio/index.js';

/** A sine. `level` is the peak, 0..1. */
export function tone(
  sampleRateHz: number,
  durationMs: number,
  frequencyHz: number,
  level: number,
): Int16Array {
  const step = (2 * Math.PI * frequencyHz) / sampleRateHz;
  return Int16Array.from({ length: Math.round((sampleRateHz * durationMs) / 1000) }, (_, i) =>
    Math.round(Math.sin(i * step) * level * 32767),
  );
}

/** Samples that tell their own place and are never silent: 2000, 2001 … 21999, 2000 … */
export function counting(from: number, length: number): Int16Array {
  return Int16Array.from({ length }, (_, i) => 2000 + ((from + i) % 20_000));
}

export function rms(pcm: Int16Array | Float32Array): number {
  let squares = 0;
  for (const value of pcm) squares += value * value;
  return pcm.length === 0 ? 0 : Math.sqrt(squares / pcm.length);
}

/** How much of a tone is in it: amplitude at one frequency (Goertzel). */
export function amplitudeAt(
  pcm: Int16Array | Float32Array,
  sampleRateHz: number,
  frequencyHz: number,
): number {
  const w = 2 * Math.cos((2 * Math.PI * frequencyHz) / sampleRateHz);
  let [a, b] = [0, 0];
  for (const value of pcm) [a, b] = [value + w * a - b, a];
  return (2 * Math.sqrt(Math.max(0, a * a + b * b - w * a * b))) / pcm.length;
}

/** Mono 16-bit WAV, as Chromium's fake microphone wants it. */
export async function writeWav(path: string, pcm: Int16Array, sampleRateHz: number): Promise<void> {
  await writeFile(path, encodeWav({ pcm, sampleRateHz, channels: 1 }));
}

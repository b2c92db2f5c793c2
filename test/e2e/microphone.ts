import { concatPcm, Resampler } from '../../src/audio/index.js';
import { msToSamples } from '../../src/core/index.js';
import { speak } from '../../src/speech/embedded/speak.js';
import { writeWav } from '../browser/sounds.js';

const sampleRateHz = 48_000;

/** Something said into the microphone, or a silence. */
export type MicrophonePart = { says: string; voice?: string } | { silenceMs: number };

/** Where an utterance stands in the file. */
export interface Utterance {
  text: string;
  fromMs: number;
  toMs: number;
}

/** Writes a microphone file for Chromium: speech of the embedded synthesiser between silences. */
export async function recordMicrophone(path: string, parts: readonly MicrophonePart[]): Promise<Utterance[]> {
  const pieces: Int16Array[] = [];
  const said: Utterance[] = [];
  let atMs = 0;
  for (const part of parts) {
    const pcm = 'says' in part ? await spoken(part.says, part.voice ?? 'rms') : silence(part.silenceMs);
    const toMs = atMs + (pcm.length * 1000) / sampleRateHz;
    if ('says' in part) said.push({ text: part.says, fromMs: atMs, toMs });
    pieces.push(pcm);
    atMs = toMs;
  }
  await writeWav(path, concatPcm(pieces), sampleRateHz);
  return said;
}

async function spoken(text: string, voice: string): Promise<Int16Array> {
  const { pcm, sampleRateHz: fromHz } = await speak(text, { voice });
  const resampler = new Resampler(fromHz, sampleRateHz);
  return concatPcm([resampler.process(pcm), resampler.flush()]);
}

function silence(durationMs: number): Int16Array {
  return new Int16Array(msToSamples(durationMs, sampleRateHz));
}

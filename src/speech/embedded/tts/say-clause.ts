import type { Word } from '../../../chat/item.js';
import type { Flite } from '../flite/flite.js';
import { pause, timedPhones } from '../flite/phones.js';
import type { Pronouncer } from '../flite/pronounce.js';
import { speakable } from './speakable.js';
import { wordTimes } from './word-times.js';

export const sampleRateHz = 16_000;
const samplesPerMs = sampleRateHz / 1000;

/** Silence kept at either end of a clause: less cuts the onset of the first sound and the fading of the last. */
const keepMs = 20;
/** Ramps over the first and last samples, against clicks. */
const fadeSamples = 64;

/** A clause as audio, without silence around it; word times are from its start, words as written. */
export interface SpokenClause {
  pcm: Int16Array<ArrayBuffer>;
  words: Word[];
}

/** Speaks one clause. `speed` 1 is the voice's own. Text with nothing to say gives no audio. */
export function sayClause(
  flite: Flite,
  pronouncer: Pronouncer,
  text: string,
  voice: string,
  speed: number,
): SpokenClause {
  const words = text.split(/\s+/).filter((word) => word !== '');
  const spoken = words.map(speakable);
  const said = spoken.filter((word) => word !== '').join(' ');
  if (!/[a-z0-9]/i.test(said)) return { pcm: new Int16Array(0), words: [] };
  const stretch = `duration_stretch=${(1 / speed).toFixed(3)}`;
  const { stdout, wav } = flite.run(['--setf', stretch, '-psdur', '-voice', voice, ` ${said} `, 'out.wav']);
  const phones = timedPhones(stdout);
  const first = phones.findIndex((phone) => phone.name !== pause);
  if (first < 0) return { pcm: new Int16Array(0), words: [] };
  const last = phones.findLastIndex((phone) => phone.name !== pause);
  const fromMs = Math.max(0, phones[first]!.fromMs - keepMs);
  const pcm = cut(wav, fromMs, phones[last]!.toMs + keepMs);
  const endMs = pcm.length / samplesPerMs;
  const times = wordTimes(words, soundsOf(pronouncer, spoken), phones).map((word) => ({
    text: word.text,
    fromMs: Math.min(word.fromMs - fromMs, endMs),
    toMs: Math.min(word.toMs - fromMs, endMs),
  }));
  return { pcm, words: times };
}

/** Sounds of each written word, which may be spoken as several. */
function soundsOf(pronouncer: Pronouncer, spoken: readonly string[]): string[][] {
  const parts = spoken.map((word) => word.split(' ').filter((part) => /[a-z0-9]/i.test(part)));
  const phones = pronouncer.phones(parts.flat());
  let at = 0;
  return parts.map((own) => phones.slice(at, (at += own.length)).flat());
}

/** Part of flite's WAV file (44 bytes of header, mono PCM16), faded at both ends. */
function cut(wav: Uint8Array, fromMs: number, toMs: number): Int16Array<ArrayBuffer> {
  const samples = new Int16Array(wav.slice(44, wav.length - (wav.length % 2)).buffer);
  const pcm = samples.slice(Math.round(fromMs * samplesPerMs), Math.round(toMs * samplesPerMs));
  const ramp = Math.min(fadeSamples, pcm.length >> 1);
  for (let i = 0; i < ramp; i++) {
    pcm[i] = (pcm[i]! * i) / ramp;
    pcm[pcm.length - 1 - i] = (pcm[pcm.length - 1 - i]! * i) / ramp;
  }
  return pcm;
}

import type { Ms } from '../../../src/core/index.js';
import { msToSamples } from '../../../src/core/index.js';
import {
  type CallerVoice,
  mix,
  type NoiseKind,
  noise,
  noiseKinds,
  speakLine,
  speechLevelDb,
  telephone,
  ticBurst,
} from '../../../src/testing/caller/index.js';
import { Biquad } from '../../../src/testing/caller/sound/biquad.js';
import { type Random, seededRandom } from '../../../src/testing/faults/random.js';
import { type Phrases, phrases } from './phrases.js';

/** Rate of the caller's microphone. */
export const inputHz = 16_000;

export const kinds = ['interruption', 'backchannel', 'cough', 'noise', 'echo', 'side speech'] as const;
export type Kind = (typeof kinds)[number];

/** Something that the microphone gives while the agent speaks. */
export interface Overlap {
  id: string;
  kind: Kind;
  /** Who calls, and how: their own turn before is spoken so. */
  voice: CallerVoice;
  rate: number;
  pitch: number;
  levelDb: number;
  /** The agent's. */
  agentVoice: CallerVoice;
  /** Mono at `inputHz`; empty for echo. */
  sound: Int16Array;
  /** Where it begins to be heard in `sound`. */
  onsetMs: Ms;
  /** When it comes, after the agent's first sound. */
  afterMs: Ms;
  text: string;
  /** The words of it, and where each ends. */
  words: { text: string; toMs: Ms }[];
  /** The line is a telephone's. */
  isTelephone: boolean;
  hissDb: number;
  /** Of the agent in the microphone. */
  echo: { delayMs: Ms; gainDb: number; cutHz: number } | null;
}

const voices: readonly CallerVoice[] = ['rms', 'slt', 'awb'];

/** How many of each. */
export const counts: Record<Kind, number> = {
  interruption: 70,
  backchannel: 50,
  cough: 30,
  noise: 30,
  echo: 30,
  'side speech': 25,
};

/** A labelled set: the same seed and phrases always give the same overlaps. */
export async function overlaps(set: keyof typeof phrases, seed: number): Promise<Overlap[]> {
  const made: Overlap[] = [];
  for (const kind of kinds) {
    for (let number = 0; number < counts[kind]; number++) {
      const random = seededRandom(seed * 7_919 + kinds.indexOf(kind) * 1_009 + number);
      made.push(await overlap(kind, `${kind} ${number}`, phrases[set], random));
    }
  }
  return made;
}

const between = (random: Random, from: number, to: number) => from + (to - from) * random.next();

async function overlap(kind: Kind, id: string, said: Phrases, random: Random): Promise<Overlap> {
  const voice = random.pick(voices);
  const caller = {
    voice,
    rate: between(random, 0.85, 1.2),
    pitch: between(random, 0.92, 1.1),
    levelDb: between(random, -30, -20),
  };
  const isTelephone = random.chance(0.25);
  const base = {
    id,
    kind,
    ...caller,
    agentVoice: random.pick(voices.filter((other) => other !== voice)),
    afterMs: between(random, 900, 2_300),
    text: '',
    words: [],
    isTelephone,
    hissDb: between(random, -66, -52),
    echo: null,
  };
  const finished = (sound: Int16Array, more: Partial<Overlap> = {}): Overlap => {
    const heard = isTelephone ? telephone(sound, inputHz) : sound;
    return { ...base, sound: heard, onsetMs: onset(heard), ...more };
  };
  const spoken = async (text: string, gainDb: number, manner = {}) => {
    const levelDb = caller.levelDb + gainDb;
    const { pcm, words } = await speakLine({ ...caller, text, levelDb, sampleRateHz: inputHz, ...manner });
    return { pcm, words: words.map(({ text, toMs }) => ({ text, toMs })) };
  };
  switch (kind) {
    case 'interruption': {
      const text = random.pick(random.chance(0.25) ? said.commands : said.interruptions);
      const { pcm, words } = await spoken(text, between(random, -4, 4));
      return finished(pcm, { text, words });
    }
    case 'backchannel': {
      const text = random.pick(said.backchannels);
      const { pcm, words } = await spoken(text, between(random, -8, 1));
      return finished(pcm, { text, words });
    }
    case 'side speech': {
      const text = random.pick(said.aside);
      // Another voice, or the caller's own with the head turned away: softer and duller.
      const manner = random.chance(0.5) ? {} : { voice: random.pick(voices) };
      const { pcm, words } = await spoken(text, between(random, -22, -11), manner);
      return finished(dull(pcm, between(random, 1_500, 3_000)), { text, words });
    }
    case 'cough': {
      const tic = random.pick(['cough', 'cough', 'throat', 'slam', 'click'] as const);
      const peakDb = caller.levelDb + between(random, 6, 16);
      return finished(ticBurst(tic, random.int(1, 1e6), { sampleRateHz: inputHz, peakDb }), { text: tic });
    }
    case 'noise': {
      const what: NoiseKind = random.pick(noiseKinds);
      const levelDb = caller.levelDb - between(random, 5, 15);
      const durationMs = between(random, 1_000, 3_000);
      const pcm = noise(what, random.int(1, 1e6), durationMs, { sampleRateHz: inputHz, levelDb });
      return finished(pcm, { text: what });
    }
    case 'echo': {
      const echo = {
        delayMs: between(random, 30, 280),
        gainDb: between(random, -22, -8),
        cutHz: between(random, 1_800, 5_000),
      };
      return { ...base, isTelephone: false, sound: new Int16Array(0), onsetMs: 0, echo };
    }
  }
}

/** What the caller says before, over the same line. */
export async function greeting(overlap: Overlap): Promise<Int16Array> {
  const { pcm } = await speakLine({ ...overlap, text: 'hello what do I get', sampleRateHz: inputHz });
  return overlap.isTelephone ? telephone(pcm, inputHz) : pcm;
}

/** The first 10 ms that are no more than 25 dB below the rest. */
function onset(pcm: Int16Array): Ms {
  const window = msToSamples(10, inputHz);
  const fromDb = speechLevelDb(pcm, inputHz) - 25;
  for (let at = 0; at < pcm.length; at += window) {
    if (speechLevelDb(pcm.subarray(at, at + window), inputHz) >= fromDb) return (at * 1_000) / inputHz;
  }
  return 0;
}

function dull(pcm: Int16Array, cutHz: number): Int16Array {
  const filter = Biquad.lowPass(cutHz, inputHz);
  const soft = Int16Array.from(pcm, (sample) => Math.round(filter.process(sample)));
  // The room answers twice.
  return mix(
    inputHz,
    { pcm: soft },
    { pcm: soft, atMs: 23, gainDb: -9 },
    { pcm: soft, atMs: 47, gainDb: -13 },
  );
}

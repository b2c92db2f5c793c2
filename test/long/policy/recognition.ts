import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Ms } from '../../../src/core/index.js';
import { msToSamples } from '../../../src/core/index.js';
import { Flite } from '../../../src/speech/embedded/flite/flite.js';
import { dictionaryPhones, Pronouncer } from '../../../src/speech/embedded/flite/pronounce.js';
import {
  findFlite,
  findSoundSwallower,
  loadSoundSwallower,
  modelFolder,
} from '../../../src/speech/embedded/peers.js';
import { Decoder } from '../../../src/speech/embedded/stt/decoder.js';
import { DecoderPool } from '../../../src/speech/embedded/stt/decoder-pool.js';
import { buildLanguage } from '../../../src/speech/embedded/stt/language.js';
import { Recognizer } from '../../../src/speech/embedded/stt/recognizer.js';
import { sileroWeights } from '../../../src/speech/embedded/vad/silero-weights.js';
import type { FromStt } from '../../../src/speech/embedded/worker/protocol.js';
import { inputHz, type Overlap } from './overlaps.js';

/** What the recogniser said of a sound, and how much of it it had heard by then. */
export interface Recognition {
  interims: { atMs: Ms; text: string }[];
  final: string;
}

export type Recognise = (sound: Int16Array) => Recognition;

const leadMs: Ms = 200;
/** What decides comes early. */
const heardMs: Ms = 1_600;
const stepMs: Ms = 20;
const exactMs: Ms = 210;
const interimMs: Ms = 100;

/** A recogniser that understands everything, a quarter of a second after each word: as the quick ones of the trade are. */
export function exactly({ words }: Overlap): Recognition {
  const interims = words.map(({ toMs }, index) => ({
    atMs: toMs + exactMs,
    text: words
      .slice(0, index + 1)
      .map(({ text }) => text)
      .join(' '),
  }));
  return { interims, final: interims.at(-1)?.text ?? '' };
}

/**
 * The embedded recogniser in this thread, so that each of its words is known to have come at a certain sample; on the clock of
 * a simulation they are told at that time. General vocabulary, and what anybody may be expected to say into a sentence.
 */
export async function recogniser(sentences: readonly string[]): Promise<Recognise> {
  const file = findSoundSwallower();
  const module = await loadSoundSwallower(file);
  const dictionary = await readFile(path.join(modelFolder(file), 'en-us', 'dict.txt'), 'latin1');
  const flite = await Flite.load(findFlite());
  const language = buildLanguage({ sentences }, dictionary, (words) =>
    words.length === 0 ? [] : new Pronouncer(flite).phones(words).map(dictionaryPhones),
  );
  const scratch = path.join(tmpdir(), `repartee-${randomUUID()}`);
  const pool = new DecoderPool(
    () => Decoder.create(module, file, language, scratch),
    1,
    () => {},
  );
  await pool.grow();
  let told: FromStt[] = [];
  const recognizer = new Recognizer(sileroWeights(), pool, (message) => told.push(message), interimMs);
  const work = () => {
    while (recognizer.step()) {
      // Until nothing is left to be done.
    }
  };
  const hear = (pcm: Int16Array) => recognizer.take({ t: 'audio', stream: 0, pcm: Int16Array.from(pcm) });
  return (sound) => {
    const interims: Recognition['interims'] = [];
    hear(new Int16Array(msToSamples(leadMs, inputHz)));
    const step = msToSamples(stepMs, inputHz);
    const until = Math.min(sound.length, msToSamples(heardMs, inputHz)) + msToSamples(300, inputHz);
    for (let at = 0; at < until; at += step) {
      const piece = new Int16Array(step);
      piece.set(sound.subarray(at, Math.min(at + step, sound.length)));
      told = [];
      hear(piece);
      work();
      for (const message of told) {
        if (message.t === 'interim')
          interims.push({ atMs: ((at + step) * 1_000) / inputHz, text: message.text });
      }
    }
    told = [];
    recognizer.take({ t: 'flush', stream: 0 });
    work();
    const final = told.find((message) => message.t === 'final');
    return { interims, final: final?.t === 'final' ? final.text : '' };
  };
}

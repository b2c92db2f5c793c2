import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { smallWords } from '../../../src/agent/index.js';
import type { Ms } from '../../../src/core/index.js';
import { msToSamples, samplesToMs } from '../../../src/core/index.js';
import { Flite } from '../../../src/speech/embedded/flite/flite.js';
import { dictionaryPhones, Pronouncer } from '../../../src/speech/embedded/flite/pronounce.js';
import { openingsLanguage, openingsTuning } from '../../../src/speech/embedded/openings/opening-graph.js';
import { OpeningReader } from '../../../src/speech/embedded/openings/openings.js';
import {
  findFlite,
  findSoundSwallower,
  loadSoundSwallower,
  modelFolder,
} from '../../../src/speech/embedded/peers.js';
import { Decoder, type DecoderTuning } from '../../../src/speech/embedded/stt/decoder.js';
import { DecoderPool } from '../../../src/speech/embedded/stt/decoder-pool.js';
import { buildLanguage, buildVocabulary, type Language } from '../../../src/speech/embedded/stt/language.js';
import { Recognizer } from '../../../src/speech/embedded/stt/recognizer.js';
import { sileroWeights } from '../../../src/speech/embedded/vad/silero-weights.js';
import type { FromStt } from '../../../src/speech/embedded/worker/protocol.js';
import type { SttEvent } from '../../../src/speech/index.js';
import { mix, noise } from '../../../src/testing/caller/index.js';
import { greeting, inputHz, type Overlap } from './overlaps.js';

/** What the recogniser said of a sound, and how much of it it had heard by then. */
export interface Recognition {
  /** It is one that tells how utterances begin. */
  opens: boolean;
  told: { atMs: Ms; event: SttEvent }[];
  final: string;
}

export type Recognise = (overlap: Overlap) => Promise<Recognition>;

/** Of what was before a turn began, the recogniser is given so much. */
const leadMs: Ms = 300;
/** What decides comes early. */
const heardMs: Ms = 1_300;
const stepMs: Ms = 20;
const exactMs: Ms = 210;
const interimMs: Ms = 100;

/** A recogniser that understands everything, a quarter of a second after each word: as the quick ones of the trade are. */
export function exactly({ words }: Overlap): Recognition {
  const said = (count: number) =>
    words
      .slice(0, count)
      .map(({ text }) => text)
      .join(' ');
  const told = words.map(({ toMs }, index) => ({
    atMs: toMs + exactMs,
    event: { t: 'interim' as const, text: said(index + 1) },
  }));
  return { opens: false, told, final: said(words.length) };
}

/**
 * The embedded recogniser in this thread, so that each of its words is known to have come at a certain sample; on the clock of
 * a simulation they are told at that time. General vocabulary, and what anybody may be expected to say into a sentence.
 */
export async function recogniser(sentences: readonly string[]): Promise<Recognise> {
  const file = findSoundSwallower();
  const module = await loadSoundSwallower(file);
  const openings = smallWords.en;
  const dictionary = await readFile(path.join(modelFolder(file), 'en-us', 'dict.txt'), 'latin1');
  const flite = await Flite.load(findFlite());
  const pronounce = (words: readonly string[]) =>
    words.length === 0 ? [] : new Pronouncer(flite).phones(words).map(dictionaryPhones);
  const language = buildLanguage({ sentences }, dictionary, pronounce);
  const vocabulary = buildVocabulary({ sentences }, dictionary, pronounce);
  const first = openingsLanguage(openings, vocabulary, dictionary, pronounce);
  const scratch = path.join(tmpdir(), `repartee-${randomUUID()}`);
  const make = (language: Language, tuning?: DecoderTuning) =>
    new DecoderPool(
      () => Decoder.create(module, file, language, scratch, 'wideband', tuning),
      1,
      () => {},
    );
  const [pool, openingPool] = [make(language), make(first, openingsTuning)];
  await pool.grow();
  await openingPool.grow();
  let told: FromStt[] = [];
  const post = (message: FromStt) => told.push(message);
  const recognizer = new Recognizer(sileroWeights(), pool, post, interimMs, {
    pool: openingPool,
    reader: new OpeningReader(openings),
  });
  let stream = 0;
  const work = async () => {
    while (recognizer.step()) await settled();
  };
  const hear = (pcm: Int16Array) => recognizer.take({ t: 'audio', stream, pcm: Int16Array.from(pcm) });
  return async (overlap) => {
    const { sound, hissDb } = overlap;
    // A caller of their own: who was heard before is forgotten.
    stream += 1;
    recognizer.take({ t: 'open', stream });
    hear(withHiss(await greeting(overlap), leadMs, hissDb));
    recognizer.take({ t: 'flush', stream });
    await work();
    const step = msToSamples(stepMs, inputHz);
    const heard = withHiss(sound.subarray(0, msToSamples(heardMs, inputHz)), leadMs, hissDb);
    const events: Recognition['told'] = [];
    for (let at = 0; at < heard.length; at += step) {
      told = [];
      hear(heard.subarray(at, at + step));
      await work();
      const atMs = ((at + step) * 1_000) / inputHz - leadMs;
      for (const message of told) {
        if (message.t === 'interim') events.push({ atMs, event: { t: 'interim', text: message.text } });
        if (message.t === 'opening') events.push({ atMs, event: { t: 'opening', ...message.opening } });
      }
    }
    told = [];
    recognizer.take({ t: 'flush', stream });
    await work();
    recognizer.take({ t: 'close', stream });
    await settled();
    const final = told.find((message) => message.t === 'final');
    return { opens: true, told: events, final: final?.t === 'final' ? final.text : '' };
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

/** With the line's hiss, before it and after as well. */
function withHiss(sound: Int16Array, beforeMs: Ms, levelDb: number): Int16Array {
  const lengthMs = beforeMs + samplesToMs(sound.length, inputHz) + 300;
  const line = noise('pink', 7, lengthMs, { sampleRateHz: inputHz, levelDb });
  return mix(inputHz, { pcm: line }, { pcm: sound, atMs: beforeMs });
}

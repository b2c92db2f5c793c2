import { existsSync } from 'node:fs';
import path from 'node:path';
import { pcmFromFloat } from '../../audio/index.js';
import { type Clock, ConfigError, ProviderError } from '../../core/index.js';
import type { TTS } from '../contracts.js';
import { serviceTts } from '../service-tts.js';
import { type Kokoro, loadKokoro } from './peer.js';

export interface KokoroTtsOptions {
  /** Folder of Kokoro's weights in ONNX as Hugging Face lays them out: `config.json`, `tokenizer.json`, `onnx/…`. */
  folder: string;
  /** Of the weights: `fp32`, `fp16`, `q8`, `q4`. Default `q8`. */
  dtype?: string;
  /** A stream's own voice goes before it. Default `af_heart`. */
  voice?: string;
  clock?: Clock;
}

const sampleRateHz = 24_000;

/**
 * Kokoro's voices (English, 82 million parameters), run by `kokoro-js` on this machine with weights from a folder of yours. One clause
 * at a time; it tells no word times. ConfigError `file_unreadable` now where the folder holds no model, and when that is
 * loaded (by `warmUp` or the first clause) where it cannot be; `peer_missing` then.
 */
export function kokoroTts(options: KokoroTtsOptions): TTS {
  const { dtype = 'q8' } = options;
  const folder = path.resolve(options.folder);
  if (!existsSync(path.join(folder, 'config.json'))) {
    throw new ConfigError('file_unreadable', `There is no config.json in ${folder}`, { param: 'folder' });
  }
  let kokoro: Promise<Kokoro> | undefined;
  const load = () => {
    kokoro ??= loadVoice(folder, dtype);
    return kokoro;
  };
  /** The model speaks one clause after the other. */
  let last: Promise<unknown> = Promise.resolve();
  return serviceTts({
    name: `kokoro/${path.basename(folder)}`,
    sampleRateHz,
    voices: [],
    pieceTimeoutMs: 60_000,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    warmUp: async () => void (await load()),
    async *speak(clause, { voice = options.voice ?? 'af_heart', speed = 1 }, signal) {
      const model = await load();
      if (!Object.hasOwn(model.voices, voice)) {
        const known = Object.keys(model.voices).join(', ');
        throw new ConfigError('option_invalid', `Kokoro has no voice '${voice}': it has ${known}`, {
          param: 'voice',
        });
      }
      const spoken = last.then(() => (signal.aborted ? undefined : model.generate(clause, { voice, speed })));
      last = spoken.catch(() => {});
      try {
        const speech = await spoken;
        if (speech !== undefined) yield { pcm: pcmFromFloat(speech.audio) };
      } catch (cause) {
        const details = { provider: 'kokoro', cause, retryable: false };
        throw new ProviderError('tts_failed', `Kokoro: ${String(cause)}`, details);
      }
    },
  });
}

async function loadVoice(folder: string, dtype: string): Promise<Kokoro> {
  const { KokoroTTS } = await loadKokoro();
  try {
    return await KokoroTTS.from_pretrained(folder, { dtype });
  } catch (cause) {
    const message = `The model in ${folder} cannot be loaded: ${String(cause)}`;
    throw new ConfigError('file_unreadable', message, { param: 'folder', cause });
  }
}

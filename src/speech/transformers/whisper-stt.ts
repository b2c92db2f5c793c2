import { existsSync } from 'node:fs';
import path from 'node:path';
import { pcmToFloat } from '../../audio/index.js';
import { type Clock, ConfigError, ProviderError } from '../../core/index.js';
import type { STT } from '../contracts.js';
import { serviceStt } from '../service-stt.js';
import { wholeUtterances } from '../whole-utterances.js';
import { loadTransformers, type SpeechPipeline } from './peer.js';

export interface WhisperSttOptions {
  /** Folder of a Whisper model in ONNX as Hugging Face lays it out: `config.json`, `tokenizer.json`, `onnx/…`. */
  folder: string;
  /** Of the weights: `fp32`, `q8`, `q4` …, or one for each file. Default `q8`. */
  dtype?: string | Readonly<Record<string, string>>;
  /** As the package takes it. Default: its own. */
  device?: string;
  /** Such as `no` or `norwegian`, where the model has several. A stream's own language goes before it. */
  language?: string;
  /** Times of the words, where the model was exported with its attentions. Default false. */
  wordTimes?: boolean;
  clock?: Clock;
}

const sampleRateHz = 16_000;

/**
 * Whisper, run by `@huggingface/transformers` on this machine with weights from a folder of yours; nothing is fetched. It hears whole
 * utterances. ConfigError `file_unreadable` now where the folder holds no model, and when that is loaded (by `warmUp` or the first
 * utterance) where it cannot be; `peer_missing` then.
 */
export function whisperStt(options: WhisperSttOptions): STT {
  const { dtype = 'q8', device, wordTimes = false } = options;
  const folder = path.resolve(options.folder);
  if (!existsSync(path.join(folder, 'config.json'))) {
    throw new ConfigError('file_unreadable', `There is no config.json in ${folder}`, { param: 'folder' });
  }
  let pipeline: Promise<SpeechPipeline> | undefined;
  const load = () => {
    pipeline ??= loadPipeline(folder, { dtype, ...(device === undefined ? {} : { device }) });
    return pipeline;
  };
  const stt = serviceStt({
    name: `whisper/${path.basename(folder)}`,
    sampleRateHz,
    finalTimeoutMs: 60_000,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    warmUp: async () => void (await load()),
    async connect(events, settings) {
      const language = settings.language ?? options.language;
      const pipeline = await load();
      const asked = {
        // Utterances that are longer than the model's window are heard in pieces.
        chunk_length_s: 30,
        ...(language === undefined ? {} : { language, task: 'transcribe' }),
        ...(wordTimes ? { return_timestamps: 'word' } : {}),
      };
      return wholeUtterances(events, {
        sampleRateHz,
        async hear(pcm, startMs) {
          const { text, chunks = [] } = await pipeline(pcmToFloat(pcm), asked);
          const words = chunks.map(({ text: word, timestamp: [from, to] }) => ({
            text: word.trim(),
            fromMs: startMs + from * 1_000,
            toMs: startMs + (to ?? from) * 1_000,
          }));
          return { text, words };
        },
        errorOf: (cause) =>
          new ProviderError('stt_failed', `Whisper: ${String(cause)}`, {
            provider: 'whisper',
            cause,
            retryable: false,
          }),
      });
    },
  });
  return {
    ...stt,
    async close() {
      await stt.close();
      await pipeline?.then((loaded) => loaded.dispose()).catch(() => {});
      pipeline = undefined;
    },
  };
}

async function loadPipeline(folder: string, options: Record<string, unknown>): Promise<SpeechPipeline> {
  const { pipeline } = await loadTransformers();
  try {
    return await pipeline('automatic-speech-recognition', folder, { ...options, local_files_only: true });
  } catch (cause) {
    const message = `The model in ${folder} cannot be loaded: ${String(cause)}`;
    throw new ConfigError('file_unreadable', message, { param: 'folder', cause });
  }
}

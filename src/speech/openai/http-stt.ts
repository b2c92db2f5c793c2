import { encodeWav } from '../../audio/index.js';
import type { STT } from '../contracts.js';
import { serviceStt } from '../service-stt.js';
import { wholeUtterances } from '../whole-utterances.js';
import { openaiClient, openaiError } from './client.js';
import { defaultSttModel, type OpenAISttOptions, transcriptionOf } from './stt-options.js';

const sampleRateHz = 16_000;

/**
 * OpenAI's transcription of whole utterances: one request for each flush, no interims. ConfigError `api_key_missing` now,
 * `peer_missing` at the first use.
 */
export function openaiHttpStt(options: OpenAISttOptions = {}): STT {
  const { model = defaultSttModel } = options;
  const connect = openaiClient(options, 'OpenAI transcription');
  return serviceStt({
    name: `openai/${model}`,
    sampleRateHz,
    finalTimeoutMs: 30_000,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    warmUp: async () => void (await connect()),
    async connect(events, settings) {
      const { sdk, client } = await connect();
      const isWhisper = model.startsWith('whisper');
      const body = {
        ...transcriptionOf(options, settings),
        response_format: isWhisper ? 'verbose_json' : 'json',
        ...(isWhisper ? { timestamp_granularities: ['word'] } : {}),
      };
      return wholeUtterances(events, {
        sampleRateHz,
        sideBySide: true,
        errorOf: (thrown) => openaiError('stt_failed', thrown),
        async hear(pcm, startMs, signal) {
          const wav = encodeWav({ pcm, sampleRateHz, channels: 1 });
          const file = await sdk.toFile(wav, 'utterance.wav', { type: 'audio/wav' });
          const { text, words = [] } = await client.audio.transcriptions.create(
            { ...body, file },
            { signal },
          );
          const timed = words.map(({ word, start, end }) => ({
            text: word,
            fromMs: startMs + start * 1_000,
            toMs: startMs + end * 1_000,
          }));
          return { text, words: timed };
        },
      });
    },
  });
}

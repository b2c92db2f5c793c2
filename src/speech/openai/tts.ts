import type { Clock } from '../../core/index.js';
import type { TTS } from '../contracts.js';
import { PcmBytes } from '../pcm-bytes.js';
import { serviceTts } from '../service-tts.js';
import { type OpenAIServiceOptions, openaiClient, openaiError } from './client.js';

export interface OpenAITtsOptions extends OpenAIServiceOptions {
  /** Default `gpt-4o-mini-tts`. */
  model?: string;
  /** A stream's own voice goes before it. Default `alloy`. */
  voice?: string;
  /** How it shall be spoken, for the models that take that. */
  instructions?: string;
  clock?: Clock;
}

/** What the service sends as `pcm`: 24 kHz, 16 bits, mono (OpenAI's text to speech guide). */
const sampleRateHz = 24_000;

const voices = 'alloy ash ballad coral echo fable nova onyx sage shimmer verse marin cedar'.split(' ');

/**
 * OpenAI's speech over its own SDK (`openai`), one streamed request for each clause. It tells no word times. ConfigError
 * `api_key_missing` now, `peer_missing` at the first use.
 */
export function openaiTts(options: OpenAITtsOptions = {}): TTS {
  const { model = 'gpt-4o-mini-tts', instructions } = options;
  const connect = openaiClient(options, 'OpenAI speech');
  return serviceTts({
    name: `openai/${model}`,
    sampleRateHz,
    voices,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    warmUp: async () => void (await connect()),
    async *speak(input, { voice = options.voice ?? 'alloy', speed }, signal) {
      const { client } = await connect();
      const body = {
        model,
        voice,
        input,
        response_format: 'pcm',
        ...(instructions === undefined ? {} : { instructions }),
        ...(speed === undefined ? {} : { speed }),
      };
      try {
        const response = await client.audio.speech.create(body, { signal });
        const samples = new PcmBytes();
        const reader = response.body?.getReader();
        for (let next = await reader?.read(); next?.done === false; next = await reader?.read()) {
          yield { pcm: samples.push(next.value) };
        }
      } catch (thrown) {
        throw openaiError('tts_failed', thrown);
      }
    },
  });
}

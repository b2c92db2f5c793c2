import { base64ToBytes } from '../../core/base64.js';
import { type Clock, ProviderError } from '../../core/index.js';
import { apiKeyOf } from '../api-key.js';
import type { TTS } from '../contracts.js';
import { PcmBytes } from '../pcm-bytes.js';
import { serviceTts } from '../service-tts.js';
import { AlignedWords } from './aligned-words.js';
import { loadElevenLabs } from './peer.js';

export interface ElevenLabsTtsOptions {
  /** Default `eleven_flash_v2_5`. */
  model?: string;
  /** Id of a voice; a stream's own goes before it. Default: the one of ElevenLabs' own examples. */
  voice?: string;
  /** ISO 639-1, for the models that take it. */
  language?: string;
  /** As the service takes them: `stability`, `similarityBoost`, `style` … */
  voiceSettings?: Readonly<Record<string, unknown>>;
  /** Default: `ELEVENLABS_API_KEY`. */
  apiKey?: string;
  /** Default: ElevenLabs'. */
  baseUrl?: string;
  clock?: Clock;
}

const sampleRateHz = 24_000;
const defaultVoice = 'JBFqnCBsd6RMkjVDRZzb';

/**
 * ElevenLabs' speech over its own SDK (`@elevenlabs/elevenlabs-js`): one streamed request for each clause, with word times.
 * ConfigError `api_key_missing` now, `peer_missing` at the first use.
 */
export function elevenLabsTts(options: ElevenLabsTtsOptions = {}): TTS {
  const { model = 'eleven_flash_v2_5', language, voiceSettings } = options;
  const apiKey = apiKeyOf(options.apiKey, 'ELEVENLABS_API_KEY', 'elevenlabs');
  return serviceTts({
    name: `elevenlabs/${model}`,
    sampleRateHz,
    voices: [],
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    warmUp: async () => void (await loadElevenLabs()),
    async *speak(text, { voice = options.voice ?? defaultVoice, speed }, signal) {
      const { ElevenLabsClient } = await loadElevenLabs();
      const { baseUrl } = options;
      const client = new ElevenLabsClient({ apiKey, ...(baseUrl === undefined ? {} : { baseUrl }) });
      const settings = { ...voiceSettings, ...(speed === undefined ? {} : { speed }) };
      const request = {
        text,
        modelId: model,
        outputFormat: `pcm_${sampleRateHz}`,
        ...(language === undefined ? {} : { languageCode: language }),
        ...(Object.keys(settings).length === 0 ? {} : { voiceSettings: settings }),
      };
      const samples = new PcmBytes();
      const words = new AlignedWords();
      try {
        const options = { abortSignal: signal, maxRetries: 0 };
        const stream = await client.textToSpeech.streamWithTimestamps(voice, request, options);
        for await (const { audioBase64, alignment } of stream) {
          const timed = alignment == null ? [] : words.push(alignment);
          yield { words: timed, pcm: samples.push(base64ToBytes(audioBase64)) };
        }
        yield { words: words.finish() };
      } catch (thrown) {
        throw failure(thrown);
      }
    },
  });
}

function failure(thrown: unknown) {
  const { message = String(thrown), statusCode } = thrown as { message?: string; statusCode?: number };
  return new ProviderError('tts_failed', `ElevenLabs: ${message}`, {
    provider: 'elevenlabs',
    cause: thrown,
    ...(statusCode === undefined
      ? {}
      : { vendorCode: String(statusCode), retryable: statusCode === 429 || statusCode >= 500 }),
  });
}

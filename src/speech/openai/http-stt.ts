import { concatPcm, encodeWav } from '../../audio/index.js';
import type { Clock } from '../../core/index.js';
import type { STT } from '../contracts.js';
import { type Recogniser, type RecogniserEvents, serviceStt } from '../service-stt.js';
import { type OpenAIServiceOptions, openaiClient, openaiError } from './client.js';
import type { OpenAIClient, OpenAIPeer } from './peer.js';

export interface OpenAIHttpSttOptions extends OpenAIServiceOptions {
  /** Default `gpt-4o-transcribe`; with `whisper-1` words have times. */
  model?: string;
  /** ISO 639-1. A stream's own language goes before it. */
  language?: string;
  prompt?: string;
  clock?: Clock;
}

const sampleRateHz = 16_000;

/**
 * OpenAI's transcription of whole utterances: one request for each flush, no interims. ConfigError `api_key_missing` now,
 * `peer_missing` at the first use.
 */
export function openaiHttpStt(options: OpenAIHttpSttOptions = {}): STT {
  const { model = 'gpt-4o-transcribe' } = options;
  const connect = openaiClient(options, 'OpenAI transcription');
  return serviceStt({
    name: `openai/${model}`,
    sampleRateHz,
    finalTimeoutMs: 30_000,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    warmUp: async () => void (await connect()),
    async connect(events, settings) {
      const { sdk, client } = await connect();
      const language = settings.language ?? options.language;
      const prompt = settings.prompt ?? options.prompt;
      const isWhisper = model.startsWith('whisper');
      return new Requests(sdk, client, events, {
        model,
        ...(language === undefined ? {} : { language }),
        ...(prompt === undefined ? {} : { prompt }),
        response_format: isWhisper ? 'verbose_json' : 'json',
        ...(isWhisper ? { timestamp_granularities: ['word'] } : {}),
      });
    },
  });
}

class Requests implements Recogniser {
  readonly #abort = new AbortController();
  #chunks: Int16Array[] = [];
  #heardMs = 0;
  /** Answers come in the order of asking. */
  #last = Promise.resolve();

  constructor(
    readonly sdk: OpenAIPeer,
    readonly client: OpenAIClient,
    readonly events: RecogniserEvents,
    readonly body: Record<string, unknown>,
  ) {}

  audio(pcm: Int16Array): void {
    this.#chunks.push(pcm);
  }

  finish(): void {
    const chunks = this.#chunks;
    const fromMs = this.#heardMs;
    this.#chunks = [];
    this.#heardMs += chunks.reduce((ms, pcm) => ms + (pcm.length * 1000) / sampleRateHz, 0);
    const asked = this.#ask(chunks);
    this.#last = this.#last.then(async () => {
      try {
        const { text, words = [] } = await asked;
        if (this.#abort.signal.aborted) return;
        const timed = words.map(({ word, start, end }) => ({
          text: word,
          fromMs: fromMs + start * 1_000,
          toMs: fromMs + end * 1_000,
        }));
        this.events.part({ text, words: timed });
        this.events.ended();
      } catch (thrown) {
        if (!this.#abort.signal.aborted) this.events.closed(openaiError('stt_failed', thrown));
      }
    });
  }

  close(): void {
    this.#abort.abort();
  }

  async #ask(chunks: readonly Int16Array[]) {
    const wav = encodeWav({ pcm: concatPcm(chunks), sampleRateHz, channels: 1 });
    const file = await this.sdk.toFile(wav, 'utterance.wav', { type: 'audio/wav' });
    const { signal } = this.#abort;
    return this.client.audio.transcriptions.create({ ...this.body, file }, { signal });
  }
}

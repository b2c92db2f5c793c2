import { Framer } from '../../audio/index.js';
import { type Clock, type Ms, ProviderError, type ReparteeError, samplesToMs } from '../../core/index.js';
import { apiKeyOf } from '../api-key.js';
import type { STT } from '../contracts.js';
import { type Recogniser, type RecogniserEvents, serviceStt } from '../service-stt.js';
import { loadAssemblyAi, type Transcriber, type TurnEvent } from './peer.js';

export interface AssemblyAiSttOptions {
  /** Default `universal-streaming-english`. */
  model?: string;
  /** Languages to expect, such as `['en', 'es']`, where the model takes them. A stream's own language goes before them. */
  languages?: readonly string[];
  /** Default: `ASSEMBLYAI_API_KEY`. */
  apiKey?: string;
  /** `wss://…`; the SDK takes no address without TLS. Default: AssemblyAI's. */
  baseUrl?: string;
  /** Words to expect: names, products. */
  keyterms?: readonly string[];
  /** Punctuation and capitals; the end of an utterance is told when they are there. Default true. */
  format?: boolean;
  /** What else the SDK's transcriber takes. */
  extra?: Readonly<Record<string, unknown>>;
  clock?: Clock;
}

const sampleRateHz = 16_000;
/** Messages of less than 50 ms or more than a second are refused (the SDK's own notes). */
const chunkSamples = sampleRateHz / 10;
const minSamples = sampleRateHz / 20;

/**
 * AssemblyAI's streaming recognition over its own SDK (`assemblyai`). A flush is `ForceEndpoint`; the service's own ends of turns
 * are put off as far as it lets us. ConfigError `api_key_missing` now, `peer_missing` when the first stream connects.
 */
export function assemblyAiStt(options: AssemblyAiSttOptions = {}): STT {
  const { model = 'universal-streaming-english', format = true, keyterms = [], extra = {} } = options;
  const apiKey = apiKeyOf(options.apiKey, 'ASSEMBLYAI_API_KEY', 'assemblyai');
  return serviceStt({
    name: `assemblyai/${model}`,
    sampleRateHz,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    warmUp: async () => void (await loadAssemblyAi()),
    async connect(events, { language, prompt }, signal) {
      const { StreamingTranscriber } = await loadAssemblyAi();
      const languages = language === undefined ? options.languages : [language];
      const transcriber = new StreamingTranscriber({
        apiKey,
        sampleRate: sampleRateHz,
        speechModel: model,
        formatTurns: format,
        endOfTurnConfidenceThreshold: 1,
        minTurnSilence: 10_000,
        maxTurnSilence: 60_000,
        maxConnectionRetries: 0,
        connectTimeout: 10_000,
        ...(options.baseUrl === undefined ? {} : { websocketBaseUrl: options.baseUrl }),
        ...(languages === undefined ? {} : { languageCodes: [...languages] }),
        ...(prompt === undefined ? {} : { prompt }),
        ...(keyterms.length === 0 ? {} : { keytermsPrompt: [...keyterms] }),
        ...extra,
      });
      const recogniser = new AssemblyAiRecogniser(transcriber, events, format);
      signal.addEventListener('abort', () => recogniser.close());
      await transcriber.connect().catch((thrown: Error & { code?: number }) => {
        throw failure(thrown.message, thrown.code);
      });
      return recogniser;
    },
  });
}

class AssemblyAiRecogniser implements Recogniser {
  readonly #transcriber: Transcriber;
  readonly #events: RecogniserEvents;
  readonly #format: boolean;
  readonly #framer = new Framer(chunkSamples, (chunk) => this.#send(chunk));
  /** For each end that was asked for and not told, the silence that was added before it. */
  #asked: Ms[] = [];
  /** Silence on the connection's line that nobody has pushed: its times are later by as much. */
  #addedMs: Ms = 0;
  #closed = false;

  constructor(transcriber: Transcriber, events: RecogniserEvents, format: boolean) {
    this.#transcriber = transcriber;
    this.#events = events;
    this.#format = format;
    transcriber.on('turn', (turn) => this.#onTurn(turn));
    transcriber.on('error', ({ message, code }) => this.#onClosed(failure(message, code)));
    transcriber.on('close', (code, reason) =>
      this.#onClosed(failure(`closed with code ${code} ${reason}`, code)),
    );
  }

  audio(pcm: Int16Array): void {
    this.#framer.push(pcm);
  }

  finish(): void {
    const rest = this.#framer.pendingSamples;
    const missing = rest === 0 ? 0 : Math.max(0, minSamples - rest);
    this.#framer.push(new Int16Array(missing));
    this.#framer.flush();
    if (this.#closed) return;
    this.#asked.push(samplesToMs(missing, sampleRateHz));
    this.#transcriber.forceEndpoint();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // It fails where the socket has not been opened.
    this.#transcriber.close(false).catch(() => {});
  }

  #send(chunk: Int16Array): void {
    if (!this.#closed) this.#transcriber.sendAudio(chunk);
  }

  #onTurn({ transcript, end_of_turn, turn_is_formatted, words }: TurnEvent): void {
    if (this.#closed) return;
    if (!end_of_turn || (this.#format && !turn_is_formatted)) {
      this.#events.interim(transcript === '' ? words.map(({ text }) => text).join(' ') : transcript);
      return;
    }
    const sum = words.reduce((total, { confidence }) => total + confidence, 0);
    this.#events.part({
      text: transcript,
      words: words.map(({ text, start, end }) => ({
        text,
        fromMs: start - this.#addedMs,
        toMs: end - this.#addedMs,
      })),
      ...(words.length === 0 ? {} : { confidence: sum / words.length }),
    });
    const addedMs = this.#asked.shift();
    if (addedMs === undefined) return;
    this.#addedMs += addedMs;
    this.#events.ended();
  }

  #onClosed(error: ReparteeError): void {
    if (this.#closed) return;
    this.close();
    this.#events.closed(error);
  }
}

/** Close codes of the service that trying again does not help: sample rate, key, funds, free tier, schema (the SDK's table). */
const lasting = new Set([4000, 4001, 4002, 4003, 4101]);

function failure(message: string, code: number | undefined): ReparteeError {
  return new ProviderError('stt_failed', `AssemblyAI: ${message.trim()}`, {
    provider: 'assemblyai',
    ...(code === undefined ? {} : { vendorCode: String(code), retryable: !lasting.has(code) }),
  });
}

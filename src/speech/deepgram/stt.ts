import { type Clock, type Ms, ProviderError, systemClock, type Timer } from '../../core/index.js';
import { apiKeyOf } from '../api-key.js';
import type { STT } from '../contracts.js';
import { type Recogniser, type RecogniserEvents, serviceStt } from '../service-stt.js';
import { type DeepgramMessage, type DeepgramSocket, loadDeepgram } from './peer.js';

export interface DeepgramSttOptions {
  /** Default `nova-3`. */
  model?: string;
  /** A BCP 47 tag, or `multi`. A stream's own language goes before it. Default `en`. */
  language?: string;
  /** Default: `DEEPGRAM_API_KEY`. */
  apiKey?: string;
  /** `wss://…`, for a proxy or a server of one's own. Default: Deepgram's. */
  baseUrl?: string;
  /** Words to expect: names, products. */
  keyterms?: readonly string[];
  /** Digits instead of number words. Default false. */
  numerals?: boolean;
  /** What else the service takes, by its own names (`mip_opt_out`, `redact` …). */
  extra?: Readonly<Record<string, unknown>>;
  clock?: Clock;
}

const sampleRateHz = 16_000;
/** A connection without audio is closed after ten seconds (Deepgram's documentation, "Audio keep alive"). */
const keepAliveMs: Ms = 4_000;

/**
 * Deepgram's streaming recognition over its own SDK (`@deepgram/sdk`). A flush is `Finalize`; what was found is told by results
 * that say `from_finalize`. ConfigError `api_key_missing` now, `peer_missing` when the first stream connects or `warmUp` is called.
 */
export function deepgramStt(options: DeepgramSttOptions = {}): STT {
  const { model = 'nova-3', clock = systemClock() } = options;
  const apiKey = apiKeyOf(options.apiKey, 'DEEPGRAM_API_KEY', 'deepgram');
  return serviceStt({
    name: `deepgram/${model}`,
    sampleRateHz,
    clock,
    warmUp: async () => void (await loadDeepgram()),
    async connect(events, settings, signal) {
      const { DeepgramClient } = await loadDeepgram();
      const { baseUrl } = options;
      const urls =
        baseUrl === undefined ? {} : { environment: { base: baseUrl, production: baseUrl, agent: baseUrl } };
      const { keyterms = [], numerals = false, extra = {} } = options;
      const socket = await new DeepgramClient({ apiKey, ...urls }).listen.v1.connect({
        model,
        language: settings.language ?? options.language ?? 'en',
        encoding: 'linear16',
        sample_rate: sampleRateHz,
        channels: 1,
        interim_results: 'true',
        punctuate: 'true',
        numerals: String(numerals),
        // Who ends an utterance is ours to say.
        endpointing: 'false',
        ...(keyterms.length === 0 ? {} : { keyterm: keyterms }),
        ...extra,
        reconnectAttempts: 0,
        abortSignal: signal,
      });
      return new DeepgramRecogniser(socket, events, clock).open();
    },
  });
}

class DeepgramRecogniser implements Recogniser {
  readonly #socket: DeepgramSocket;
  readonly #events: RecogniserEvents;
  readonly #clock: Clock;
  #timer: Timer | undefined;
  /** Whoever waits for the connection learns why there is none. */
  #failOpening: (error: Error) => void = () => {};
  #closed = false;

  constructor(socket: DeepgramSocket, events: RecogniserEvents, clock: Clock) {
    this.#socket = socket;
    this.#events = events;
    this.#clock = clock;
    socket.on('message', (message) => this.#onMessage(message));
    socket.on('error', (error) => this.#onClosed(error.message));
    socket.on('close', ({ code, reason }) =>
      this.#onClosed(`closed with code ${code ?? 1006} ${reason ?? ''}`),
    );
  }

  open(): Promise<this> {
    return new Promise((resolve, reject) => {
      // The SDK's own promise is not settled where the connection is given up.
      this.#failOpening = reject;
      this.#socket.connect();
      this.#socket.waitForOpen().then(() => {
        this.#beat();
        resolve(this);
      }, reject);
    });
  }

  audio(pcm: Int16Array): void {
    if (!this.#closed) this.#socket.sendMedia(pcm);
  }

  finish(): void {
    if (!this.#closed) this.#socket.sendFinalize({ type: 'Finalize' });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    this.#try(() => this.#socket.sendCloseStream({ type: 'CloseStream' }));
    this.#socket.close();
  }

  /** The SDK throws where the socket is closing; the close itself is told. */
  #try(send: () => void): void {
    try {
      send();
    } catch {}
  }

  #onMessage({ type, is_final, from_finalize, channel }: DeepgramMessage): void {
    if (this.#closed || type !== 'Results') return;
    const best = channel?.alternatives[0];
    const text = best?.transcript ?? '';
    if (is_final === true) {
      const words = (best?.words ?? []).map(({ word, punctuated_word, start, end }) => ({
        text: punctuated_word ?? word,
        fromMs: start * 1_000,
        toMs: end * 1_000,
      }));
      const sure = best === undefined || text === '' ? {} : { confidence: best.confidence };
      this.#events.part({ text, words, ...sure });
    } else this.#events.interim(text);
    if (from_finalize === true) this.#events.ended();
  }

  #onClosed(why: string): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#timer?.cancel();
    const error = new ProviderError('stt_failed', `Deepgram: ${why.trim()}`, { provider: 'deepgram' });
    this.#failOpening(error);
    this.#events.closed(error);
  }

  #beat(): void {
    if (this.#closed) return;
    this.#timer = this.#clock.at(this.#clock.now() + keepAliveMs, () => {
      this.#try(() => this.#socket.sendKeepAlive({ type: 'KeepAlive' }));
      this.#beat();
    });
  }
}

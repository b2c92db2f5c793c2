import { pcmToBase64 } from '../../audio/index.js';
import { ProviderError } from '../../core/index.js';
import type { STT } from '../contracts.js';
import { type Recogniser, type RecogniserEvents, serviceStt } from '../service-stt.js';
import { openaiClient } from './client.js';
import { loadOpenAIRealtime, type OpenAIRealtimeSocket, type RealtimeTranscriptionEvent } from './peer.js';
import { defaultSttModel, type OpenAISttOptions, transcriptionOf } from './stt-options.js';

export interface OpenAIRealtimeSttOptions extends OpenAISttOptions {
  /** Default: none. */
  noiseReduction?: 'near_field' | 'far_field';
  /** PEM of the authority of a server with a certificate of its own; the SDK takes no address without TLS. */
  ca?: string;
}

const sampleRateHz = 24_000;

/**
 * OpenAI's transcription session over its realtime wire: words arrive while the utterance is transcribed. A flush commits; the
 * server's own detection of turns is off. ConfigError `api_key_missing` now, `peer_missing` at the first use.
 */
export function openaiRealtimeStt(options: OpenAIRealtimeSttOptions = {}): STT {
  const { model = defaultSttModel } = options;
  const connect = openaiClient(options, 'OpenAI transcription');
  return serviceStt({
    name: `openai/${model}`,
    sampleRateHz,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    warmUp: async () => void (await connect()),
    async connect(events, settings, signal) {
      const { client } = await connect();
      const { OpenAIRealtimeWS } = await loadOpenAIRealtime('OpenAI transcription');
      const { ca, noiseReduction } = options;
      const props = { intent: 'transcription', ...(ca === undefined ? {} : { options: { ca } }) } as const;
      const socket = new OpenAIRealtimeWS(props, client);
      const recogniser = new TranscriptionSession(socket, events);
      await recogniser.opened(signal);
      socket.send({
        type: 'session.update',
        session: {
          type: 'transcription',
          include: ['item.input_audio_transcription.logprobs'],
          audio: {
            input: {
              format: { type: 'audio/pcm', rate: sampleRateHz },
              transcription: transcriptionOf(options, settings),
              turn_detection: null,
              ...(noiseReduction === undefined ? {} : { noise_reduction: { type: noiseReduction } }),
            },
          },
        },
      });
      return recogniser;
    },
  });
}

/** Words of one committed item. Items may be done in any order; they are told in the order of their commits. */
interface Committed {
  item: string;
  partial: string;
  done: boolean;
  confidence: number | undefined;
}

class TranscriptionSession implements Recogniser {
  readonly #socket: OpenAIRealtimeSocket;
  readonly #events: RecogniserEvents;
  #items: Committed[] = [];
  #settleOpened: { resolve: () => void; reject: (error: Error) => void } | undefined;
  #closed = false;

  constructor(socket: OpenAIRealtimeSocket, events: RecogniserEvents) {
    this.#socket = socket;
    this.#events = events;
    socket.socket.on('open', () => this.#settleOpened?.resolve());
    socket.socket.on('close', (code, reason) => this.#onClosed(`closed with code ${code} ${String(reason)}`));
    socket.on('event', (event) => this.#onEvent(event));
    socket.on('error', ({ message, error }) => this.#onError(error?.code ?? '', message));
  }

  opened(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#settleOpened = { resolve, reject };
      const giveUp = () => {
        this.close();
        reject(new ProviderError('stt_failed', 'openai: nobody waits any more', { provider: 'openai' }));
      };
      if (signal.aborted) giveUp();
      else signal.addEventListener('abort', giveUp, { once: true });
    });
  }

  audio(pcm: Int16Array): void {
    this.#socket.send({ type: 'input_audio_buffer.append', audio: pcmToBase64(pcm) });
  }

  finish(): void {
    this.#socket.send({ type: 'input_audio_buffer.commit' });
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#socket.close();
  }

  #onEvent({ type, item_id = '', delta, transcript, logprobs, error }: RealtimeTranscriptionEvent): void {
    if (this.#closed) return;
    const item = this.#items.find((one) => one.item === item_id);
    switch (type) {
      case 'input_audio_buffer.committed':
        this.#items.push({ item: item_id, partial: '', done: false, confidence: undefined });
        return;
      case 'conversation.item.input_audio_transcription.delta':
        if (item === undefined) return;
        item.partial += delta ?? '';
        if (item === this.#items[0]) this.#events.interim(item.partial);
        return;
      case 'conversation.item.input_audio_transcription.completed':
        if (item === undefined) return;
        item.partial = transcript ?? item.partial;
        item.done = true;
        item.confidence = confidenceOf(logprobs);
        return this.#tell();
      case 'conversation.item.input_audio_transcription.failed':
        return this.#onClosed(error?.message ?? 'the transcription failed');
    }
  }

  #tell(): void {
    while (this.#items[0]?.done === true) {
      const { partial, confidence } = this.#items.shift()!;
      this.#events.part({ text: partial, ...(confidence === undefined ? {} : { confidence }) });
      this.#events.ended();
      const next = this.#items[0];
      if (next !== undefined && next.partial !== '' && !next.done) this.#events.interim(next.partial);
    }
  }

  #onError(code: string, message: string): void {
    // Too little audio was committed (less than 100 ms): there is nothing to be understood.
    if (code === 'input_audio_buffer_commit_empty') {
      this.#items.push({ item: '', partial: '', done: true, confidence: undefined });
      this.#tell();
    } else this.#onClosed(message);
  }

  #onClosed(why: string): void {
    if (this.#closed) return;
    this.#closed = true;
    const error = new ProviderError('stt_failed', `openai: ${why.trim()}`, { provider: 'openai' });
    this.#socket.close();
    if (this.#settleOpened !== undefined) this.#settleOpened.reject(error);
    this.#events.closed(error);
  }
}

/** The mean probability of the tokens. */
function confidenceOf(logprobs: RealtimeTranscriptionEvent['logprobs']): number | undefined {
  if (logprobs === undefined || logprobs === null || logprobs.length === 0) return undefined;
  return Math.exp(logprobs.reduce((sum, { logprob }) => sum + logprob, 0) / logprobs.length);
}

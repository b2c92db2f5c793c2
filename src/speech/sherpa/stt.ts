import { existsSync } from 'node:fs';
import { pcmToFloat } from '../../audio/index.js';
import { type Clock, ConfigError, ProviderError } from '../../core/index.js';
import type { STT } from '../contracts.js';
import { type Recogniser, type RecogniserEvents, serviceStt } from '../service-stt.js';
import { wholeUtterances } from '../whole-utterances.js';
import { loadSherpa, type OfflineRecognizer, type OnlineRecognizer, type OnlineStream } from './peer.js';
import { wordsOf } from './words.js';

export interface SherpaSttOptions {
  /**
   * The model as sherpa-onnx describes it, with paths of files of yours: for streaming models `{ transducer: { encoder, decoder,
   * joiner }, tokens }`, `{ zipformer2Ctc: { model }, tokens }` …, for others `{ whisper: { encoder, decoder }, tokens }`,
   * `{ senseVoice: { model }, tokens }`, `{ nemoCtc: { model }, tokens }` …
   */
  model: Readonly<Record<string, unknown>>;
  /** A streaming model tells words while they are spoken; another one hears whole utterances. Default false. */
  streaming?: boolean;
  /** Default 1. */
  threads?: number;
  /** What else the recogniser's configuration takes: `decodingMethod`, `hotwordsFile` … */
  extra?: Readonly<Record<string, unknown>>;
  clock?: Clock;
}

const sampleRateHz = 16_000;

/**
 * Recognition by sherpa-onnx (`sherpa-onnx-node`) with weights from paths of yours. Streaming models decode in this thread while
 * audio comes in, others in sherpa's own. ConfigError `file_unreadable` now where a file is missing, and when the model is loaded
 * (by `warmUp` or the first utterance) where it is none; `peer_missing` then.
 */
export function sherpaStt(options: SherpaSttOptions): STT {
  checkFiles(options.model, 'model');
  const { streaming = false, threads = 1, extra = {} } = options;
  const config = {
    featConfig: { sampleRate: sampleRateHz, featureDim: 80 },
    modelConfig: { numThreads: threads, provider: 'cpu', debug: 0, ...options.model },
    decodingMethod: 'greedy_search',
    ...extra,
  };
  let online: Promise<OnlineRecognizer> | undefined;
  let offline: Promise<OfflineRecognizer> | undefined;
  const loadOnline = () => {
    online ??= loadSherpa().then(({ OnlineRecognizer }) => loaded(() => new OnlineRecognizer(config)));
    return online;
  };
  const loadOffline = () => {
    offline ??= loadSherpa().then(({ OfflineRecognizer }) =>
      loaded(() => OfflineRecognizer.createAsync(config)),
    );
    return offline;
  };
  return serviceStt({
    name: 'sherpa-onnx',
    sampleRateHz,
    finalTimeoutMs: 30_000,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    warmUp: async () => void (await (streaming ? loadOnline() : loadOffline())),
    connect: async (events) =>
      streaming ? new Streaming(await loadOnline(), events) : whole(await loadOffline(), events),
  });
}

/** The addon throws plain errors, and null, for what it cannot load. */
async function loaded<T>(load: () => T | Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    const message = 'sherpa-onnx cannot load the model: check that its files belong together';
    throw new ConfigError('file_unreadable', message, { param: 'model', cause });
  }
}

/** Whatever names a file of a model must be there: the addon would end the process. */
function checkFiles(value: unknown, param: string): void {
  if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) checkFiles(inner, `${param}.${key}`);
  } else if (typeof value === 'string' && /\.(onnx|txt|ort|bin|model)$/.test(value) && !existsSync(value)) {
    throw new ConfigError('file_unreadable', `There is no file ${value}`, { param });
  }
}

class Streaming implements Recogniser {
  readonly #recognizer: OnlineRecognizer;
  readonly #events: RecogniserEvents;
  #stream: OnlineStream;
  /** On the line: where the utterance under way begins, and where the audio ends. */
  #startMs = 0;
  #toMs = 0;
  #closed = false;

  constructor(recognizer: OnlineRecognizer, events: RecogniserEvents) {
    this.#recognizer = recognizer;
    this.#events = events;
    this.#stream = recognizer.createStream();
  }

  audio(pcm: Int16Array): void {
    this.#toMs += (pcm.length * 1000) / sampleRateHz;
    this.#stream.acceptWaveform({ samples: pcmToFloat(pcm), sampleRate: sampleRateHz });
    const result = this.#decode();
    // Never inside the push that brought the words.
    queueMicrotask(() => {
      if (!this.#closed && result.text !== '') this.#events.interim(result.text);
    });
  }

  finish(): void {
    const startMs = this.#startMs;
    this.#stream.inputFinished();
    const result = this.#decode();
    this.#stream = this.#recognizer.createStream();
    this.#startMs = this.#toMs;
    queueMicrotask(() => {
      if (this.#closed) return;
      this.#events.part({ text: result.text, words: wordsOf(result, startMs) });
      this.#events.ended();
    });
  }

  close(): void {
    this.#closed = true;
  }

  #decode() {
    while (this.#recognizer.isReady(this.#stream)) this.#recognizer.decode(this.#stream);
    return this.#recognizer.getResult(this.#stream);
  }
}

function whole(recognizer: OfflineRecognizer, events: RecogniserEvents): Recogniser {
  return wholeUtterances(events, {
    sampleRateHz,
    async hear(pcm, startMs) {
      const stream = recognizer.createStream();
      stream.acceptWaveform({ samples: pcmToFloat(pcm), sampleRate: sampleRateHz });
      const result = await recognizer.decodeAsync(stream);
      return { text: result.text, words: wordsOf(result, startMs) };
    },
    errorOf: (cause) =>
      new ProviderError('stt_failed', `sherpa-onnx: ${String(cause)}`, {
        provider: 'sherpa-onnx',
        cause,
        retryable: false,
      }),
  });
}

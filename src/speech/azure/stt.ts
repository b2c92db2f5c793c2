import { type Clock, ProviderError } from '../../core/index.js';
import type { STT } from '../contracts.js';
import { type Recogniser, type RecogniserEvents, serviceStt } from '../service-stt.js';
import { type AzureSpeechOptions, azureSpeech, checkAzureSpeech } from './config.js';
import type { AzurePushStream, AzureRecognizer, AzureSpeechPeer } from './peer.js';

export interface AzureSttOptions extends AzureSpeechOptions {
  /** BCP 47. A stream's own language goes before it. Default `en-US`. */
  language?: string;
  /** Words to expect: names, products. */
  phrases?: readonly string[];
  clock?: Clock;
}

const sampleRateHz = 16_000;
const ticksPerMs = 10_000;

/**
 * Azure Speech over Microsoft's own SDK (`microsoft-cognitiveservices-speech-sdk`). The service has no way to be told that an
 * utterance is over but the end of its audio, so each utterance has a connection of its own, made while it is spoken. ConfigError
 * `option_invalid` and `api_key_missing` now, `peer_missing` when the first one connects.
 */
export function azureStt(options: AzureSttOptions = {}): STT {
  checkAzureSpeech(options);
  return serviceStt({
    name: 'azure/speech',
    sampleRateHz,
    oneUtterance: true,
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    warmUp: async () => void (await azureSpeech(options)).config.close(),
    async connect(events, settings) {
      const { sdk, config } = await azureSpeech(options);
      config.speechRecognitionLanguage = settings.language ?? options.language ?? 'en-US';
      config.outputFormat = sdk.OutputFormat.Detailed;
      config.requestWordLevelTimestamps();
      const format = sdk.AudioStreamFormat.getWaveFormatPCM(sampleRateHz, 16, 1);
      const stream = sdk.AudioInputStream.createPushStream(format);
      const recognizer = new sdk.SpeechRecognizer(config, sdk.AudioConfig.fromStreamInput(stream));
      const { phrases = [] } = options;
      if (phrases.length > 0) sdk.PhraseListGrammar.fromRecognizer(recognizer).addPhrases([...phrases]);
      return new AzureUtterance(sdk, recognizer, stream, events);
    },
  });
}

class AzureUtterance implements Recogniser {
  readonly #recognizer: AzureRecognizer;
  readonly #stream: AzurePushStream;
  #isOver = false;

  constructor(
    sdk: AzureSpeechPeer,
    recognizer: AzureRecognizer,
    stream: AzurePushStream,
    events: RecogniserEvents,
  ) {
    this.#recognizer = recognizer;
    this.#stream = stream;
    recognizer.recognizing = (_, { result }) => {
      if (!this.#isOver) events.interim(result.text);
    };
    recognizer.recognized = (_, { result }) => {
      if (!this.#isOver && result.reason === sdk.ResultReason.RecognizedSpeech) events.part(partOf(result));
    };
    recognizer.canceled = (_, { reason, errorCode, errorDetails }) => {
      if (this.#isOver || reason !== sdk.CancellationReason.Error) return;
      this.#isOver = true;
      events.closed(failure(errorDetails, String(sdk.CancellationErrorCode[errorCode] ?? errorCode)));
    };
    recognizer.sessionStopped = () => {
      if (this.#isOver) return;
      this.#isOver = true;
      events.ended();
    };
    recognizer.startContinuousRecognitionAsync(
      () => {},
      (error) => {
        if (this.#isOver) return;
        this.#isOver = true;
        events.closed(failure(error, 'start'));
      },
    );
  }

  audio(pcm: Int16Array): void {
    // The SDK keeps the buffer until it is sent.
    if (!this.#isOver) this.#stream.write(pcm.slice().buffer);
  }

  finish(): void {
    this.#stream.close();
  }

  close(): void {
    this.#isOver = true;
    this.#stream.close();
    this.#recognizer.close(
      () => {},
      () => {},
    );
  }
}

/** The detailed answer: times are ticks of 100 ns. */
function partOf({ text, json }: { text: string; json: string }) {
  const { NBest = [] } = JSON.parse(json) as {
    NBest?: { Confidence: number; Words?: { Word: string; Offset: number; Duration: number }[] }[];
  };
  const [best] = NBest;
  if (best === undefined) return { text };
  const words = (best.Words ?? []).map(({ Word, Offset, Duration }) => ({
    text: Word,
    fromMs: Offset / ticksPerMs,
    toMs: (Offset + Duration) / ticksPerMs,
  }));
  return { text, words, confidence: best.Confidence };
}

/** Keys and requests that were refused are not tried again (the SDK's `CancellationErrorCode`). */
const lasting = new Set(['AuthenticationFailure', 'BadRequestParameters', 'Forbidden']);

function failure(details: string, vendorCode: string) {
  return new ProviderError('stt_failed', `Azure Speech: ${details}`, {
    provider: 'azure',
    vendorCode,
    retryable: !lasting.has(vendorCode),
  });
}

import type { Word } from '../../chat/item.js';
import { type Clock, ProviderError } from '../../core/index.js';
import type { TTS } from '../contracts.js';
import { type SpokenPiece, serviceTts } from '../service-tts.js';
import { type AzureSpeechOptions, azureSpeech, checkAzureSpeech } from './config.js';

export interface AzureTtsOptions extends AzureSpeechOptions {
  /** A stream's own voice goes before it. Default `en-US-AvaMultilingualNeural`. */
  voice?: string;
  clock?: Clock;
}

const sampleRateHz = 24_000;
const ticksPerMs = 10_000;
const defaultVoice = 'en-US-AvaMultilingualNeural';

/**
 * Azure's neural voices over Microsoft's own SDK (`microsoft-cognitiveservices-speech-sdk`), one request for each clause, with word
 * times. ConfigError `option_invalid` and `api_key_missing` now, `peer_missing` at the first use.
 */
export function azureTts(options: AzureTtsOptions = {}): TTS {
  checkAzureSpeech(options);
  return serviceTts({
    name: 'azure/speech',
    sampleRateHz,
    voices: [],
    ...(options.clock === undefined ? {} : { clock: options.clock }),
    warmUp: async () => void (await azureSpeech(options)).config.close(),
    speak: (clause, { voice = options.voice ?? defaultVoice, speed = 1 }, signal) =>
      spoken(options, ssml(clause, voice, speed), signal),
  });
}

/** The SDK calls back; the pieces wait here until they are taken. */
async function* spoken(
  options: AzureTtsOptions,
  text: string,
  signal: AbortSignal,
): AsyncGenerator<SpokenPiece> {
  const { sdk, config } = await azureSpeech(options);
  if (signal.aborted) return config.close();
  config.speechSynthesisOutputFormat = sdk.SpeechSynthesisOutputFormat.Raw24Khz16BitMonoPcm;
  const synthesizer = new sdk.SpeechSynthesizer(config, null);
  const pieces: SpokenPiece[] = [];
  let end: 'done' | Error | undefined;
  let wake = () => {};
  const settle = (how: 'done' | Error) => {
    end ??= how;
    wake();
  };
  const stop = () => settle('done');
  signal.addEventListener('abort', stop);
  synthesizer.wordBoundary = (_, { audioOffset, duration, text: word, boundaryType }) => {
    const fromMs = audioOffset / ticksPerMs;
    const words: Word[] = [{ text: word, fromMs, toMs: fromMs + duration / ticksPerMs }];
    if (boundaryType === 'WordBoundary') pieces.push({ words });
    wake();
  };
  synthesizer.synthesizing = (_, { result }) => {
    pieces.push({ pcm: new Int16Array(result.audioData.slice(0, result.audioData.byteLength & ~1)) });
    wake();
  };
  synthesizer.speakSsmlAsync(
    text,
    ({ reason, errorDetails }) => {
      if (reason === sdk.ResultReason.SynthesizingAudioCompleted) settle('done');
      else settle(failure(errorDetails ?? 'the synthesis was cancelled'));
    },
    (error) => settle(failure(error)),
  );
  try {
    while (end === undefined || pieces.length > 0) {
      if (signal.aborted) return;
      for (const piece of pieces.splice(0)) yield piece;
      if (end !== undefined || pieces.length > 0) continue;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    if (end !== 'done') throw end;
  } finally {
    signal.removeEventListener('abort', stop);
    synthesizer.close(
      () => {},
      () => {},
    );
  }
}

function ssml(text: string, voice: string, speed: number): string {
  const language = /^[a-z]{2,3}-[A-Z]{2}/.exec(voice)?.[0] ?? 'en-US';
  const rate = `${speed >= 1 ? '+' : ''}${Math.round((speed - 1) * 100)}%`;
  const words = escaped(text);
  const body = speed === 1 ? words : `<prosody rate="${rate}">${words}</prosody>`;
  const space = 'xmlns="http://www.w3.org/2001/10/synthesis"';
  return `<speak version="1.0" ${space} xml:lang="${language}"><voice name="${escaped(voice)}">${body}</voice></speak>`;
}

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
  return text.replaceAll(/[&<>"]/g, (char) => entities[char] ?? char);
}

function failure(details: string) {
  return new ProviderError('tts_failed', `Azure Speech: ${details}`, { provider: 'azure' });
}

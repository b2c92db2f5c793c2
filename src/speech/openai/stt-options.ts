import type { Clock } from '../../core/index.js';
import type { StreamSettings } from '../service-stt.js';
import type { OpenAIServiceOptions } from './client.js';

/** What both ways to OpenAI's transcription take. */
export interface OpenAISttOptions extends OpenAIServiceOptions {
  /** Default `gpt-4o-transcribe`. Over HTTP, with `whisper-1` words have times. */
  model?: string;
  /** ISO 639-1. A stream's own language goes before it. */
  language?: string;
  /** What the audio is about, names and style. A stream's own goes before it. */
  prompt?: string;
  clock?: Clock;
}

export const defaultSttModel = 'gpt-4o-transcribe';

/** What the service is told of a stream's transcription, by its own names. */
export function transcriptionOf(options: OpenAISttOptions, settings: StreamSettings) {
  const { model = defaultSttModel } = options;
  const language = settings.language ?? options.language;
  const prompt = settings.prompt ?? options.prompt;
  return {
    model,
    ...(language === undefined ? {} : { language }),
    ...(prompt === undefined ? {} : { prompt }),
  };
}

import { ConfigError } from '../../core/index.js';
import {
  fields,
  flag,
  invalid,
  key,
  list,
  milliseconds,
  number,
  object,
  oneOf,
  perTool,
  text,
  whole,
} from './checks.js';
import { provider } from './names.js';
import type { RealtimeModelOptions } from './options.js';

/** Throws `ConfigError` `option_invalid` or `options_conflict` naming the option. Never quotes a value: it may be a secret. */
export function validateOptions(options: RealtimeModelOptions): void {
  checkTypes(options);
  checkConflicts(options);
}

function checkTypes(options: RealtimeModelOptions): void {
  fields(options, '', {
    model: text,
    voice: text,
    apiKey: key,
    baseUrl: (value, path) => {
      const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
      if (url === undefined || !/^(https?|wss?):$/.test(url.protocol)) {
        invalid(path, 'a URL that begins with http://, https://, ws:// or wss://');
      }
    },
    vertex: (value, path) =>
      fields(value, path, {
        project: text,
        location: (location, at) => {
          // It becomes part of a host name.
          if (typeof location !== 'string' || !/^[a-z][a-z0-9-]*$/.test(location)) invalid(at, 'a location');
        },
        accessToken: key,
      }),
    apiVersion: oneOf('v1', 'v1beta', 'v1alpha', 'v1beta1'),
    modalities: (value, path) => {
      const [only, ...more] = Array.isArray(value) ? value : [];
      if (more.length > 0 || (only !== 'audio' && only !== 'text')) invalid(path, "['audio'] or ['text']");
    },
    languageCode: text,
    temperature: number(0, 2),
    topP: number(0, 1),
    topK: whole(1, 1000),
    maxOutputTokens: whole(1, 1_000_000),
    seed: whole(-(2 ** 31), 2 ** 31 - 1),
    presencePenalty: number(-2, 2),
    frequencyPenalty: number(-2, 2),
    mediaResolution: oneOf('low', 'medium', 'high'),
    thinking: (value, path) =>
      fields(value, path, {
        budget: whole(-1, 1_000_000),
        level: oneOf('minimal', 'low', 'medium', 'high'),
        includeThoughts: flag,
      }),
    affectiveDialog: flag,
    proactivity: flag,
    googleSearch: flag,
    serverTools: list(object),
    toolBehavior: perTool('BLOCKING', 'NON_BLOCKING'),
    toolScheduling: perTool('WHEN_IDLE', 'INTERRUPT'),
    inputAudioTranscription: transcription,
    outputAudioTranscription: transcription,
    realtimeInput: (value, path) =>
      fields(value, path, {
        activityHandling: oneOf('START_OF_ACTIVITY_INTERRUPTS', 'NO_INTERRUPTION'),
        turnCoverage: oneOf(
          'TURN_INCLUDES_ONLY_ACTIVITY',
          'TURN_INCLUDES_ALL_INPUT',
          'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO',
        ),
      }),
    contextWindowCompression: (value, path) => {
      if (value === null) return;
      fields(value, path, { triggerTokens: whole(1, 10_000_000), targetTokens: whole(0, 10_000_000) });
    },
    sessionResumption: (value, path) => {
      if (typeof value !== 'boolean') fields(value, path, { transparent: flag });
    },
    safetySettings: list(object),
    labels: (value, path) => {
      object(value, path);
      for (const [name, label] of Object.entries(value as object)) text(label, `${path}.${name}`);
    },
    explicitVadSignal: flag,
    translation: (value, path) => {
      fields(value, path, { targetLanguage: text, echoTargetLanguage: flag });
      if ((value as { targetLanguage?: unknown }).targetLanguage === undefined) {
        invalid(`${path}.targetLanguage`, 'a language');
      }
    },
    turnDetection: (value, path) => {
      if (value === null) return;
      fields(value, path, {
        startOfSpeechSensitivity: oneOf('high', 'low'),
        endOfSpeechSensitivity: oneOf('high', 'low'),
        prefixPaddingMs: milliseconds,
        silenceDurationMs: milliseconds,
        interruptResponse: flag,
      });
    },
    setup: object,
    connOptions: (value, path) =>
      fields(value, path, { maxRetries: whole(0, 1000), intervalMs: milliseconds, timeoutMs: milliseconds }),
    maxSessionDurationMs: whole(1000, 24 * 3_600_000),
    ca: () => {},
    headers: object,
    connect: (value, path) => {
      if (typeof value !== 'function') invalid(path, 'a function');
    },
  });
}

/** Options that contradict each other. */
function checkConflicts({ turnDetection, realtimeInput, proactivity, setup }: RealtimeModelOptions): void {
  const interrupts = turnDetection?.interruptResponse;
  const handling = realtimeInput?.activityHandling;
  if (interrupts !== undefined && handling !== undefined && interrupts === (handling === 'NO_INTERRUPTION')) {
    conflict(
      'realtimeInput.activityHandling',
      'It contradicts turnDetection.interruptResponse: leave one out.',
    );
  }
  if (proactivity !== undefined && setup?.proactivity !== undefined) {
    conflict('setup.proactivity', 'It is said twice: leave out the option proactivity or this field.');
  }
}

function conflict(param: string, message: string): never {
  throw new ConfigError('options_conflict', message, { param, provider });
}

function transcription(value: unknown, path: string): void {
  if (value !== null)
    fields(value, path, {
      language: text,
      languages: list(text),
      customVocabulary: list(text),
      wordTimestamps: flag,
    });
}

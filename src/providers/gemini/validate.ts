import { ConfigError } from '../../core/index.js';
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
  throw new ConfigError('options_conflict', message, { param, provider: 'gemini' });
}

type Check = (value: unknown, path: string) => void;

function key(value: unknown, path: string): void {
  if (typeof value !== 'function') text(value, path);
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

function perTool(...words: string[]): Check {
  const one = oneOf(...words);
  return (value, path) => {
    if (typeof value === 'string') return one(value, path);
    object(value, path);
    for (const [name, word] of Object.entries(value as object)) one(word, `${path}.${name}`);
  };
}

function list(each: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) invalid(path, 'a list');
    for (const [index, entry] of value.entries()) each(entry, `${path}[${index}]`);
  };
}

function number(from: number, to: number): Check {
  return (value, path) => {
    if (typeof value !== 'number' || !(value >= from && value <= to)) {
      invalid(path, `a number from ${from} to ${to}`);
    }
  };
}

function whole(from: number, to: number): Check {
  return (value, path) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < from || value > to) {
      invalid(path, `a whole number from ${from} to ${to}`);
    }
  };
}

function fields(value: unknown, path: string, checks: Record<string, Check>): void {
  object(value, path);
  const prefix = path === '' ? '' : `${path}.`;
  for (const [name, field] of Object.entries(value as Record<string, unknown>)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) {
      const message = `There is no option ${prefix}${name}. Known: ${Object.keys(checks).join(', ')}.`;
      throw new ConfigError('option_invalid', message, { param: `${prefix}${name}`, provider: 'gemini' });
    }
    if (field !== undefined) check(field, `${prefix}${name}`);
  }
}

function object(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) invalid(path, 'an object');
}

function text(value: unknown, path: string): void {
  if (typeof value !== 'string' || value === '') invalid(path, 'a text that is not empty');
}

function flag(value: unknown, path: string): void {
  if (typeof value !== 'boolean') invalid(path, 'true or false');
}

/** 600 seconds: longer ones are a mistake of units. */
function milliseconds(value: unknown, path: string): void {
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 600_000;
  if (!fits) invalid(path, 'a whole number of milliseconds from 0 to 600000');
}

function oneOf(...words: string[]): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !words.includes(value)) invalid(path, `one of ${words.join(', ')}`);
  };
}

function invalid(path: string, wanted: string): never {
  const message = `${path === '' ? 'The options' : path} must be ${wanted}.`;
  throw new ConfigError('option_invalid', message, { param: path, provider: 'gemini' });
}

import { ConfigError } from '../../core/index.js';
import type { RealtimeModelOptions } from './options.js';

/** Throws `ConfigError` naming the option: `option_invalid`, or `options_conflict` for two that cannot both hold. */
export function validateOptions(options: RealtimeModelOptions): void {
  unknownKeys('', options, Object.keys(checks));
  for (const [name, check] of Object.entries(checks)) {
    const value: unknown = options[name as keyof RealtimeModelOptions];
    if (value !== undefined) check(value, name);
  }
  const transcriber = options.inputAudioTranscription?.model;
  if (transcriber !== undefined && manualOnly.has(transcriber) && options.turnDetection !== null) {
    const message = `The transcription model ${transcriber} needs turnDetection: null and a commit for each turn.`;
    throw new ConfigError('options_conflict', message, { param: 'inputAudioTranscription.model' });
  }
}

const manualOnly = new Set(['gpt-live-transcribe', 'gpt-realtime-whisper']);

type Check = (value: unknown, path: string) => void;

const text: Check = (value, path) => {
  if (typeof value !== 'string' || value === '') invalid(path, 'a text that is not empty');
};

const texts: Check = (value, path) => {
  if (!Array.isArray(value)) return invalid(path, 'a list of texts');
  for (const [index, one] of value.entries()) text(one, `${path}[${index}]`);
};

const flag: Check = (value, path) => {
  if (typeof value !== 'boolean') invalid(path, 'true or false');
};

const func: Check = (value, path) => {
  if (typeof value !== 'function') invalid(path, 'a function');
};

function oneOf(...words: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !words.includes(value)) invalid(path, `one of ${words.join(', ')}`);
  };
}

function between(low: number, high: number, whole = false): Check {
  return (value, path) => {
    const fits =
      typeof value === 'number' && value >= low && value <= high && (!whole || Number.isInteger(value));
    if (!fits) invalid(path, `${whole ? 'a whole number' : 'a number'} from ${low} to ${high}`);
  };
}

function orNull(check: Check): Check {
  return (value, path) => {
    if (value !== null) check(value, path);
  };
}

function either(...checkers: readonly Check[]): Check {
  return (value, path) => {
    for (const [index, check] of checkers.entries()) {
      try {
        return check(value, path);
      } catch (thrown) {
        if (index === checkers.length - 1) throw thrown;
      }
    }
  };
}

function record(fields: Record<string, Check>, required: readonly string[] = []): Check {
  return (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return invalid(path, 'an object');
    unknownKeys(`${path}.`, value, Object.keys(fields));
    for (const [name, check] of Object.entries(fields)) {
      const field: unknown = (value as Record<string, unknown>)[name];
      if (field !== undefined) check(field, `${path}.${name}`);
      else if (required.includes(name)) invalid(`${path}.${name}`, 'given');
    }
  };
}

/** 600 seconds: longer silences are a mistake of units. */
const silenceMs = between(0, 600_000, true);
const reaction = { createResponse: flag, interruptResponse: flag };
const serverVad = record({
  type: oneOf('server_vad'),
  threshold: between(0, 1),
  prefixPaddingMs: silenceMs,
  silenceDurationMs: silenceMs,
  idleTimeoutMs: orNull(between(5000, 30_000, true)),
  ...reaction,
});
const semanticVad = record({
  type: oneOf('semantic_vad'),
  eagerness: oneOf('low', 'medium', 'high', 'auto'),
  ...reaction,
});

const checks: Record<keyof RealtimeModelOptions, Check> = {
  model: text,
  voice: text,
  modalities: (value, path) => {
    const known =
      Array.isArray(value) && value.length > 0 && value.every((one) => one === 'text' || one === 'audio');
    if (!known) invalid(path, "['audio'], ['text'] or both");
  },
  toolChoice: either(oneOf('auto', 'none', 'required'), record({ name: text }, ['name'])),
  baseUrl: (value, path) => {
    const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
    if (url === undefined || !/^(https?|wss?):$/.test(url.protocol)) {
      invalid(path, 'a URL that begins with http://, https://, ws:// or wss://');
    }
  },
  apiKey: either(func, text),
  inputAudioTranscription: orNull(
    record({
      model: text,
      language: text,
      languages: texts,
      prompt: text,
      keywords: texts,
      delay: oneOf('minimal', 'low', 'medium', 'high', 'xhigh'),
    }),
  ),
  inputAudioNoiseReduction: orNull(
    either(
      oneOf('near_field', 'far_field'),
      record({ type: oneOf('near_field', 'far_field'), strength: between(0, Number.MAX_VALUE) }, ['type']),
    ),
  ),
  turnDetection: orNull((value, path) => {
    const type: unknown =
      typeof value === 'object' && value !== null && 'type' in value ? value.type : undefined;
    if (type === 'server_vad') serverVad(value, path);
    else if (type === 'semantic_vad') semanticVad(value, path);
    else invalid(path, "{ type: 'server_vad' }, { type: 'semantic_vad' } or null");
  }),
  speed: between(0.25, 1.5),
  maxResponseOutputTokens: (value, path) => {
    if (value !== 'inf') between(1, 4096, true)(value, `${path} ('inf' aside)`);
  },
  connOptions: record({ timeoutMs: between(1, 600_000) }),
  organization: text,
  project: text,
  ca: either(texts, text),
  headers: (value, path) => {
    if (typeof value !== 'object' || value === null) return invalid(path, 'an object of texts');
    for (const [name, one] of Object.entries(value)) {
      if (typeof one !== 'string') invalid(`${path}.${name}`, 'a text');
    }
  },
  connect: func,
};

function unknownKeys(prefix: string, value: object, known: readonly string[]): void {
  for (const key of Object.keys(value)) {
    if (known.includes(key)) continue;
    throw new ConfigError(
      'option_invalid',
      `There is no option ${prefix}${key}. Known: ${known.join(', ')}.`,
      {
        param: `${prefix}${key}`,
      },
    );
  }
}

/** Never quotes the value: it may be a secret. */
function invalid(path: string, wanted: string): never {
  throw new ConfigError('option_invalid', `${path} must be ${wanted}.`, { param: path });
}

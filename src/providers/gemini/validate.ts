import { ConfigError } from '../../core/index.js';
import type { RealtimeModelOptions } from './options.js';

/** Throws `ConfigError` `option_invalid` naming the option. Never quotes a value: it may be a secret. */
export function validateOptions(options: RealtimeModelOptions): void {
  fields(options, '', {
    model: text,
    voice: text,
    apiKey: (value, path) => {
      if (typeof value !== 'function') text(value, path);
    },
    baseUrl: (value, path) => {
      const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
      if (url === undefined || !/^(https?|wss?):$/.test(url.protocol)) {
        invalid(path, 'a URL that begins with http://, https://, ws:// or wss://');
      }
    },
    apiVersion: oneOf('v1', 'v1beta', 'v1alpha'),
    inputAudioTranscription: (value, path) => {
      if (value !== null) fields(value, path, { language: text });
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
    connOptions: (value, path) => fields(value, path, { timeoutMs: milliseconds }),
    ca: () => {},
    headers: object,
    connect: (value, path) => {
      if (typeof value !== 'function') invalid(path, 'a function');
    },
  });
}

type Check = (value: unknown, path: string) => void;

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

import { ConfigError } from '../../core/index.js';

/** Throws `ConfigError` where the value cannot be what the option at `path` takes. */
export type Check = (value: unknown, path: string) => void;

export const text: Check = (value, path) => {
  if (typeof value !== 'string' || value === '') invalid(path, 'a text that is not empty');
};

export const anyText: Check = (value, path) => {
  if (typeof value !== 'string') invalid(path, 'a text');
};

export const flag: Check = (value, path) => {
  if (typeof value !== 'boolean') invalid(path, 'true or false');
};

/** An address with one of the protocols, such as `https`. */
export function url(...protocols: readonly string[]): Check {
  return (value, path) => {
    const parsed = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
    if (parsed === undefined || !protocols.includes(parsed.protocol.slice(0, -1))) {
      invalid(path, `a URL that begins with ${protocols.map((one) => `${one}://`).join(', ')}`);
    }
  };
}

export const func: Check = (value, path) => {
  if (typeof value !== 'function') invalid(path, 'a function');
};

export function oneOf(...words: readonly string[]): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !words.includes(value)) invalid(path, `one of ${words.join(', ')}`);
  };
}

export function between(low: number, high: number, whole = false): Check {
  return (value, path) => {
    const fits =
      typeof value === 'number' && value >= low && value <= high && (!whole || Number.isInteger(value));
    if (!fits) invalid(path, `${whole ? 'a whole number' : 'a number'} from ${low} to ${high}`);
  };
}

export function orNull(check: Check): Check {
  return (value, path) => {
    if (value !== null) check(value, path);
  };
}

/** The first check for texts, the second for all else. */
export function textOr(ifText: Check, otherwise: Check): Check {
  return (value, path) => (typeof value === 'string' ? ifText : otherwise)(value, path);
}

export function record(fields: Record<string, Check>, required: readonly string[] = []): Check {
  return (value, path) => {
    if (!isObject(value)) return invalid(path, 'an object');
    unknownKeys(`${path}.`, value, Object.keys(fields));
    for (const [name, check] of Object.entries(fields)) {
      const field: unknown = (value as Record<string, unknown>)[name];
      if (field !== undefined) check(field, `${path}.${name}`);
      else if (required.includes(name)) invalid(`${path}.${name}`, 'given');
    }
  };
}

/** Each entry fits. */
export function listOf(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return invalid(path, 'a list');
    for (const [index, one] of value.entries()) check(one, `${path}[${index}]`);
  };
}

/** Any fields, each of which fits. */
export function mapOf(check: Check): Check {
  return (value, path) => {
    if (!isObject(value)) return invalid(path, 'an object');
    for (const [name, one] of Object.entries(value)) check(one, `${path}.${name}`);
  };
}

export const texts = listOf(text);

export const anyObject: Check = (value, path) => {
  if (!isObject(value)) invalid(path, 'an object');
};

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function unknownKeys(prefix: string, value: object, known: readonly string[]): void {
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
export function invalid(path: string, wanted: string): never {
  throw new ConfigError('option_invalid', `${path} must be ${wanted}.`, { param: path });
}

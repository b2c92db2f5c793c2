import { type Problem, problem } from '../errors.js';

/** Says what is wrong with a value that stands at `path`, or `null`. */
export type Check = (value: unknown, path: string) => Problem | null;

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'an array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'an integer' : 'a decimal number';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

export function wrongType(path: string, expected: string, value: unknown): Problem {
  return problem(
    'invalid_type',
    `Invalid type for '${path}': expected ${expected}, but got ${kindOf(value)} instead.`,
    path,
  );
}

export function missing(path: string): Problem {
  return problem('missing_required_parameter', `Missing required parameter: '${path}'.`, path);
}

export function invalidValue(path: string, message: string): Problem {
  return problem('invalid_value', message, path);
}

export function string(maxLength = Number.POSITIVE_INFINITY, minLength = 0): Check {
  return (value, path) => {
    if (typeof value !== 'string') return wrongType(path, 'a string', value);
    if (value.length > maxLength) {
      return problem(
        'string_above_max_length',
        `Invalid '${path}': string too long. Expected at most ${maxLength} characters, but got ${value.length}.`,
        path,
      );
    }
    if (value.length < minLength) return invalidValue(path, `Invalid '${path}': the string is empty.`);
    return null;
  };
}

export const boolean: Check = (value, path) =>
  typeof value === 'boolean' ? null : wrongType(path, 'a boolean', value);

export function number(min: number, max: number, integer = false): Check {
  const expected = integer ? 'an integer' : 'a number';
  return (value, path) => {
    if (typeof value !== 'number' || (integer && !Number.isInteger(value))) {
      return wrongType(path, expected, value);
    }
    if (value < min) {
      return invalidValue(path, `Invalid '${path}': expected a value >= ${min}, but got ${value} instead.`);
    }
    if (value > max) {
      return invalidValue(path, `Invalid '${path}': expected a value <= ${max}, but got ${value} instead.`);
    }
    return null;
  };
}

export function oneOf(...values: readonly (string | number)[]): Check {
  return (value, path) => {
    if (values.includes(value as string)) return null;
    if (typeof value !== typeof values[0]) return wrongType(path, `one of ${quote(values)}`, value);
    const shown = typeof value === 'string' ? value.slice(0, 64) : value;
    return invalidValue(path, `Invalid value: '${shown}'. Supported values are: ${quote(values)}.`);
  };
}

function quote(values: readonly (string | number)[]): string {
  return values.map((value) => `'${value}'`).join(', ');
}

/** `null` passes too. */
export function orNull(check: Check): Check {
  return (value, path) => (value === null ? null : check(value, path));
}

export function arrayOf(check: Check, max = 1024): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return wrongType(path, 'an array', value);
    if (value.length > max) {
      return invalidValue(
        path,
        `Invalid '${path}': expected at most ${max} entries, but got ${value.length}.`,
      );
    }
    for (let at = 0; at < value.length; at++) {
      const found = check(value[at], `${path}[${at}]`);
      if (found !== null) return found;
    }
    return null;
  };
}

/** An object with these fields and no others. */
export function object(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  const known = new Map(Object.entries({ ...optional, ...required }));
  return (value, path) => {
    if (!isRecord(value)) return wrongType(path, 'an object', value);
    for (const key of Object.keys(required)) {
      if (!Object.hasOwn(value, key)) return missing(join(path, key));
    }
    for (const key of Object.keys(value)) {
      const at = join(path, key.slice(0, 64));
      const check = known.get(key);
      if (check === undefined) return problem('unknown_parameter', `Unknown parameter: '${at}'.`, at);
      const found = check(value[key], at);
      if (found !== null) return found;
    }
    return null;
  };
}

/** An object whose field `tag` says which of the checks holds for the whole of it. */
export function tagged(tag: string, variants: Record<string, Check>): Check {
  const tags = oneOf(...Object.keys(variants));
  return (value, path) => {
    if (!isRecord(value)) return wrongType(path, 'an object', value);
    if (!Object.hasOwn(value, tag)) return missing(join(path, tag));
    return tags(value[tag], join(path, tag)) ?? variants[value[tag] as string]!(value, path);
  };
}

/** The first check for strings, the second for all else. */
export function stringOr(ifString: Check, otherwise: Check): Check {
  return (value, path) => (typeof value === 'string' ? ifString : otherwise)(value, path);
}

const maxDepth = 64;

/** Any JSON object; its depth is bounded, because it is walked and written again later. */
export const anyObject: Check = (value, path) => {
  if (!isRecord(value)) return wrongType(path, 'an object', value);
  return depthWithin(value, maxDepth)
    ? null
    : invalidValue(path, `Invalid '${path}': nested deeper than ${maxDepth} levels.`);
};

function depthWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  for (const inner of Object.values(value)) if (!depthWithin(inner, levels - 1)) return false;
  return true;
}

/** A flat record of strings. */
export function stringRecord(maxPairs: number, maxKey: number, maxValue: number): Check {
  const checkValue = string(maxValue);
  return (value, path) => {
    if (!isRecord(value)) return wrongType(path, 'an object', value);
    const keys = Object.keys(value);
    if (keys.length > maxPairs) {
      return invalidValue(path, `Invalid '${path}': at most ${maxPairs} pairs, but got ${keys.length}.`);
    }
    for (const key of keys) {
      if (key.length > maxKey) {
        return invalidValue(path, `Invalid '${path}': a key is longer than ${maxKey} characters.`);
      }
      const found = checkValue(value[key], join(path, key));
      if (found !== null) return found;
    }
    return null;
  };
}

import { ConfigError } from '../../core/index.js';
import { provider } from './names.js';

/** Throws `ConfigError` `option_invalid` where the value is not what the option at that path can be. */
export type Check = (value: unknown, path: string) => void;

export function key(value: unknown, path: string): void {
  if (typeof value !== 'function') text(value, path);
}

export function perTool(...words: string[]): Check {
  const one = oneOf(...words);
  return (value, path) => {
    if (typeof value === 'string') return one(value, path);
    object(value, path);
    for (const [name, word] of Object.entries(value as object)) one(word, `${path}.${name}`);
  };
}

export function list(each: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) invalid(path, 'a list');
    for (const [index, entry] of value.entries()) each(entry, `${path}[${index}]`);
  };
}

export function number(from: number, to: number): Check {
  return (value, path) => {
    if (typeof value !== 'number' || !(value >= from && value <= to)) {
      invalid(path, `a number from ${from} to ${to}`);
    }
  };
}

export function whole(from: number, to: number): Check {
  return (value, path) => {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < from || value > to) {
      invalid(path, `a whole number from ${from} to ${to}`);
    }
  };
}

export function fields(value: unknown, path: string, checks: Record<string, Check>): void {
  object(value, path);
  const prefix = path === '' ? '' : `${path}.`;
  for (const [name, field] of Object.entries(value as Record<string, unknown>)) {
    const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
    if (check === undefined) {
      const message = `There is no option ${prefix}${name}. Known: ${Object.keys(checks).join(', ')}.`;
      throw new ConfigError('option_invalid', message, { param: `${prefix}${name}`, provider });
    }
    if (field !== undefined) check(field, `${prefix}${name}`);
  }
}

export function object(value: unknown, path: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) invalid(path, 'an object');
}

export function text(value: unknown, path: string): void {
  if (typeof value !== 'string' || value === '') invalid(path, 'a text that is not empty');
}

export function flag(value: unknown, path: string): void {
  if (typeof value !== 'boolean') invalid(path, 'true or false');
}

/** 600 seconds: longer ones are a mistake of units. */
export function milliseconds(value: unknown, path: string): void {
  const fits = typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 600_000;
  if (!fits) invalid(path, 'a whole number of milliseconds from 0 to 600000');
}

export function oneOf(...words: string[]): Check {
  return (value, path) => {
    if (typeof value !== 'string' || !words.includes(value)) invalid(path, `one of ${words.join(', ')}`);
  };
}

export function invalid(path: string, wanted: string): never {
  const message = `${path === '' ? 'The options' : path} must be ${wanted}.`;
  throw new ConfigError('option_invalid', message, { param: path, provider });
}

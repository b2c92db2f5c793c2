import { ConfigError } from '../core/index.js';

/** Checks data that came as JSON; every complaint is a ConfigError `option_invalid` with the path of the fault. */
export class Checker {
  constructor(private readonly what: string) {}

  fail(path: string, problem: string): never {
    const where = path === '' ? this.what : `${this.what}: ${path}`;
    throw new ConfigError('option_invalid', `${where} ${problem}.`, path === '' ? {} : { param: path });
  }

  /** A problem that somebody else found, if any. */
  fault(problem: string | undefined, path: string): void {
    if (problem !== undefined) this.fail(path, `is wrong: ${problem}`);
  }

  /** With `known`, other fields are faults: a misspelt field would silently do nothing. */
  object(value: unknown, path: string, known?: readonly string[]): Record<string, unknown> {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      this.fail(path, 'must be an object');
    const extra = known && Object.keys(value).find((name) => !known.includes(name));
    if (extra !== undefined) {
      this.fail(join(path, extra), `is not a field; fields are ${known?.join(', ')}`);
    }
    return value as Record<string, unknown>;
  }

  list(value: unknown, path: string): unknown[] {
    if (!Array.isArray(value)) this.fail(path, 'must be a list');
    return value;
  }

  text(value: unknown, path: string): string {
    if (typeof value !== 'string' || value.trim() === '') this.fail(path, 'must be a text that is not empty');
    return value;
  }

  optionalText(value: unknown, path: string): void {
    if (value !== undefined && typeof value !== 'string') this.fail(path, 'must be a text');
  }

  optionalMs(value: unknown, path: string): void {
    if (value === undefined) return;
    if (typeof value !== 'number' || !Number.isFinite(value) || value < 0) {
      this.fail(path, 'must be a number of milliseconds, 0 or more');
    }
  }

  /** One text or a list of texts, none of them empty. */
  texts(value: unknown, path: string): string[] {
    if (typeof value === 'string') return [this.text(value, path)];
    const list = this.list(value, path);
    if (list.length === 0) this.fail(path, 'must not be empty');
    return list.map((one, index) => this.text(one, `${path}[${index}]`));
  }

  oneOf(value: unknown, allowed: readonly string[], path: string): void {
    if (value !== undefined && !(typeof value === 'string' && allowed.includes(value))) {
      this.fail(path, `must be one of ${allowed.join(', ')}`);
    }
  }
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

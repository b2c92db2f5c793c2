import { ConfigError } from '../core/index.js';

type Kinds = { string: string; number: number; texts: string[] };

/** Error of one field: `path` is '' for the whole. */
export function bad(path: string, wanted: string, cause?: unknown): ConfigError {
  const where = path === '' ? 'Conversation JSON' : `Conversation JSON: ${path}`;
  return new ConfigError('option_invalid', `${where} must be ${wanted}.`, {
    ...(path === '' ? {} : { param: path }),
    ...(cause === undefined ? {} : { cause }),
  });
}

/** One JSON object, read field by field; every miss throws with its path. */
export class Fields {
  readonly #object: Record<string, unknown>;

  constructor(
    value: unknown,
    readonly at: string,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw bad(at, 'an object');
    this.#object = value as Record<string, unknown>;
  }

  path(name: string): string {
    return this.at === '' ? name : `${this.at}.${name}`;
  }

  has(name: string): boolean {
    return this.#object[name] !== undefined;
  }

  raw(name: string): unknown {
    return this.#object[name];
  }

  text(name: string): string {
    return this.#read(name, 'string');
  }

  flag(name: string): boolean {
    const value = this.#object[name];
    if (typeof value !== 'boolean') throw bad(this.path(name), 'true or false');
    return value;
  }

  choice<T extends string>(name: string, choices: readonly T[]): T {
    const found = choices.find((choice) => choice === this.#object[name]);
    if (found === undefined) throw bad(this.path(name), `one of ${choices.join(', ')}`);
    return found;
  }

  list(name: string): Fields[] {
    const value = this.#object[name];
    if (!Array.isArray(value)) throw bad(this.path(name), 'a list');
    return value.map((entry, index) => new Fields(entry, `${this.path(name)}[${index}]`));
  }

  /** `{}` where the field is absent, for spreading. */
  optional<N extends string, K extends keyof Kinds>(name: N, kind: K): { [P in N]?: Kinds[K] } {
    if (!this.has(name)) return {};
    return { [name]: this.#read(name, kind) } as { [P in N]?: Kinds[K] };
  }

  #read<K extends keyof Kinds>(name: string, kind: K): Kinds[K] {
    const value = this.#object[name];
    if (kind === 'texts') {
      if (!Array.isArray(value) || value.some((entry) => typeof entry !== 'string')) {
        throw bad(this.path(name), 'a list of texts');
      }
    } else if (kind === 'number') {
      if (typeof value !== 'number' || !Number.isFinite(value)) throw bad(this.path(name), 'a finite number');
    } else if (typeof value !== 'string') {
      throw bad(this.path(name), 'a text');
    }
    return value as Kinds[K];
  }
}

/** A parsed frame, or a part of one, before anything about its fields is known. */
export type Fields = Readonly<Record<string, unknown>>;

export function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

/** One field in both shapes: where it stands in each, and how its value differs (default: not at all). */
export interface Row {
  /** Path in the GA shape. */
  ga: readonly [string, ...string[]];
  /** Name in the flat shape. */
  flat: string;
  toFlat?: (value: unknown) => unknown;
  toGa?: (value: unknown) => unknown;
  /** The values that the flat shape knows, in the words of an error; absent = the GA wire's own check is enough. */
  allowed?: { test: (value: unknown) => boolean; message: (value: unknown) => string };
}

/** A table of rows, usable both ways. Fields that it does not name are not carried. */
export class Shape {
  readonly #byFlat: ReadonlyMap<string, Row>;

  constructor(readonly rows: readonly Row[]) {
    this.#byFlat = new Map(rows.map((row) => [row.flat, row]));
  }

  flat(ga: Fields): Record<string, unknown> {
    const flat: Record<string, unknown> = {};
    for (const { ga: path, flat: name, toFlat } of this.rows) {
      const value = read(ga, path);
      if (value !== undefined) flat[name] = value === null || toFlat === undefined ? value : toFlat(value);
    }
    return flat;
  }

  ga(flat: Fields): Record<string, unknown> {
    const ga: Record<string, unknown> = {};
    for (const [name, value] of Object.entries(flat)) {
      const row = this.#byFlat.get(name);
      if (row === undefined || value === undefined) continue;
      write(ga, row.ga, value === null || row.toGa === undefined ? value : row.toGa(value));
    }
    return ga;
  }

  /** The row of a flat name; undefined = there is no such field. */
  row(name: string): Row | undefined {
    return this.#byFlat.get(name);
  }

  /** A dotted GA path that leads to a field of this shape, or into one, in the flat shape's words. */
  flatPath(path: string): string {
    for (const { ga, flat } of this.rows) {
      const prefix = ga.join('.');
      const rest = path.slice(prefix.length);
      if (path.startsWith(prefix) && (rest === '' || rest[0] === '.' || rest[0] === '['))
        return `${flat}${rest}`;
    }
    return path;
  }
}

function read(from: Fields, path: readonly string[]): unknown {
  let value: unknown = from;
  for (const name of path) value = asFields(value)?.[name];
  return value;
}

function write(to: Record<string, unknown>, [name, ...rest]: readonly [string, ...string[]], value: unknown) {
  const [next, ...further] = rest;
  if (next === undefined) {
    to[name] = value;
    return;
  }
  const inner = { ...asFields(to[name]) };
  write(inner, [next, ...further], value);
  to[name] = inner;
}

/** A copy without the named fields. */
export function without(fields: Fields, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name)));
}

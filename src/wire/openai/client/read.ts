/** A frame of the server after `JSON.parse`, before anything about its fields is known. */
export type Fields = Readonly<Record<string, unknown>>;

/** A field that is not what the wire says. Whoever handles the event drops it whole. */
export class MalformedField extends Error {
  constructor(readonly field: string) {
    super(`'${field}' is not what the wire says`);
  }
}

export function asFields(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
}

export function fieldsOf(fields: Fields, name: string): Fields {
  return asFields(fields[name]) ?? malformed(name);
}

/** A text that may be empty. */
export function textOf(fields: Fields, name: string): string {
  return asText(fields[name], name);
}

/** `name`: the field's that it was. */
export function asText(value: unknown, name: string): string {
  return typeof value === 'string' ? value : malformed(name);
}

export function idOf(fields: Fields, name: string): string {
  return asId(fields[name], name);
}

/** `name`: the field's that it was. */
export function asId(value: unknown, name: string): string {
  return typeof value === 'string' && value !== '' ? value : malformed(name);
}

/** Some servers send '' or null for an id that they do not have. */
export function optionalId(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function optionalText(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' ? value : undefined;
}

/** A position or duration; absent where it is none. */
export function optionalMs(fields: Fields, name: string): number | undefined {
  const value = fields[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}

/** Place in a list; 0 where the server leaves it out. */
export function indexOf(fields: Fields, name: string): number {
  return asIndex(fields[name]);
}

export function asIndex(value: unknown): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? value : 0;
}

/** An array's members that are objects. */
export function listOf(fields: Fields, name: string): Fields[] {
  const value = fields[name];
  if (!Array.isArray(value)) return malformed(name);
  return value.map(asFields).filter((member) => member !== undefined);
}

function malformed(name: string): never {
  throw new MalformedField(name);
}

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv, type ValidateFunction } from 'ajv';

/**
 * Holds events of OpenAI's Realtime wire against the official types (scripts/gen-openai-schema.mjs made the schemas).
 * `strict` (the default) is for what we send: no field that the types do not know. `tolerant` is for what others send.
 * An event that does not hold throws, naming the field; so does a type that is not in the union.
 */
export function assertServerEvent(event: unknown, mode: Mode = 'strict'): void {
  ga.assert('RealtimeServerEvent', event, mode);
}

export function assertClientEvent(event: unknown, mode: Mode = 'strict'): void {
  ga.assert('RealtimeClientEvent', event, mode);
}

/** The same in the beta dialect. */
export function assertBetaServerEvent(event: unknown, mode: Mode = 'strict'): void {
  beta.assert('RealtimeServerEvent', event, mode);
}

export function assertBetaClientEvent(event: unknown, mode: Mode = 'strict'): void {
  beta.assert('RealtimeClientEvent', event, mode);
}

export type Mode = 'strict' | 'tolerant';

type Union = 'RealtimeServerEvent' | 'RealtimeClientEvent';

/** The types of a union, from the schema. */
export function eventTypes(union: Union, dialect: 'ga' | 'beta' = 'ga'): string[] {
  return (dialect === 'ga' ? ga : beta).eventTypes(union);
}

interface Schema {
  $ref?: string;
  const?: string;
  anyOf?: Schema[];
  properties?: Record<string, Schema>;
  additionalProperties?: boolean | Schema;
  [key: string]: unknown;
}

interface Schemas {
  definitions: Record<string, Schema>;
}

/** What the types leave out or forbid, and the vendor's own pages and captures show; by definition. */
type Extras = Readonly<Record<string, Record<string, Schema>>>;

interface Options {
  /** Of the schema's file. */
  prefix: string;
  /** Types whose place another definition takes. */
  replaced: Partial<Record<Union, Record<string, string>>>;
  extras: Record<Union, Extras>;
}

class Judge {
  readonly #unions: Record<Union, Map<string, string>>;
  readonly #ajvs: Record<Mode, Ajv>;
  readonly #compiled = new Map<string, ValidateFunction>();

  constructor({ prefix, replaced, extras }: Options) {
    const folder = new URL('.', import.meta.url);
    const name = readdirSync(fileURLToPath(folder)).find((file) => file.startsWith(`${prefix}.`));
    if (name === undefined) throw new Error('No schema: run node scripts/gen-openai-schema.mjs');
    const schemas: Schemas = JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
    const union = (of: Union) => new Map([...members(schemas, of), ...Object.entries(replaced[of] ?? {})]);
    this.#unions = {
      RealtimeServerEvent: union('RealtimeServerEvent'),
      RealtimeClientEvent: union('RealtimeClientEvent'),
    };
    this.#ajvs = { strict: compiler(schemas, extras, true), tolerant: compiler(schemas, extras, false) };
  }

  eventTypes(union: Union): string[] {
    return [...this.#unions[union].keys()];
  }

  assert(union: Union, event: unknown, mode: Mode): void {
    const type = (event as { type?: unknown } | null)?.type;
    const definition = typeof type === 'string' ? this.#unions[union].get(type) : undefined;
    if (definition === undefined) throw new Error(`${union}: no event of type ${JSON.stringify(type)}`);
    const key = `${mode} ${union} ${definition}`;
    let validate = this.#compiled.get(key);
    if (validate === undefined) {
      validate = this.#ajvs[mode].compile({ $ref: `${union}#/definitions/${definition}` });
      this.#compiled.set(key, validate);
    }
    if (!validate(event)) {
      const errors = (validate.errors ?? [])
        .slice(0, 12)
        .map((error) => `  ${error.instancePath || '/'} ${error.message} ${JSON.stringify(error.params)}`);
      throw new Error(
        `${String(type)} is not what the official types say:\n${errors.join('\n')}\n${short(event)}`,
      );
    }
    assertRanges(event, '');
  }
}

function members({ definitions }: Schemas, union: Union): Map<string, string> {
  const found = new Map<string, string>();
  for (const { $ref } of definitions[union]?.anyOf ?? []) {
    const definition = $ref!.slice('#/definitions/'.length);
    found.set(definitions[definition]!.properties!.type!.const!, definition);
  }
  return found;
}

function compiler(schemas: Schemas, extras: Record<Union, Extras>, strict: boolean): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: false });
  for (const union of ['RealtimeServerEvent', 'RealtimeClientEvent'] as const) {
    const copy = structuredClone(schemas);
    for (const [definition, properties] of Object.entries(extras[union])) {
      Object.assign(copy.definitions[definition]!.properties!, properties);
    }
    if (strict) close(copy);
    ajv.addSchema({ ...copy, $id: union });
  }
  return ajv;
}

/** Forbids what is not named, everywhere. */
function close(node: unknown): void {
  if (typeof node !== 'object' || node === null) return;
  const found = node as Schema;
  if (found.properties !== undefined && found.additionalProperties === undefined) {
    found.additionalProperties = false;
  }
  for (const value of Object.values(node)) close(value);
}

/** What the types do not say: ranges of the vendor's reference. */
const ranges: Record<string, (value: number) => boolean> = {
  speed: (value) => value >= 0.25 && value <= 1.5,
  idle_timeout_ms: (value) => value >= 5000 && value <= 30_000,
  max_output_tokens: (value) => Number.isInteger(value) && value >= 1 && value <= 4096,
  threshold: (value) => value >= 0 && value <= 1,
  retention_ratio: (value) => value >= 0 && value <= 1,
  audio_end_ms: isIndex,
  audio_start_ms: isIndex,
  silence_duration_ms: isIndex,
  prefix_padding_ms: isIndex,
  content_index: isIndex,
  output_index: isIndex,
  total_tokens: isIndex,
  input_tokens: isIndex,
  output_tokens: isIndex,
};

function isIndex(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}

/** Free-form values, in which a name means nothing. */
const opaque = new Set(['parameters', 'metadata', 'input_schema', 'annotations']);

function assertRanges(node: unknown, path: string): void {
  if (typeof node !== 'object' || node === null) return;
  for (const [key, value] of Object.entries(node)) {
    if (opaque.has(key)) continue;
    if (typeof value === 'number' && ranges[key]?.(value) === false) {
      throw new Error(`${path}/${key} is out of range: ${value}`);
    }
    if (key === 'event_id' && typeof value === 'string' && value.length > 512) {
      throw new Error(`${path}/${key} is longer than 512 characters`);
    }
    assertRanges(value, `${path}/${key}`);
  }
}

function short(event: unknown): string {
  const text = JSON.stringify(event, (_key, value: unknown) =>
    typeof value === 'string' && value.length > 80 ? `${value.slice(0, 80)}…` : value,
  );
  return text.slice(0, 2000);
}

/** The real server sends these in a session; the types of the session events leave them out. */
const sessionExtras: Record<string, Schema> = {
  id: { type: 'string' },
  object: { type: 'string' },
  expires_at: { type: 'integer' },
};

const ga = new Judge({
  prefix: 'openai-realtime',
  // The published union forgets that `input` may hold references; the type of the call's parameter does not.
  replaced: { RealtimeClientEvent: { 'response.create': 'ResponseCreateEventWithReferencesParam' } },
  extras: {
    RealtimeServerEvent: {
      RealtimeSessionCreateRequest: sessionExtras,
      RealtimeTranscriptionSessionCreateRequest: sessionExtras,
    },
    RealtimeClientEvent: {},
  },
});

/** A function by its name, as the vendor's pages have it; the types say text. */
const toolChoice: Schema = { type: ['string', 'object'] };
/** The types know OpenAI's names only; Azure has deployments. */
const model: Schema = { type: 'string' };

const beta = new Judge({
  prefix: 'openai-realtime-beta',
  replaced: {},
  extras: {
    RealtimeServerEvent: {
      Session: { ...sessionExtras, model, tool_choice: toolChoice },
      'RealtimeResponseUsage.InputTokenDetails': { cached_tokens_details: { type: ['object', 'null'] } },
    },
    RealtimeClientEvent: {
      'SessionUpdateEvent.Session': { tool_choice: toolChoice },
      'ResponseCreateEvent.Response': { tool_choice: toolChoice },
    },
  },
});

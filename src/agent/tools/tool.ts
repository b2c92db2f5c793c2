import type { ToolSpec } from '../../chat/item.js';
import { ConfigError, ToolError } from '../../core/index.js';

/** The part of the Standard Schema interface (version 1) that tools need; zod 4, valibot, arktype and others have it. */
export interface StandardSchema<Output = unknown> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly jsonSchema?: { readonly input: (options: { target: string }) => Record<string, unknown> };
    readonly types?: { readonly input: unknown; readonly output: Output } | undefined;
  };
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | {
      readonly issues: ReadonlyArray<{
        readonly message: string;
        readonly path?: ReadonlyArray<unknown> | undefined;
      }>;
    };

/** What a tool is given beside its arguments. */
export interface ToolContext {
  callId: string;
  /** Aborted when the session closes or the model withdraws the call; a barge-in leaves a running tool running. */
  signal: AbortSignal;
}

/** A function that the model may call. */
export interface Tool {
  readonly spec: ToolSpec;
  /** Parses and validates the model's arguments, runs, and gives the result as text. Throws ToolError. */
  run(args: string, context: ToolContext): Promise<string>;
}

export interface ToolDefinition<Args> {
  name: string;
  description: string;
  /** A Standard Schema that can tell its JSON Schema, or a JSON Schema object (then arguments are passed as parsed). */
  parameters: StandardSchema<Args> | Record<string, unknown>;
  /** Its result becomes JSON text for the model, a string as it is. What it throws reaches the model as an error result. */
  execute(args: Args, context: ToolContext): unknown;
}

/** Defines a tool. A schema that cannot be written as JSON Schema is a ConfigError `option_invalid`. */
export function tool<Args>(definition: ToolDefinition<Args>): Tool {
  const { name, description, parameters, execute } = definition;
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    throw new ConfigError(
      'option_invalid',
      `A tool's name has 1 to 64 letters, digits, _ and -; not '${name}'`,
      { param: 'name' },
    );
  }
  const schema = isStandard(parameters) ? parameters : undefined;
  return {
    spec: {
      name,
      description,
      parameters: schema === undefined ? (parameters as Record<string, unknown>) : jsonSchema(name, schema),
    },
    async run(args, context) {
      const parsed = parse(name, args);
      const value = schema === undefined ? (parsed as Args) : await validate(name, schema, parsed);
      const result = await execute(value, context);
      return typeof result === 'string' ? result : (JSON.stringify(result) ?? 'null');
    },
  };
}

function isStandard<Args>(
  parameters: ToolDefinition<Args>['parameters'],
): parameters is StandardSchema<Args> {
  return '~standard' in parameters;
}

function jsonSchema(name: string, schema: StandardSchema): Record<string, unknown> {
  const { jsonSchema, vendor } = schema['~standard'];
  if (jsonSchema === undefined) {
    throw new ConfigError(
      'option_invalid',
      `The parameters of '${name}' (${vendor}) cannot be written as JSON Schema: use a newer ${vendor} or give a JSON Schema object`,
      { param: 'parameters' },
    );
  }
  // Vendors refuse or mislead themselves by a $schema inside a tool.
  const { $schema: _, ...plain } = jsonSchema.input({ target: 'draft-2020-12' });
  return plain;
}

function parse(name: string, args: string): unknown {
  try {
    return JSON.parse(args.trim() === '' ? '{}' : args);
  } catch (cause) {
    throw new ToolError('tool_arguments_invalid', `The arguments of '${name}' are not JSON`, { cause });
  }
}

async function validate<Args>(name: string, schema: StandardSchema<Args>, value: unknown): Promise<Args> {
  const result = await schema['~standard'].validate(value);
  if (result.issues === undefined) return result.value;
  const issues = result.issues.map(({ message, path }) => {
    const at = (path ?? [])
      .map((key) => (typeof key === 'object' && key !== null && 'key' in key ? key.key : key))
      .join('.');
    return at === '' ? message : `${at}: ${message}`;
  });
  throw new ToolError(
    'tool_arguments_invalid',
    `The arguments of '${name}' do not fit: ${issues.join('; ')}`,
  );
}

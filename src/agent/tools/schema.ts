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

/** A Standard Schema that can tell its JSON Schema, or a JSON Schema object (then arguments are passed as parsed). */
export type Parameters<Args> = StandardSchema<Args> | Record<string, unknown>;

/** What the model is told of the parameters. ConfigError `option_invalid` where they cannot be written as JSON Schema. */
export function jsonSchemaOf<Args>(name: string, parameters: Parameters<Args>): Record<string, unknown> {
  if (!isStandard(parameters)) return parameters;
  const { jsonSchema, vendor } = parameters['~standard'];
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

/** The model's arguments as the tool wants them. ToolError `tool_arguments_invalid` says in words what does not fit. */
export async function argumentsOf<Args>(
  name: string,
  parameters: Parameters<Args>,
  json: string,
): Promise<Args> {
  const parsed = parse(name, json);
  if (!isStandard(parameters)) return parsed as Args;
  const result = await parameters['~standard'].validate(parsed);
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

function isStandard<Args>(parameters: Parameters<Args>): parameters is StandardSchema<Args> {
  return '~standard' in parameters;
}

function parse(name: string, json: string): unknown {
  try {
    return JSON.parse(json.trim() === '' ? '{}' : json);
  } catch (cause) {
    throw new ToolError('tool_arguments_invalid', `The arguments of '${name}' are not JSON`, { cause });
  }
}

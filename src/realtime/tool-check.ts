import type { ToolSpec } from './contract.js';

/** What became of the tools of an update, by name. */
export interface ToolsUpdate {
  /** The model has these now. */
  retained: string[];
  /** These were not sent. */
  refused: { name: string; reason: string }[];
}

/** Parts the tools that can be sent from those that no wire would take, and says why. */
export function sortTools(tools: readonly ToolSpec[]): { good: ToolSpec[]; update: ToolsUpdate } {
  const good: ToolSpec[] = [];
  const update: ToolsUpdate = { retained: [], refused: [] };
  for (const tool of tools) {
    const { name } = tool;
    const reason = update.retained.includes(name) ? 'another tool has this name' : problemOf(tool);
    if (reason !== undefined) update.refused.push({ name: String(name), reason });
    else {
      good.push(tool);
      update.retained.push(name);
    }
  }
  return { good, update };
}

/** Why no wire would take it; undefined = nothing is wrong with it. */
export function problemOf({ name, description, parameters }: ToolSpec): string | undefined {
  if (typeof name !== 'string' || name.trim() === '') return 'a tool has a name';
  if (description !== undefined && typeof description !== 'string') return 'its description is no text';
  if (!isObject(parameters)) return 'its parameters are no JSON Schema';
  const { type, properties, required } = parameters;
  if (type !== 'object') return `its parameters are a schema of type ${JSON.stringify(type)}, not 'object'`;
  if (properties !== undefined && !isObject(properties)) return 'the properties of its schema are no object';
  for (const [key, schema] of Object.entries(properties ?? {})) {
    if (!isObject(schema) && typeof schema !== 'boolean') return `the property '${key}' has no schema`;
  }
  const isList = Array.isArray(required) && required.every((key) => typeof key === 'string');
  if (required !== undefined && !isList) return "the schema's 'required' is no list of names";
  try {
    JSON.stringify(parameters);
  } catch {
    return 'its schema cannot be written as JSON';
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

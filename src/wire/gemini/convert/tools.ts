import type { ToolSpec } from '../../../chat/item.js';
import type { FunctionDeclaration, Tool } from '../messages.js';
import { type ModelTraits, type PerTool, ruleFor, type ToolBehavior } from '../models.js';
import { fromOpenApi, toOpenApi } from './schema.js';

/** Our tools as the one list entry that the wire wants; no entry where there are none. */
export function toolsToWire(
  tools: readonly ToolSpec[],
  traits: ModelTraits,
  behavior?: PerTool<ToolBehavior>,
): Tool[] {
  if (tools.length === 0) return [];
  return [{ functionDeclarations: tools.map((tool) => declaration(tool, traits, behavior)) }];
}

/** Function declarations of all entries as our tools. Built-in tools of the vendor are left out. */
export function toolsFromWire(tools: readonly Tool[] | undefined): ToolSpec[] {
  const specs: ToolSpec[] = [];
  for (const entry of tools ?? []) {
    for (const { name, description, parameters, parametersJsonSchema } of entry.functionDeclarations ?? []) {
      if (name === undefined) continue;
      specs.push({
        name,
        ...(description === undefined ? {} : { description }),
        parameters: isRecord(parametersJsonSchema)
          ? parametersJsonSchema
          : isRecord(parameters)
            ? fromOpenApi(parameters)
            : { type: 'object', properties: {} },
      });
    }
  }
  return specs;
}

function declaration(
  tool: ToolSpec,
  traits: ModelTraits,
  rule: PerTool<ToolBehavior> | undefined,
): FunctionDeclaration {
  const out: FunctionDeclaration = { name: tool.name };
  if (tool.description !== undefined) out.description = tool.description;
  // A function without parameters has no schema: an object without properties is refused.
  if (hasProperties(tool.parameters)) {
    if (traits.toolSchema === 'openapi') out.parameters = toOpenApi(tool.parameters);
    else out.parametersJsonSchema = tool.parameters;
  }
  const behavior = ruleFor(rule, tool.name) ?? traits.toolBehavior;
  if (behavior !== undefined) out.behavior = behavior;
  return out;
}

function hasProperties(schema: Record<string, unknown>): boolean {
  return isRecord(schema.properties) ? Object.keys(schema.properties).length > 0 : schema.$ref !== undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

import type { ToolChoice, ToolSpec } from '../../../realtime/contract.js';
import type { FunctionTool, Tool, WireToolChoice } from '../events.js';

/** Flat, as the Realtime API has it: no nested `function` object, no `strict`. */
export function toolToWire(tool: ToolSpec): FunctionTool {
  return {
    type: 'function',
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    parameters: tool.parameters,
  };
}

/** The functions among the tools; MCP servers are none of ours. */
export function toolsFromWire(tools: readonly Tool[]): ToolSpec[] {
  return tools.flatMap((tool) => (tool.type === 'mcp' ? [] : [toolFromWire(tool)]));
}

function toolFromWire(tool: FunctionTool): ToolSpec {
  const { name, description, parameters } = tool;
  return {
    name,
    ...(description === undefined ? {} : { description }),
    parameters: isObject(parameters) ? parameters : { type: 'object', properties: {} },
  };
}

export function toolChoiceToWire(choice: ToolChoice): WireToolChoice {
  return typeof choice === 'string' ? choice : { type: 'function', name: choice.name };
}

/** The choice of an MCP server becomes `auto`. */
export function toolChoiceFromWire(choice: WireToolChoice): ToolChoice {
  if (typeof choice === 'string') return choice;
  return choice.type === 'function' ? { name: choice.name } : 'auto';
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

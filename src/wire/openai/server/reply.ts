import type { Item, Overrides } from '../../../realtime/contract.js';
import { itemFromWire, toolChoiceFromWire, toolsFromWire, voiceFromWire } from '../convert/index.js';
import type { AudioFormat, ResponseRequest } from '../events.js';
import type { Conversation } from './conversation.js';
import { type Problem, problem } from './errors.js';

/** What a `response.create` overrides, in our words; undefined where it overrides nothing. `hostedTools`: the link takes tool servers. */
export function overridesOf(request: ResponseRequest, hostedTools = false): Overrides | undefined {
  const overrides: Overrides = {};
  const vendor: Record<string, unknown> = {};
  if (request.instructions !== undefined) overrides.instructions = request.instructions;
  if (request.tools !== undefined) {
    overrides.tools = toolsFromWire(request.tools);
    const mcpTools = request.tools.filter((tool) => tool.type === 'mcp');
    if (hostedTools && mcpTools.length > 0) vendor.mcpTools = mcpTools;
  }
  if (request.tool_choice !== undefined) overrides.toolChoice = toolChoiceFromWire(request.tool_choice);
  if (request.output_modalities !== undefined) {
    overrides.output = request.output_modalities.includes('audio') ? 'audio' : 'text';
  }
  const voice = request.audio?.output?.voice;
  if (voice !== undefined) overrides.voice = voiceFromWire(voice);
  if (request.max_output_tokens !== undefined) overrides.maxOutputTokens = request.max_output_tokens;
  if (request.parallel_tool_calls !== undefined) vendor.parallelToolCalls = request.parallel_tool_calls;
  if (request.reasoning !== undefined) vendor.reasoning = request.reasoning;
  if (request.prompt !== undefined) vendor.prompt = request.prompt;
  if (Object.keys(vendor).length > 0) overrides.vendor = vendor;
  return Object.keys(overrides).length > 0 ? overrides : undefined;
}

/** The items that a response shall see instead of the conversation; undefined = the conversation. */
export function inputOf(
  request: ResponseRequest,
  conversation: Conversation,
  format: AudioFormat,
): { input: Item[] | undefined } | { problem: Problem } {
  if (request.input === undefined) return { input: undefined };
  const input: Item[] = [];
  for (const [index, item] of request.input.entries()) {
    if (item.type !== 'item_reference') {
      input.push(itemFromWire(item, format));
      continue;
    }
    const entry = conversation.get(item.id);
    if (entry === undefined) {
      const message = `The item '${item.id}' that 'input' refers to does not exist.`;
      return { problem: problem('item_not_found', message, `response.input[${index}].id`) };
    }
    input.push(itemFromWire(entry.wire, format));
  }
  return { input };
}

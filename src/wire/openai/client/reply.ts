import type { Command, Overrides } from '../../../realtime/contract.js';
import { itemToWire, toolChoiceToWire, toolToWire, voiceToWire } from '../convert/index.js';
import type { OpenAIVendor } from '../convert/vendor.js';
import type { ItemReference, NewItem, ResponseRequest } from '../events.js';
import type { ClientCore } from './core.js';

type Of<T extends Command['t']> = Extract<Command, { t: T }>;

/** The pair of a response's metadata that names the command which asked for it. Never shown to anyone. */
export const commandKey = 'repartee_cmd';
/** The wire takes 16 pairs. */
const maxPairs = 16;

export function createResponse(core: ClientCore, command: Of<'reply'>): void {
  const { cmd, input, outOfBand = false, overrides = {}, metadata = {} } = command;
  const response: ResponseRequest = overridesToWire(overrides);
  if (outOfBand) response.conversation = 'none';
  if (input !== undefined) {
    response.input = input.flatMap((item): (NewItem | ItemReference)[] => {
      // What the server has is named; the reference carries its audio too.
      if (core.items.has(item.id)) return [{ type: 'item_reference', id: item.id }];
      const wire = itemToWire({ ...item, id: '' }, core.inputFormat);
      return wire === null ? [] : [wire];
    });
  }
  // Without room for ours, the response is known by its order.
  const room = Object.keys(metadata).length < maxPairs;
  response.metadata = room ? { ...metadata, [commandKey]: cmd } : metadata;
  const given = command.metadata === undefined ? {} : { metadata };
  core.expect({ kind: 'reply', cmd, eventId: cmd, key: '', outOfBand, ...given });
  core.send({ type: 'response.create', event_id: cmd, response });
}

export function cancelResponse(core: ClientCore, { cmd, response }: Of<'stop'>): void {
  const running = response === undefined ? core.responses.current : core.responses.get(response);
  if (running === undefined) {
    core.refuse(cmd, 'response_cancel_not_active', 'No such response is running.', true);
    return;
  }
  core.expect({ kind: 'stop', cmd, eventId: cmd, key: running.id });
  core.send({ type: 'response.cancel', event_id: cmd, response_id: running.id });
}

function overridesToWire(overrides: Overrides): ResponseRequest {
  const { instructions, tools, toolChoice, output, voice, maxOutputTokens } = overrides;
  const vendor: OpenAIVendor = overrides.vendor ?? {};
  const request: ResponseRequest = {};
  if (instructions !== undefined) request.instructions = instructions;
  if (tools !== undefined) request.tools = [...tools.map(toolToWire), ...(vendor.mcpTools ?? [])];
  if (toolChoice !== undefined) request.tool_choice = toolChoiceToWire(toolChoice);
  if (output !== undefined) request.output_modalities = [output];
  if (voice !== undefined && voice !== '') request.audio = { output: { voice: voiceToWire(voice) } };
  const tokens = maxOutputTokens ?? vendor.maxOutputTokens;
  if (tokens !== undefined) request.max_output_tokens = tokens;
  if (vendor.reasoning !== undefined) request.reasoning = vendor.reasoning;
  if (vendor.parallelToolCalls !== undefined) request.parallel_tool_calls = vendor.parallelToolCalls;
  if (vendor.prompt !== undefined) request.prompt = vendor.prompt;
  return request;
}

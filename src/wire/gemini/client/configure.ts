import type { Command, Config } from '../../../realtime/contract.js';
import { instructionContent, toolList } from '../convert/setup.js';
import type { ContextUpdate } from '../messages.js';
import { send } from './send.js';
import { type Client, refuse, sent } from './state.js';

const live: readonly string[] = ['instructions', 'tools', 'toolChoice'];

/** What some models let be changed while the session is open; everything else needs a new connection. */
export function configure(client: Client, { cmd, patch }: Extract<Command, { t: 'configure' }>): void {
  const { state, traits } = client;
  const fields = Object.keys(patch);
  const fixed = fields.find((field) => !(traits.contextUpdate && live.includes(field)));
  if (fixed !== undefined) {
    refuse(client, cmd, `'${fixed}' cannot be changed while the session is open`, { param: fixed });
    return;
  }
  const { instructions, tools, toolChoice } = patch;
  if (toolChoice != null && toolChoice !== 'auto' && toolChoice !== 'none') {
    refuse(client, cmd, 'This wire lets the model choose its tools', { param: 'toolChoice' });
    return;
  }
  if (state.config === null || fields.length === 0) return sent(client, cmd);
  const config: Config = {
    ...state.config,
    ...(instructions === undefined ? {} : { instructions: instructions ?? '' }),
    ...(tools === undefined ? {} : { tools: tools ?? [] }),
    ...(toolChoice === undefined ? {} : { toolChoice: toolChoice ?? 'auto' }),
  };
  state.config = config;
  const contextUpdate: ContextUpdate = {};
  if (instructions !== undefined) contextUpdate.systemInstruction = instructionContent(config.instructions);
  if (tools !== undefined || toolChoice !== undefined) {
    // The list replaces the whole of the old one, the vendor's own tools too.
    contextUpdate.tools = { tools: toolList({ config, traits, toolBehavior: client.toolBehavior }) };
  }
  send(client, { contextUpdate });
  sent(client, cmd);
}

import type { Frame } from '../../../core/index.js';
import { configFromSetup } from '../convert/config.js';
import { parseObject } from '../convert/json.js';
import { normaliseKeys } from '../convert/keys.js';
import { clientProblem } from '../fields-client.js';
import type { ClientMessage, Setup } from '../messages.js';
import { closeWith, invalidArgument, rearm, type Server } from './context.js';
import { clientContent, contextUpdate, toolResponse } from './conversation.js';
import { realtimeInput } from './input.js';

/** One frame of the client: text or bytes, camelCase or snake_case, exactly one key. */
export function clientFrame(server: Server, frame: Frame): void {
  const { state } = server;
  const object = parseObject(frame);
  if (object === undefined) return closeWith(server, 1007, 'Invalid JSON payload received.');
  const message = normaliseKeys(object) as Record<string, unknown>;
  const problem = clientProblem(message, server.options.surface);
  if (problem !== undefined) return closeWith(server, 1007, problem);
  // Nothing but the setup before `setupComplete`, and that once.
  const early = state.phase === 'new' || state.phase === 'opening';
  const isSetup = 'setup' in message;
  if (Object.keys(message).length !== 1 || isSetup !== (state.phase === 'new') || (early && !isSetup)) {
    return closeWith(server, 1007, invalidArgument);
  }
  const known = message as ClientMessage;
  if ('setup' in known) setup(server, known.setup);
  else if ('clientContent' in known) clientContent(server, known.clientContent);
  else if ('realtimeInput' in known) realtimeInput(server, known.realtimeInput);
  else if ('toolResponse' in known) toolResponse(server, known.toolResponse);
  else contextUpdate(server, known.contextUpdate);
}

function setup(server: Server, asked: Setup): void {
  const { state, options, port, nowMs } = server;
  const { hangBeforeSetup, closeBeforeSetup } = options.faults ?? {};
  const admission = options.admit?.(asked) ?? { setup: asked };
  if ('code' in admission) return closeWith(server, admission.code, admission.reason);
  const { setup } = admission;
  if (typeof setup.model !== 'string' || setup.model === '') return closeWith(server, 1007, invalidArgument);
  if (closeBeforeSetup !== undefined) {
    return closeWith(server, closeBeforeSetup.code, closeBeforeSetup.reason);
  }
  state.phase = 'opening';
  state.setup = setup;
  if (hangBeforeSetup === true) return;
  state.readyByMs = nowMs + (options.readyMs ?? 30_000);
  if (options.goAwayAfterMs !== undefined) state.goAwayAtMs = nowMs + options.goAwayAfterMs;
  rearm(server);
  const config = configFromSetup(setup);
  const { defaults } = options;
  const resume = setup.sessionResumption?.handle;
  port.emit({
    t: 'open',
    config: {
      ...config,
      // What the client leaves open is the model's own choice.
      voice: config.voice || defaults.voice,
      instructions: config.instructions || defaults.instructions,
      tools: config.tools.length > 0 ? config.tools : defaults.tools,
      vendor: defaults.vendor,
    },
    history: [],
    ...(resume === undefined ? {} : { resume }),
  });
}

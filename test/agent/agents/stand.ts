import {
  type Agent,
  type AgentEvents,
  AgentSession,
  type AgentSessionOptions,
} from '../../../src/agent/index.js';
import { type Script, scriptedModel } from '../../../src/cascade/index.js';
import { type ChatItem, messageText } from '../../../src/chat/index.js';
import { countedIds } from '../../../src/core/index.js';
import type { Dialler } from '../../../src/realtime/index.js';
import { FakeClock, recordedModel } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';

/** A voice, as far as the script's ears can tell. */
export const voice = (ms: number) => new Int16Array(ms * 24).map((_, i) => 8_000 * Math.sin(i / 20));

/** A call over one scripted model; others are made with `model`. */
export function stand(script: Script, options: Partial<AgentSessionOptions> = {}) {
  const clock = new FakeClock();
  const model = (of: Script, more: Parameters<typeof scriptedModel>[1] = {}) =>
    recordedModel(scriptedModel(of, more));
  const first = model(script);
  const session = new AgentSession({ llm: first, clock, ids: countedIds(), ...options });
  const transport = new MemoryTransport({ clock, openMic: true });
  const errors: AgentEvents['error'][] = [];
  session.on('error', (error) => errors.push(error));
  const start = async (agent: Agent) => {
    const started = session.start({ agent, transport });
    await clock.advance(1);
    await started;
  };
  /** A turn of the caller, and its answer. */
  const say = async (ms = 500, thenMs = 2_500) => {
    void transport.say(voice(ms));
    await clock.advance(ms + thenMs);
  };
  const end = async () => {
    const closed = session.close();
    await clock.advance(6_000);
    await closed;
  };
  return { clock, model, first, session, transport, errors, start, say, end };
}

/** The conversation in short: who said what, who called what, who took over. */
export function told(session: AgentSession): string[] {
  return session.history.items.map(inShort);
}

function inShort(item: ChatItem): string {
  switch (item.kind) {
    case 'message': {
      const cut = item.heard === 'partly' ? ' …' : '';
      return `${item.role}: ${messageText(item)}${cut}`;
    }
    case 'function_call':
      return `call ${item.name}`;
    case 'function_output':
      return `result ${item.output}`;
    case 'handoff':
      return `${item.from} -> ${item.to}`;
    case 'config_update':
      return 'config';
  }
}

/** A model that is somebody else's: the same, but never the same object. */
export function other(model: Dialler, change: Partial<Dialler>): Dialler {
  const { provider, model: name, capabilities, defaults } = model;
  return { provider, model: name, capabilities, defaults, dial: (context) => model.dial(context), ...change };
}

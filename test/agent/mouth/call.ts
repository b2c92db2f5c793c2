import { expect } from 'vitest';
import {
  Agent,
  type AgentEvents,
  AgentSession,
  type AgentSessionOptions,
  type StartOptions,
} from '../../../src/agent/index.js';
import { type Script, scriptedModel, toneTts } from '../../../src/cascade/index.js';
import { countedIds } from '../../../src/core/index.js';
import type { Capabilities, Dialler } from '../../../src/realtime/index.js';
import { FakeClock, recordedModel } from '../../../src/testing/index.js';
import { MemoryTransport, type MemoryTransportOptions } from '../../../src/transports/memory/index.js';

/** A voice, as far as the script's ears can tell: `ms` of a loud tone. */
export function voice(ms: number, rateHz = 24_000): Int16Array {
  const pcm = new Int16Array((ms * rateHz) / 1000);
  for (let i = 0; i < pcm.length; i++) pcm[i] = 8_000 * Math.sin((2 * Math.PI * 220 * i) / rateHz);
  return pcm;
}

/** A model that can less than it could. */
export function lesser(model: Dialler, lacks: Partial<Capabilities>): Dialler {
  return { ...model, capabilities: { ...model.capabilities, ...lacks } };
}

export interface CallOptions {
  script?: Script;
  lacks?: Partial<Capabilities>;
  llm?: Dialler | ((clock: FakeClock) => Dialler);
  session?: Partial<AgentSessionOptions> | ((clock: FakeClock) => Partial<AgentSessionOptions>);
  agent?: Partial<ConstructorParameters<typeof Agent>[0]>;
  transport?: Partial<MemoryTransportOptions>;
}

/** A call on the hand-moved clock, with everything that it told. */
export async function call(
  { script = { turns: [] }, lacks = {}, llm, session: options, agent, transport: far }: CallOptions = {},
  start: Partial<StartOptions> = {},
) {
  const clock = new FakeClock();
  const given = typeof options === 'function' ? options(clock) : options;
  const made = typeof llm === 'function' ? llm(clock) : llm;
  const model = recordedModel(lesser(made ?? scriptedModel(script), lacks));
  const session = new AgentSession({ llm: model, clock, ids: countedIds(), ...given });
  const transport = new MemoryTransport({ clock, openMic: true, ...far });
  const events: [keyof AgentEvents, unknown][] = [];
  for (const name of names) session.on(name, (event: unknown) => events.push([name, event]));
  const started = session.start({
    agent: new Agent({ instructions: 'Be brief.', ...agent }),
    transport,
    ...start,
  });
  // A start that fails does so while the clock is moved.
  let isSettled = false;
  const settled = () => {
    isSettled = true;
  };
  started.then(settled, settled);
  await clock.advance(1);
  // A model far away takes its time.
  for (let i = 0; i < 100 && !isSettled; i++) await clock.advance(10);
  await started;
  return {
    clock,
    session,
    transport,
    events,
    /** What the model was told, but for the caller's voice. */
    commands: () =>
      model.links
        .flat()
        .flatMap((entry) => (entry.dir === 'command' && entry.command.t !== 'audio' ? [entry.command] : [])),
    told: <K extends keyof AgentEvents>(name: K) =>
      events.flatMap(([other, event]) => (other === name ? [event as AgentEvents[K]] : [])),
    /** Messages as `role: text (heard)`, of what was heard where not all was. */
    lines: () =>
      session.history.items.flatMap((item) => {
        if (item.kind !== 'message') return [item.kind];
        const [part] = item.parts;
        const text =
          part?.kind === 'audio' ? (part.transcript ?? '?') : part?.kind === 'text' ? part.text : '';
        const heard = item.heard === 'partly' ? ` (heard: ${item.heardText})` : ` (${item.heard ?? 'said'})`;
        return [`${item.role}: ${text}${heard}`];
      }),
    heardMs: () => (transport.heard().length * 1000) / transport.output.sampleRateHz,
    async end() {
      await session.close();
      await clock.advance(1);
      model.assertLegal();
      expect(clock.pending).toBe(0);
    },
  };
}

const names = [
  'agent_state_changed',
  'user_state_changed',
  'user_input_transcribed',
  'agent_output_transcribed',
  'conversation_item_added',
  'conversation_item_released',
  'speech_created',
  'speech_interrupted',
  'modality_mismatch',
  'guardrail_tripped',
  'error',
  'close',
] as const;

/** A synthesiser of tones: 200 ms a word. */
export const tones = (options: Parameters<typeof toneTts>[0] = {}) => toneTts(options);

import { expect } from 'vitest';
import type { AgentEvents } from '../../../src/agent/index.js';
import { Agent, AgentSession, type AgentSessionOptions } from '../../../src/agent/index.js';
import { levelOf } from '../../../src/audio/index.js';
import { type Script, type ScriptTurn, scriptedModel, scriptStt } from '../../../src/cascade/index.js';
import { type Clock, countedIds } from '../../../src/core/index.js';
import type { Capabilities, Command, Config } from '../../../src/realtime/index.js';
import type { STT } from '../../../src/speech/index.js';
import { FakeClock, recordedModel } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';
import { geminiModel, openaiModel } from '../calls/models.js';
import { speechLike } from '../policy/sounds.js';

/** A voice, as far as a VAD by energy and the interruption policy can tell. */
export const voice = speechLike;

export const silence = (ms: number) => new Int16Array((ms * 24_000) / 1000);

export type Told = { [K in keyof AgentEvents]: [K, AgentEvents[K]] }[keyof AgentEvents];

const names = [
  'user_state_changed',
  'agent_state_changed',
  'user_input_transcribed',
  'conversation_item_reserved',
  'conversation_item_released',
  'conversation_item_added',
  'speech_created',
  'speech_interrupted',
  'error',
  'close',
] as const;

export interface BenchOptions {
  session?: (clock: FakeClock) => Partial<Omit<AgentSessionOptions, 'llm' | 'clock' | 'ids'>>;
  defaults?: Partial<Config>;
  capabilities?: Partial<Capabilities>;
  /** The script behind our gateway, on this vendor's wire, 20 ms away. */
  wire?: 'openai' | 'gemini';
  agent?: Partial<ConstructorParameters<typeof Agent>[0]>;
}

/** A call over the scripted model, with all that the session told. */
export async function call(script: Script, options: BenchOptions = {}) {
  const clock = new FakeClock();
  const { defaults = {}, capabilities = {} } = options;
  const scripted = scriptedModel(script, { defaults });
  const served = { clock, latencyMs: 20, onError: (error: unknown) => Promise.reject(error) };
  const plain = { ...scripted, capabilities: { ...scripted.capabilities, ...capabilities } };
  const { wire } = options;
  const far =
    wire === 'openai'
      ? openaiModel(plain, served)
      : wire === 'gemini'
        ? geminiModel(plain, served, true)
        : { ...plain, break() {} };
  const model = recordedModel(far);
  const session = new AgentSession({ llm: model, clock, ids: countedIds(), ...options.session?.(clock) });
  const transport = new MemoryTransport({ clock, openMic: true });
  const events: [string, unknown][] = [];
  for (const name of names) session.on(name, (event) => events.push([name, event]));
  const agent = new Agent({ instructions: 'Be brief.', ...options.agent });
  const started = session.start({ agent, transport });
  started.catch(() => {});
  await clock.advance(wire === undefined ? 1 : 500);
  await started;
  const told = <K extends keyof AgentEvents>(name: K) =>
    events.flatMap(([other, event]) => (other === name ? [event as AgentEvents[K]] : []));
  const say = async (ms: number, thenMs = 0) => {
    void transport.say(voice(ms));
    await clock.advance(ms + thenMs);
  };
  const texts = () =>
    session.history.items.flatMap((item) =>
      item.kind === 'message'
        ? [
            `${item.role}: ${item.parts.map((part) => (part.kind === 'audio' ? part.transcript : part.kind === 'text' ? part.text : '')).join(' ')}`,
          ]
        : [],
    );
  const close = async () => {
    await Promise.all([session.close(), clock.advance(wire === undefined ? 1 : 500)]);
    model.assertLegal();
    expect(clock.pending).toBe(0);
  };
  const commands = (): Command[] =>
    model.links.flat().flatMap((entry) => (entry.dir === 'command' ? [entry.command] : []));
  return {
    clock,
    cut: () => far.break(),
    commands,
    session,
    transport,
    agent,
    events,
    told,
    say,
    texts,
    close,
  };
}

/** A recogniser that hears the next of these lines in each utterance, by loud audio alone. */
export function loudStt(turns: ScriptTurn[], clock: Clock): STT {
  const stt = scriptStt(turns, clock);
  return {
    ...stt,
    stream: (options) => {
      const stream = stt.stream(options);
      return {
        push: (pcm) => {
          if (levelOf(pcm).rmsDbfs > -45) stream.push(pcm);
        },
        flush: () => stream.flush(),
        discard: () => stream.discard(),
        onEvent: (listener) => stream.onEvent(listener),
        close: () => stream.close(),
      };
    },
  };
}

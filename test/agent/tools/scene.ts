import { expect } from 'vitest';
import {
  Agent,
  type AgentEvents,
  AgentSession,
  type AgentSessionOptions,
  type ToolEntry,
} from '../../../src/agent/index.js';
import { cascadeModel, energyVad, scriptStt, toneTts } from '../../../src/cascade/index.js';
import { itemText, playLlm, textEvents } from '../../../src/cascade/played-llm.js';
import { messageText } from '../../../src/chat/index.js';
import { countedIds, type Ms } from '../../../src/core/index.js';
import type { Dialler, Item } from '../../../src/realtime/index.js';
import type { LlmEvent, LlmRequest } from '../../../src/speech/index.js';
import { FakeClock, recordedModel } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';
import { breakableModel, geminiModel, openaiModel } from '../calls/models.js';

/** The pipeline itself, or behind our gateway on the wire of a vendor. */
export type Via = 'pipeline' | 'openai' | 'gemini';

/** What a model thinks about when it is to speak. */
export interface Thought {
  /** What the user said last; '' where nobody has said anything. */
  user: string;
  /** Since then: results and errors of tools, and what was told as text. */
  results: string[];
  notes: string[];
  /** Whether it may call tools. */
  tools: boolean;
}

export interface Words {
  says?: string;
  calls?: { name: string; args?: object }[];
  /** It begins to speak so late. */
  afterMs?: Ms;
}

export interface SceneOptions {
  /** What the caller says, one after the other. */
  hears?: readonly string[];
  thinks: (thought: Thought) => Words;
  tools?: readonly ToolEntry[];
  via?: Via;
  session?: Partial<AgentSessionOptions>;
  msPerWord?: Ms;
}

const inputRateHz = { pipeline: 24_000, openai: 24_000, gemini: 16_000 };
const eventNames = [
  'tool_started',
  'tool_updated',
  'tool_ended',
  'tool_approval_requested',
  'tool_steps_exceeded',
  'function_tools_executed',
  'speech_interrupted',
  'agent_state_changed',
  'error',
  'close',
] as const satisfies readonly (keyof AgentEvents)[];

/** A call on a clock moved by hand, with a model that thinks as it is told to. */
export async function scene(options: SceneOptions) {
  const { hears = [], thinks, tools = [], via = 'pipeline', msPerWord = 200 } = options;
  const clock = new FakeClock();
  const rateHz = inputRateHz[via];
  const pipeline = cascadeModel({
    stt: scriptStt(
      hears.map((line) => ({ hears: line })),
      clock,
    ),
    llm: { name: 'thought', chat: (request) => play(thinks, request, clock), async close() {} },
    tts: toneTts({ msPerWord: () => msPerWord, pauseMs: 0, clock, voices: [], muted: [] }),
    vad: energyVad(),
    inputRateHz: rateHz,
  });
  const near = far(via, pipeline, clock);
  const model = recordedModel(near);
  const session = new AgentSession({
    llm: model,
    clock,
    ids: countedIds(),
    ...options.session,
    session: { vad: energyVad(), ...options.session?.session },
  });
  const events: { name: string; event: object; atMs: Ms }[] = [];
  for (const name of eventNames) {
    session.on(name, (event: object) => events.push({ name, event, atMs: clock.now() }));
  }
  const transport = new MemoryTransport({ clock, openMic: true, inputSampleRateHz: rateHz });
  const agent = new Agent({ instructions: 'Be brief.', tools });
  const started = session.start({ agent, transport });
  await clock.advance(1);
  await started;
  const of = <K extends (typeof eventNames)[number]>(name: K) =>
    events.filter((one) => one.name === name).map(({ event }) => event as AgentEvents[K]);
  return {
    clock,
    session,
    transport,
    agent,
    events,
    of,
    /** The caller's voice; the turn ends half a second after it. */
    speak: (ms = 600) => void transport.say(tone(ms, rateHz)),
    /** What was heard by the caller so far, message by message. */
    said: () =>
      session.history.items.flatMap((item) =>
        item.kind === 'message' && item.role === 'assistant' && item.heard !== 'unheard'
          ? [item.heardText ?? messageText(item)]
          : [],
      ),
    links: () => model.links.flat(),
    /** The connection to the model is lost; another one can be had. */
    breakLink: () => near.break(),
    /** What the model was told of calls. */
    answers: () =>
      model.links
        .flat()
        .flatMap((entry) => (entry.dir === 'command' && entry.command.t === 'answer' ? [entry.command] : [])),
    /** Ends it, and looks that nothing is left. */
    async close() {
      await Promise.all([session.close(), clock.advance(10_000)]);
      model.assertLegal();
      expect(clock.pending).toBe(0);
      const left = of('tool_started').filter(
        ({ callId }) => of('tool_ended').filter((ended) => ended.callId === callId).length !== 1,
      );
      expect(left, 'each tool that began has ended once').toEqual([]);
    },
  };
}

function far(via: Via, pipeline: Dialler, clock: FakeClock): Dialler & { break(): void } {
  const onError = (error: unknown) => {
    throw error;
  };
  const served = { clock, latencyMs: 0, onError };
  if (via === 'openai') return openaiModel(pipeline, served);
  return via === 'gemini' ? geminiModel(pipeline, served, true) : breakableModel(pipeline, 'retry');
}

function tone(ms: Ms, rateHz: number): Int16Array {
  return new Int16Array((ms * rateHz) / 1000).map((_, i) => 8_000 * Math.sin(i / 20));
}

/** What `say` asks of a model that has no other way to say given words. */
const byRequest = /word for word[^\n]*\n\n([\s\S]*)$/;

function play(thinks: SceneOptions['thinks'], request: LlmRequest, clock: FakeClock) {
  const { items, instructions, toolChoice } = request;
  const since = items.slice(items.findLastIndex(isUser));
  const asked = byRequest.exec(instructions)?.[1];
  const words =
    asked === undefined
      ? thinks({
          user: items.filter(isUser).map(itemText).at(-1) ?? '',
          results: since.filter(({ kind }) => kind === 'result').map(itemText),
          notes: since.filter(isNote).map(itemText),
          tools: toolChoice !== 'none',
        })
      : { says: asked };
  const { says = '', calls = [], afterMs: delayMs = 0 } = words;
  const events: LlmEvent[] = [
    ...textEvents(says),
    ...calls.map(
      ({ name, args = {} }): LlmEvent => ({ t: 'call', call: '', name, args: JSON.stringify(args) }),
    ),
    { t: 'done', reason: calls.length > 0 ? 'calls' : 'stop', usage: {} },
  ];
  return playLlm(events, { clock, delayMs });
}

const isUser = (item: Item) => item.kind === 'message' && item.role === 'user' && !isNote(item);

/** A wire without system messages tells them as the user's. */
const isNote = (item: Item) => item.kind === 'message' && / of the tool '/.test(itemText(item));

import { expect, test } from 'vitest';
import type { AgentSessionOptions, SpeechHandle } from '../../../src/agent/index.js';
import { energyVad, scriptedModel } from '../../../src/cascade/index.js';
import type { FakeClock } from '../../../src/testing/index.js';
import { openaiModel } from '../../agent/calls/models.js';
import { call, tones, voice } from '../../agent/mouth/call.js';

/** Numbers that are the same in every run. */
function dice(seed: number): (sides: number) => number {
  let state = seed * 2_654_435_761 + 1;
  return (sides) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * sides);
  };
}

const sounds = { pcm: new Int16Array(480).fill(50), sampleRateHz: 24_000, channels: 1 };

function optionsOf(roll: (sides: number) => number, clock: FakeClock): Partial<AgentSessionOptions> {
  const tts = tones({ pauseMs: [0, 0, 150, 600][roll(4)]!, clock, msPerWord: 100 });
  const verdictMs = [0, 0, 120][roll(3)]!;
  const later = <T>(value: T) =>
    new Promise<T>((resolve) => clock.at(clock.now() + verdictMs, () => resolve(value)));
  return {
    ...(roll(2) === 0 ? { tts } : {}),
    ...(roll(3) === 0 ? { background: { ambient: { audio: sounds }, thinking: { audio: sounds } } } : {}),
    ...(roll(3) === 0
      ? {
          outputGuardrail: (text: string) => {
            const verdict = text.includes('six')
              ? (['stop', { replace: 'Never mind.' }] as const)[roll(2)]!
              : 'ok';
            return verdictMs === 0 ? verdict : later(verdict);
          },
        }
      : {}),
    ...(roll(4) === 0 ? { interruption: {} } : {}),
    session: { vad: energyVad() },
  };
}

async function play(seed: number, via: 'script' | 'openai'): Promise<void> {
  const roll = dice(seed);
  const numbers = ['one', 'two', 'three', 'four', 'five', 'six'];
  const turns = numbers.map((number) => ({
    hears: `say ${number}`,
    says: `It is ${number}. And then, ${number} again.`,
  }));
  const script = {
    turns,
    otherwise: 'Nothing more. At all.',
    audioMsPerWord: 100,
    clausePauseMs: [0, 200][roll(2)]!,
  };
  const failures: unknown[] = [];
  const latencyMs = [0, 30, 120][roll(3)]!;
  const onError = (error: unknown) => failures.push(error);
  const made = await call({
    script,
    ...(via === 'openai'
      ? { llm: (clock: FakeClock) => openaiModel(scriptedModel(script), { clock, latencyMs, onError }) }
      : {}),
    lacks: {
      ...(roll(2) === 0 || via === 'openai' ? { say: false } : {}),
      ...(roll(4) === 0 ? { remove: false } : {}),
      ...(roll(4) === 0 ? { perReply: ['instructions'] } : {}),
    },
    session: (clock) => optionsOf(roll, clock),
    transport: { clearAfterMs: [0, 80, 250, 'never' as const][roll(4)]! },
  });
  const { clock, session, transport, told } = made;
  const handles: SpeechHandle[] = [];
  session.on('speech_created', ({ speech }) => handles.push(speech));
  const forced = new Set<SpeechHandle>();
  const words = async function* (text: string) {
    for (const piece of text.split(/(?<= )/)) {
      if (roll(2) === 0) await new Promise<void>((resolve) => clock.at(clock.now() + 70, resolve));
      yield piece;
    }
  };
  const traits = () => ({
    allowInterruptions: roll(4) !== 0,
    priority: (['low', 'normal', 'normal', 'high'] as const)[roll(4)]!,
  });
  const actions = [
    () => void transport.say(voice(150 + 50 * roll(12))),
    () => void transport.say(voice(150 + 50 * roll(12))),
    () => session.say('We say this, and that. And more of it.', traits()),
    () => session.say(words('Piece by piece, we say it. To the end.'), traits()),
    () => session.say('Aside.', { ...traits(), addToChatCtx: false }),
    () =>
      session.say('Recorded.', {
        ...traits(),
        audio: { pcm: voice(700, 16_000), sampleRateHz: 16_000, channels: 1 },
      }),
    () => session.generateReply(traits()),
    () => session.interrupt(),
    () => {
      const force = roll(3) === 0;
      if (force) for (const speech of handles) if (!speech.done) forced.add(speech);
      session.interrupt({ force });
    },
    () => {
      const speech = handles[roll(Math.max(1, handles.length))];
      if (speech === undefined || speech.done) return;
      if (!speech.allowInterruptions) forced.add(speech);
      speech.interrupt({ force: true });
    },
  ];
  for (let i = 0; i < 14; i++) {
    actions[roll(actions.length)]!();
    await clock.advance([0, 0, 40, 300, 900, 2_500][roll(6)]!);
  }
  const early = roll(5) === 0;
  if (!early) await clock.advance(40_000);
  const open = early ? [] : handles.filter(({ done }) => !done).map(({ replyId }) => replyId);
  const states = early ? [] : [session.agentState, session.userState];
  await session.close();
  // The sources of words have timers of their own.
  await clock.advance(2_000);
  await made.end();
  expect({ open, states }).toEqual({ open: [], states: early ? [] : ['listening', 'listening'] });
  expect(handles.every(({ done }) => done)).toBe(true);
  for (const speech of handles) {
    // No voice has stopped what no voice may stop; the guardrail and the end may.
    if (speech.allowInterruptions || early || forced.has(speech) || speech.error !== undefined) continue;
    const isTripped = told('guardrail_tripped').length > 0;
    expect(speech.interrupted && !isTripped).toBe(false);
  }
  for (const item of session.history.items) {
    if (item.kind === 'message' && item.role === 'assistant') expect(item.heard).toBeDefined();
  }
  expect(clock.pending).toBe(0);
  expect(failures).toEqual([]);
}

test('speech at random: every handle ends, nothing is left, what is shielded is heard', async () => {
  const failures: string[] = [];
  const [from, count] = [Number(process.env.SPEECH_SEED ?? 0), Number(process.env.SPEECH_RUNS ?? 160)];
  for (let seed = from; seed < from + count; seed++) {
    await play(seed, seed % 3 === 0 ? 'openai' : 'script').catch((error: Error) =>
      failures.push(`${seed}: ${error.message.slice(0, 300)}`),
    );
    if (failures.length >= 5) break;
  }
  expect(failures).toEqual([]);
}, 120_000);

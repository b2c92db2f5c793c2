import { describe, expect, test } from 'vitest';
import { Agent, AgentSession, type AgentSessionOptions, type Prices } from '../../../src/agent/index.js';
import {
  type LimitInput,
  type LimitName,
  limitState,
  limitStep,
} from '../../../src/agent/usage/limits/limit-machine.js';
import { scriptedModel } from '../../../src/cascade/index.js';
import { pure } from '../../../src/core/index.js';
import { FakeClock } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';

const start: LimitInput = { t: 'start', atMs: 100 };
const used = (costMicroUsd: number, tokens = 0, atMs = 200): LimitInput => ({
  t: 'used',
  costMicroUsd,
  tokens,
  atMs,
});
const turn: LimitInput = { t: 'turn', atMs: 300 };
const wake = (atMs: number): LimitInput => ({ t: 'wake', atMs });

function run(
  limits: Partial<Record<LimitName, number>>,
  inputs: LimitInput[],
  goodbyeMs: number | null = 5_000,
) {
  const step = pure(limitStep);
  let state = limitState(limits, { approachingAt: 0.8, goodbyeMs });
  const told: string[] = [];
  for (const input of inputs) {
    const [next, effects] = step(state, input);
    state = next;
    for (const effect of effects) {
      const { t, ...rest } = effect;
      told.push([t, ...Object.values(rest)].join(' '));
    }
  }
  return { told, phase: state.phase };
}

describe('limits', () => {
  test.each<[string, Partial<Record<LimitName, number>>, LimitInput[], string[], string]>([
    ['open->below->open', { maxCostUsd: 100 }, [start, used(79)], [], 'open'],
    [
      'open->near->told once->open',
      { maxCostUsd: 100 },
      [start, used(80), used(90)],
      ['approaching maxCostUsd 80 100'],
      'open',
    ],
    [
      'open->reached at once->goodbye: its approach is no news',
      { maxTokens: 10 },
      [start, used(0, 12)],
      ['reached maxTokens 12 10', 'goodbye', 'wake_at 5200'],
      'goodbye',
    ],
    [
      'goodbye->said->over',
      { maxTokens: 10 },
      [start, used(0, 12), { t: 'said', atMs: 900 }],
      ['reached maxTokens 12 10', 'goodbye', 'wake_at 5200', 'close maxTokens', 'wake_at '],
      'over',
    ],
    [
      'goodbye->never said->due->over',
      { maxTurns: 1 },
      [start, turn, wake(5_299), wake(5_300)],
      ['reached maxTurns 1 1', 'goodbye', 'wake_at 5300', 'close maxTurns', 'wake_at '],
      'over',
    ],
    [
      'goodbye->another limit->goodbye: one end',
      { maxTurns: 1, maxTokens: 5 },
      [start, turn, used(0, 9), turn],
      ['reached maxTurns 1 1', 'goodbye', 'wake_at 5300'],
      'goodbye',
    ],
    [
      'duration: woken at its approach and at its end',
      { maxDurationMs: 1_000 },
      [start, wake(899), wake(900), wake(1_100)],
      [
        'wake_at 900',
        'approaching maxDurationMs 800 1000',
        'wake_at 1100',
        'reached maxDurationMs 1000 1000',
        'goodbye',
        'wake_at 6100',
      ],
      'goodbye',
    ],
    ['before the start nothing counts', { maxTurns: 1 }, [turn], [], 'idle'],
    [
      'ended by somebody else->over',
      { maxDurationMs: 1_000 },
      [start, { t: 'end', atMs: 200 }, wake(2_000)],
      ['wake_at 900', 'wake_at '],
      'over',
    ],
  ])('%s', (_, limits, inputs, told, phase) => {
    expect(run(limits, inputs)).toEqual({ told, phase });
  });

  test('no goodbye: reached->over', () => {
    expect(run({ maxTurns: 2 }, [start, turn, turn], null)).toEqual({
      told: ['reached maxTurns 2 2', 'close maxTurns'],
      phase: 'over',
    });
  });
});

const voice = (ms: number) => Int16Array.from({ length: ms * 24 }, (_, i) => 8_000 * Math.sin(i / 20));

async function call(limits: NonNullable<AgentSessionOptions['limits']>, prices: Prices = {}) {
  const clock = new FakeClock();
  const llm = scriptedModel({
    greeting: 'Good day.',
    turns: [{ hears: 'One', says: 'First answer.' }],
    otherwise: 'I have to go now, goodbye.',
  });
  const session = new AgentSession({ llm, clock, limits, prices });
  const transport = new MemoryTransport({ clock, openMic: true });
  const told: string[] = [];
  session.on('limit_approaching', ({ limit, share }) =>
    told.push(`approaching ${limit} ${share.toFixed(2)}`),
  );
  session.on('limit_reached', ({ limit, used, max }) => told.push(`reached ${limit} ${used}/${max}`));
  session.on('error', ({ code, param }) => told.push(`error ${code} ${param}`));
  session.on('close', ({ reason, error }) => told.push(`close ${reason} ${error?.code ?? 'clean'}`));
  const started = session.start({ agent: new Agent({ instructions: '' }), transport });
  await clock.advance(1);
  await started;
  const last = () => {
    const item = session.history.items.at(-1);
    return item?.kind === 'message' ? [item.role, item.heard] : [];
  };
  return { clock, session, transport, told, last };
}

describe('a call with limits', () => {
  test('its time is over: told beforehand, a goodbye that is heard to its end, a clean close', async () => {
    const { clock, session, told, last } = await call({ maxDurationMs: 10_000 });
    await clock.advance(8_000);
    expect(told).toEqual(['approaching maxDurationMs 0.80']);
    await clock.advance(2_000);
    expect(told[1]).toBe('reached maxDurationMs 10000/10000');
    expect(session.isClosed).toBe(false);
    await clock.advance(8_000);
    expect(told.at(-1)).toBe('close limit reached: maxDurationMs clean');
    expect(last()).toEqual(['assistant', 'heard']);
    expect(clock.pending).toBe(0);
  });

  test('the last turn is answered before the goodbye; the caller’s voice does not stop that', async () => {
    const { clock, session, transport, told } = await call({ maxTurns: 1 });
    void transport.say(voice(600));
    await clock.advance(1_700);
    expect(told).toEqual(['reached maxTurns 1/1']);
    await clock.advance(500);
    void transport.say(voice(400));
    await clock.advance(15_000);
    expect(told.at(-1)).toBe('close limit reached: maxTurns clean');
    const answers = session.history.items.flatMap((item) =>
      item.kind === 'message' && item.role === 'assistant' ? [item.heard] : [],
    );
    expect(answers.slice(0, 2)).toEqual(['heard', 'heard']);
  });

  test('money: by the prices given; without one the error says that it cannot hold', async () => {
    const own = { asOf: '2026-11-21', source: 'a test', certainty: 'own' } as const;
    const prices: Prices = {
      script: { perMillionTokens: { textIn: 0, textOut: 1_000 }, perInputMinute: 0, ...own },
      tone: { perMillionCharacters: 100_000, ...own },
    };
    const priced = await call({ maxCostUsd: 1, goodbye: false }, prices);
    void priced.transport.say(voice(600));
    await priced.clock.advance(6_000);
    // Thirteen characters at ten cents each, and two tokens.
    expect(priced.session.usage.costMicroUsd).toBe(1_302_000);
    expect(priced.told).toEqual(['reached maxCostUsd 1.302/1', 'close limit reached: maxCostUsd clean']);

    const unpriced = await call({ maxCostUsd: 1 });
    void unpriced.transport.say(voice(600));
    await unpriced.clock.advance(6_000);
    expect(unpriced.told).toEqual(['error option_unsupported limits.maxCostUsd']);
    await Promise.all([unpriced.session.close(), unpriced.clock.advance(6_000)]);
  });

  test('a goodbye that nobody hears the end of: the wait is bounded', async () => {
    const { clock, told } = await call({ maxDurationMs: 1_000, goodbyeMs: 300 });
    await clock.advance(1_290);
    expect(told.at(-1)).toMatch(/^reached/);
    await clock.advance(6_000);
    expect(told.at(-1)).toBe('close limit reached: maxDurationMs clean');
    expect(clock.pending).toBe(0);
  });

  test.each([
    [{ maxTurns: 0 }, 'limits.maxTurns'],
    [{ maxCostUsd: Number.NaN }, 'limits.maxCostUsd'],
    [{ maxTokens: 5, approachingAt: 1.5 }, 'limits.approachingAt'],
    [{ maxTokens: 5, goodbyeMs: 0 }, 'limits.goodbyeMs'],
  ])('%o -> option_invalid', (limits, param) => {
    const llm = scriptedModel({ turns: [] });
    expect(() => new AgentSession({ llm, limits })).toThrow(
      expect.objectContaining({ code: 'option_invalid', param }),
    );
  });
});

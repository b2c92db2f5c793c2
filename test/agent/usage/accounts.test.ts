import { describe, expect, test } from 'vitest';
import { Agent, AgentSession, type Prices, type SessionUsage } from '../../../src/agent/index.js';
import { Accounts } from '../../../src/agent/usage/accounts.js';
import { costOf, priceOf, usd } from '../../../src/agent/usage/cost.js';
import { countsOf, noCounts } from '../../../src/agent/usage/counts.js';
import { listPrices } from '../../../src/agent/usage/prices.js';
import { scriptedModel } from '../../../src/cascade/index.js';
import type { UsageReport } from '../../../src/realtime/index.js';
import { FakeClock } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';

const own = { asOf: '2026-11-21', source: 'a test', certainty: 'own' } as const;

function accounts(prices: Prices = {}) {
  const told: SessionUsage[] = [];
  const clock = new FakeClock();
  const audio = () => ({ inMs: 0, outMs: 0 });
  const books: Accounts = new Accounts({ clock, prices, audio, updated: () => told.push(books.usage) });
  return { told, books };
}

const report = (over: Partial<UsageReport>): UsageReport => ({
  of: 'response',
  model: 'openai/gpt-realtime-2.1',
  mode: 'delta',
  usage: { inputTextTokens: 100 },
  ...over,
});

describe('counts', () => {
  test.each([
    ['nothing said', {}, { text: 0, audio: 0, image: 0 }, { text: 0, audio: 0, image: 0 }, 0],
    [
      'a sum alone is text, and marked',
      { inputTokens: 7 },
      { text: 7, audio: 0, image: 0 },
      { text: 0, audio: 0, image: 0 },
      7,
    ],
    [
      'cached without a split: what comes first in a prompt, text',
      { inputTextTokens: 10, inputAudioTokens: 20, cachedTokens: 15 },
      { text: 10, audio: 20, image: 0 },
      { text: 10, audio: 5, image: 0 },
      0,
    ],
    [
      'never more cached than there was',
      { inputTextTokens: 10, cachedTextTokens: 99 },
      { text: 10, audio: 0, image: 0 },
      { text: 10, audio: 0, image: 0 },
      0,
    ],
  ])('%s', (_, usage, input, cached, unsplit) => {
    expect(countsOf(usage)).toMatchObject({ input, cached, unsplit });
  });

  test.each([
    [
      'beside the output (Gemini)',
      { inputTokens: 10, outputTokens: 5, thoughtTokens: 3, totalTokens: 18 },
      8,
    ],
    [
      'part of the output (chat completions)',
      { inputTokens: 10, outputTokens: 5, thoughtTokens: 3, totalTokens: 15 },
      5,
    ],
    ['nobody says which: part of it', { outputTokens: 5, thoughtTokens: 3 }, 5],
    ['alone', { thoughtTokens: 3 }, 3],
  ])('thoughts %s', (_, usage, text) => {
    expect(countsOf(usage).output.text).toBe(text);
  });
});

describe('prices', () => {
  test.each(Object.entries(listPrices))('%s says where it is from, and when', (_, price) => {
    expect(price.asOf).toMatch(/^20\d\d-\d\d-\d\d$/);
    expect(price.source.length).toBeGreaterThan(10);
  });

  test('the application’s own come first; long names of a vendor find the short one', () => {
    const mine = { perInputMinute: 1, ...own };
    expect(priceOf('openai/whisper-1', { 'openai/whisper-1': mine }, listPrices)).toBe(mine);
    expect(priceOf('x/whisper-1', { 'whisper-1': mine }, listPrices)).toBe(mine);
    expect(priceOf('gemini/models/gemini-3.8-live', {}, listPrices)).toBe(
      listPrices['gemini/gemini-3.8-live'],
    );
    expect(priceOf('openai/gpt-99', {}, listPrices)).toBeUndefined();
    expect(priceOf('whisper/tiny.en', {}, listPrices)?.perInputMinute).toBe(0);
    expect(priceOf('house/voice', { 'house/*': mine }, listPrices)).toBe(mine);
  });

  test('no price -> no cost, never 0; nothing used of what has none -> 0', () => {
    const counts = noCounts();
    expect(costOf(counts, undefined)).toBeNull();
    expect(costOf(counts, own)).toBe(0);
    counts.output.audio = 1;
    expect(costOf(counts, { perMillionTokens: { textOut: 1 }, ...own })).toBeNull();
  });

  test('by the minute of connection: tokens are not paid for as well', () => {
    const counts = { ...noCounts(), sessionMs: 90_000 };
    counts.input.audio = 1_000_000;
    expect(costOf(counts, { perSessionMinute: 0.05, ...own })).toBe(75_000);
  });

  test('cents are rounded once, at the end', () => {
    expect([4_999, 5_000, 15_000, 1_234_567].map(usd)).toEqual([0, 0.01, 0.02, 1.23]);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])(
    'a price of %d -> option_invalid',
    (perInputMinute) => {
      expect(() => accounts({ mine: { perInputMinute, ...own } })).toThrow(
        expect.objectContaining({ code: 'option_invalid', param: 'prices.mine.perInputMinute' }),
      );
    },
  );
});

describe('accounts', () => {
  const input = (usage: SessionUsage) => usage.total.input.text;

  test('a late total takes the place of what the response said at its end', () => {
    const { books } = accounts();
    books.report(report({ usage: { inputTextTokens: 100 } }));
    books.report(report({ usage: { inputTextTokens: 30 } }));
    books.report(report({ mode: 'total', usage: { inputTextTokens: 50 } }));
    expect(input(books.usage)).toBe(150);
  });

  test('totals of a connection grow; a lower one is another connection’s', () => {
    const { books } = accounts();
    for (const inputTextTokens of [100, 250, 40, 90]) {
      books.report(report({ of: 'session', mode: 'total', usage: { inputTextTokens } }));
    }
    expect(input(books.usage)).toBe(250 + 90);
  });

  test('one unpriced model hides the sum, not the part that is known', () => {
    const { books, told } = accounts();
    books.report(report({ usage: { inputTextTokens: 1_000_000 } }));
    expect(books.usage).toMatchObject({ costUsd: 4, costMicroUsd: 4_000_000, unpriced: [] });
    books.report(report({ of: 'tts', model: 'house-voice', usage: { characters: 10 } }));
    expect(books.usage).toMatchObject({
      costUsd: null,
      costMicroUsd: null,
      pricedMicroUsd: 4_000_000,
      unpriced: ['house-voice'],
    });
    expect(told.map(({ costUsd }) => costUsd)).toEqual([4, null]);
  });
});

test('a call: what the parts of a pipeline did, audio each way, and what it cost', async () => {
  const clock = new FakeClock();
  const prices: Prices = {
    script: { perMillionTokens: { textIn: 1_000, textOut: 2_000 }, perInputMinute: 60, ...own },
    tone: { perMillionCharacters: 1_000_000, ...own },
  };
  const llm = scriptedModel({ turns: [{ hears: 'Hello', says: 'Good day to you.' }] });
  const session = new AgentSession({ llm, clock, prices });
  const updates: SessionUsage[] = [];
  session.on('usage_updated', (usage) => updates.push(usage));
  const transport = new MemoryTransport({ clock });
  const started = session.start({ agent: new Agent({ instructions: '' }), transport });
  await clock.advance(1);
  await started;
  void transport.say(Int16Array.from({ length: 24_000 }, (_, i) => 8_000 * Math.sin(i / 20)));
  void transport.pause(1_000);
  await clock.advance(5_000);
  const { usage } = session;
  const by = Object.fromEntries(usage.models.map((model) => [model.of, model]));
  expect(by.tts).toMatchObject({ model: expect.any(String), characters: 16 });
  expect(by.stt?.inputAudioMs).toBeGreaterThanOrEqual(1_000);
  expect(by.stt?.inputAudioMs).toBeLessThan(2_000);
  expect(usage.audio).toEqual({ inMs: 2_000, outMs: 800 });
  expect(updates.at(-1)?.totalTokens).toBe(usage.totalTokens);
  expect(by.realtime?.sessionMs).toBe(5_001);
  await session.close();
  await clock.advance(1_000);
  expect(session.usage.models.find(({ of }) => of === 'realtime')?.sessionMs).toBe(5_001);
});

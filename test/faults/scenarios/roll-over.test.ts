import { afterAll, describe, expect, test } from 'vitest';
import type { Ms } from '../../../src/core/index.js';
import type { SessionOptions } from '../../../src/realtime/index.js';
import type { DialFault, Fault, FaultPlan, FaultWire } from '../../../src/testing/faults/index.js';
import type { Turn } from '../story.js';
import { heardOf, type Scene, type SceneOptions, scene, wires } from './scene.js';

/** One way; the gaps of `docs/providers.md` are measured with it. */
const latencyMs = 20;
const paceMs = 80;
/** Until a socket is open: three ways there and back, of TCP, TLS and the upgrade. */
const dialMs = 6 * latencyMs;
const dials: DialFault[] = Array.from({ length: 8 }, () => ({ t: 'slow', ms: dialMs }));
const plain = { paceMs, latencyMs, plan: { seed: 1, first: dials, faults: [] } };
/** How long OpenAI's wire lets a session live, as it says when it is opened. */
const hourMs = 3_600_000;
/** How long before that another connection is made. */
const leadMs = 60_000;

type Trigger = 'limit' | 'announced' | 'by hand';
const triggers: readonly Trigger[] = ['limit', 'announced', 'by hand'];

/** What a caller notices of one answer. */
interface Noticed {
  /** When each word of it came. */
  words: { word: string; atMs: Ms }[];
  /** The longest silence between two of them. */
  gapMs: Ms;
  /** From the end of the user's speech to the first of them. */
  delayMs: Ms;
  /** How long no link served. */
  linkGapMs: Ms;
}

interface Moment {
  name: string;
  turn: Partial<Turn>;
  /** Words of the answer that the caller waits for: their kind and count. */
  answer: { kind: 'a' | 'b'; count: number };
  /** When another connection is wanted, after the start. */
  atMs: Ms;
}

const moments: readonly Moment[] = [
  {
    name: 'while the agent speaks',
    turn: { speechMs: 1_000, says: 30 },
    answer: { kind: 'a', count: 30 },
    atMs: 3_000,
  },
  {
    name: 'while a tool runs',
    turn: { speechMs: 1_000, says: 2, calls: ['slow'], thenSays: 6 },
    answer: { kind: 'b', count: 6 },
    atMs: 2_700,
  },
  {
    name: "in the middle of the user's sentence",
    turn: { speechMs: 1_800, says: 6 },
    answer: { kind: 'a', count: 6 },
    atMs: 1_500,
  },
];

/** `ROLL_OVER_GAPS=1` prints what `docs/providers.md` says of the gaps. */
const measured: Record<string, unknown>[] = [];
afterAll(() => {
  if (process.env.ROLL_OVER_GAPS !== undefined) console.table(measured);
});

function note(wire: FaultWire, what: string, one: Noticed, plain?: Noticed): void {
  const { linkGapMs, gapMs, delayMs } = one;
  const more = plain === undefined ? {} : { laterMs: delayMs - plain.delayMs };
  measured.push({ wire, what, linkGapMs, silenceMs: gapMs - paceMs, ...more });
}

/** The moment's turn, with another connection wanted in the middle of it, or without (`undefined`). */
async function play(wire: FaultWire, moment: Moment, trigger: Trigger | undefined): Promise<Noticed> {
  const { turn, answer, atMs } = moment;
  const one = scene(wire, { turns: [turn, {}], paceMs, latencyMs, ...wanting(wire, trigger, atMs) });
  const { caller, clock } = one;
  // Nobody says a word until shortly before the hour is over.
  if (wire === 'openai' && trigger === 'announced') await clock.advance(hourMs - leadMs - atMs);
  else if (trigger === 'by hand') clock.at(atMs, () => caller.track('reconnect', caller.session.reconnect()));
  const noticed = await answered(one, answer.kind);
  await caller.pass(3_000);
  // A short life ends again and again.
  expect(one.of('session_reconnected').length > 0).toBe(trigger !== undefined);
  await endWell(one);
  return noticed;
}

/** The next turn is as any other, and nothing was done wrong. */
async function endWell(one: Scene): Promise<void> {
  const { caller } = one;
  await caller.speak(1);
  await caller.until(() => caller.isAnswered(1) && caller.isQuiet());
  expect(heardOf(one, 'a', 1).length).toBe(6);
  expect(one.of('error')).toEqual([]);
  expect(await one.end()).toEqual([]);
}

/** The first turn of a scene, and its answer by ear. */
async function answered(one: Scene, kind: 'a' | 'b', startMs = 500): Promise<Noticed> {
  const { caller, clock } = one;
  const words: Noticed['words'] = [];
  caller.session.on('generation_audio', () => {
    const word = caller.lastWord!;
    const isAnswer = word.startsWith(`${kind}0w`) || word.startsWith('c0w');
    if (isAnswer && words.at(-1)?.word !== word) words.push({ word, atMs: clock.now() });
  });
  await caller.pass(startMs);
  await caller.speak(0);
  const spokenMs = clock.now();
  await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
  const gaps = words.slice(1).map(({ atMs }, index) => atMs - words[index]!.atMs);
  const changes = one.of('session_reconnected').map(({ gapMs }) => gapMs);
  return {
    words,
    gapMs: Math.max(0, ...gaps),
    delayMs: (words[0]?.atMs ?? Infinity) - spokenMs,
    linkGapMs: Math.max(0, ...changes),
  };
}

function wanting(wire: FaultWire, trigger: Trigger | undefined, atMs: Ms): Partial<SceneOptions> {
  const faults: Fault[] = [];
  if (wire === 'gemini' && trigger === 'announced') {
    const moment = { afterMs: atMs, dir: 'down', frames: 1 } as const;
    faults.push({ moment, t: 'expire', leftMs: 50_000, then: dials });
  }
  const plan: FaultPlan = { seed: 1, first: dials, faults };
  // Another connection is made when half of a short life is over.
  return { plan, session: trigger === 'limit' ? { maxSessionDurationMs: 2 * atMs } : {} };
}

describe.each(wires)('on the wire of %s', (wire) => {
  describe.each(moments)('another connection is wanted $name', (moment) => {
    test.each(triggers)('%s: nobody hears it', async (trigger) => {
      const plain = await play(wire, moment, undefined);
      const changed = await play(wire, moment, trigger);
      note(wire, `${trigger} ${moment.name}`, changed, plain);
      expect(changed.words.map(({ word }) => word)).toEqual(plain.words.map(({ word }) => word));
      expect(changed.words.length).toBe(moment.answer.count);
      expect(changed.gapMs).toBe(plain.gapMs);
      expect(changed.delayMs).toBe(plain.delayMs);
      // Where the two may not overlap, it is one dial and the opening, when nobody speaks.
      expect(changed.linkGapMs).toBe(wire === 'openai' ? 0 : dialMs + 2 * latencyMs);
    });
  });

  /** There is no quiet moment between the time for another connection, at 6 s, and the end of this one, at 9 s. */
  const forced = (more: SessionOptions = {}): Partial<SceneOptions> => ({
    ...plain,
    session: { maxSessionDurationMs: 12_000, ...more },
  });
  const overlaps = wire === 'openai';

  test('its time is over in the middle of a long answer: it ends there', async () => {
    const one = scene(wire, { turns: [{ says: 60 }, {}], ...forced() });
    const { words, linkGapMs } = await answered(one, 'a', 3_500);
    expect(words.length).toBeGreaterThan(30);
    expect(words.length).toBeLessThan(60);
    expect(one.of('generation_ended')).toMatchObject([{ outcome: 'incomplete' }]);
    expect(linkGapMs).toBe(overlaps ? 0 : dialMs + 2 * latencyMs);
    await endWell(one);
  });

  test('its time is over in the middle of a long answer that is to be continued: another word follows', async () => {
    const one = scene(wire, { turns: [{ says: 60 }, {}], ...forced({ partialReply: 'continue' }) });
    one.caller.asked.add(0);
    const noticed = await answered(one, 'a', 3_500);
    const { words, gapMs } = noticed;
    note(wire, 'forced, in an answer that is continued', noticed);
    // The time of the new answer, and where nothing may overlap that of the dial and the opening.
    expect(gapMs - paceMs).toBeLessThanOrEqual((overlaps ? 0 : dialMs + 2 * latencyMs) + 2 * latencyMs + 100);
    expect(words.slice(-3).map(({ word }) => word)).toEqual(['c0w0', 'c0w1', 'c0w2']);
    await endWell(one);
  });

  test.each([
    ["in the middle of a long sentence of the user's", { speechMs: 5_000 }, 'a', 5_000],
    [
      'while a tool runs',
      { speechMs: 2_000, thinkMs: 600, says: 2, calls: ['slow'], thenSays: 6 },
      'b',
      5_000,
    ],
  ] satisfies [string, Partial<Turn>, 'a' | 'b', Ms][])(
    'its time is over %s: nothing is lost',
    async (name, turn, kind, startMs) => {
      const turns = [turn, {}];
      const before = await answered(scene(wire, { turns, ...plain }), kind, startMs);
      const one = scene(wire, { turns, ...forced() });
      const noticed = await answered(one, kind, startMs);
      expect(noticed.delayMs).toBe(before.delayMs);
      expect(one.of('session_reconnected').length).toBe(1);
      note(wire, `forced, ${name}`, noticed, before);
      expect(noticed.words.map(({ word }) => word)).toEqual(before.words.map(({ word }) => word));
      await endWell(one);
    },
  );

  test('what was cut while the next connection was open already is cut there too', async () => {
    const one = scene(wire, { turns: [{ says: 20 }, { speechMs: 2_000 }], ...plain });
    const { caller, clock } = one;
    await caller.pass(500);
    await caller.speak(0);
    await caller.until(() => caller.isAnswered(0) && caller.isQuiet());
    const itemId = caller.lastItem!;
    const heardText = heardOf(one, 'a', 0).slice(0, 8).join(' ');
    const atMs = clock.now();
    clock.at(atMs + 500, () => caller.track('reconnect', caller.session.reconnect()));
    clock.at(atMs + 1_500, () =>
      caller.track('truncate', caller.session.truncate({ itemId, heardMs: 800, heardText })),
    );
    await endWell(one);
    expect(one.of('session_reconnected').length).toBe(1);
    const [u0, a0, ...after] = one.history();
    expect([u0, after]).toEqual(['u0', ['u1', 'a1w0 a1w1 a1w2 a1w3 a1w4 a1w5', 'u2']]);
    expect(a0).toBe(`${heardText} [interrupted]`);
    // In its own words it is the same item as before.
    expect(one.of('remote_item_added').filter((added) => added.item.id === itemId).length).toBe(1);
    expect(caller.session.remoteItems.map(({ id }) => id).slice(0, 2)).toContain(itemId);
  });
});

test('on the wire of gemini without handles: two connections may overlap, and there is no gap', async () => {
  const one = scene('gemini', {
    turns: [{ says: 30 }, {}],
    ...plain,
    model: { sessionResumption: false },
    session: { maxSessionDurationMs: 6_000 },
  });
  const noticed = await answered(one, 'a');
  await one.caller.pass(3_000);
  note('gemini', 'limit while the agent speaks, without handles', noticed);
  expect(noticed.words.length).toBe(30);
  const changes = one.of('session_reconnected');
  expect(changes.length).toBeGreaterThan(0);
  expect(changes.every(({ gapMs, resumed }) => gapMs === 0 && !resumed)).toBe(true);
  await endWell(one);
});

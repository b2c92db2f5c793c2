import { describe, expect, test } from 'vitest';
import { Agent, type Tool, type ToolSource, tool } from '../../../src/agent/index.js';
import { ToolBox } from '../../../src/agent/tools/tool-box.js';
import { FakeClock } from '../../../src/testing/index.js';
import { scene } from './scene.js';

const named = (name: string): Tool =>
  tool({
    name,
    description: name,
    parameters: { type: 'object', properties: {} },
    execute: () => `${name} of the source`,
  });

interface Fake extends ToolSource {
  opened: number;
  closed: number;
  change(tools: readonly Tool[]): void;
}

/** A source that opens after `afterMs`, or never. */
function source(
  clock: FakeClock,
  tools: readonly Tool[],
  more: Partial<ToolSource> & { afterMs?: number } = {},
): Fake {
  const { afterMs = 0, ...rest } = more;
  let tell: (tools: readonly Tool[]) => void = () => {};
  const fake: Fake = {
    name: 'the source',
    opened: 0,
    closed: 0,
    change: (next) => tell(next),
    open: ({ changed }) => {
      fake.opened += 1;
      tell = changed;
      return new Promise((resolve) => {
        const close = async () => {
          fake.closed += 1;
        };
        if (afterMs < Infinity) clock.at(clock.now() + afterMs, () => resolve({ tools, close }));
      });
    },
    ...rest,
  };
  return fake;
}

function host(clock: FakeClock) {
  const told: string[] = [];
  return {
    told,
    clock,
    changed: () => void told.push('changed'),
    failed: (error: { code: string }) => void told.push(error.code),
  };
}

const names = (box: ToolBox) => box.tools.map(({ spec }) => spec.name);

describe('an agent’s tools', () => {
  test('sources are opened side by side; their tools stand where the source stands', async () => {
    const clock = new FakeClock();
    const [one, two] = [
      source(clock, [named('b')], { afterMs: 900 }),
      source(clock, [named('c')], { afterMs: 800 }),
    ];
    const box = new ToolBox([named('a'), one, two, named('d')]);
    expect(names(box)).toEqual(['a', 'd']);
    const opened = box.open(host(clock));
    await clock.advance(900);
    await opened;
    expect(names(box)).toEqual(['a', 'b', 'c', 'd']);
    await box.close();
    await box.close();
    expect([one.closed, two.closed, names(box), clock.pending]).toEqual([1, 1, ['a', 'd'], 0]);
  });

  test.each([
    ['too slow', { afterMs: 10_001 }, 'tool_source_failed'],
    ['hanging', { afterMs: Infinity }, 'tool_source_failed'],
    ['too slow for its own deadline', { afterMs: 300, openTimeoutMs: 200 }, 'tool_source_failed'],
  ])('one that is %s: the others are closed again, also the one that comes late', async (_, more, code) => {
    const clock = new FakeClock();
    const [good, bad] = [source(clock, [named('b')]), source(clock, [named('c')], more)];
    const opened = new ToolBox([good, bad]).open(host(clock));
    opened.catch(() => {});
    await clock.advance(20_000);
    await expect(opened).rejects.toMatchObject({ code });
    expect([good.closed, bad.closed, clock.pending]).toEqual([1, more.afterMs === Infinity ? 0 : 1, 0]);
  });

  test('an optional one is left out, and told', async () => {
    const clock = new FakeClock();
    const box = new ToolBox([named('a'), source(clock, [], { afterMs: Infinity, optional: true })]);
    const told = host(clock);
    const opened = box.open(told);
    await clock.advance(10_000);
    await opened;
    expect([names(box), told.told]).toEqual([['a'], ['tool_source_failed']]);
  });

  test('one that throws, or rejects with what is no error of ours: told in words with its name, and nothing is left', async () => {
    const throws = () => {
      throw new TypeError('no way in');
    };
    for (const open of [throws, async () => throws()]) {
      const clock = new FakeClock();
      const opened = new ToolBox([source(clock, [], { open })]).open(host(clock));
      await expect(opened).rejects.toMatchObject({
        code: 'tool_source_failed',
        message: 'the source: no way in',
      });
      const told = host(clock);
      await new ToolBox([source(clock, [], { open, optional: true })]).open(told);
      expect([told.told, clock.pending]).toEqual([['tool_source_failed'], 0]);
    }
  });

  test('two of one name are refused: of the agent at once, of a source when it is open', async () => {
    expect(() => new Agent({ instructions: '', tools: [named('a'), named('a')] })).toThrow(
      /Two tools are called 'a'/,
    );
    const clock = new FakeClock();
    const double = source(clock, [named('a')]);
    const opened = new ToolBox([named('a'), double]).open(host(clock));
    opened.catch(() => {});
    await clock.advance(0);
    await expect(opened).rejects.toMatchObject({
      name: 'ConfigError',
      code: 'option_invalid',
      param: 'tools',
    });
    expect(double.closed).toBe(1);
  });

  test('a source that changes: told; a name that is taken already stays with the other', async () => {
    const clock = new FakeClock();
    const fake = source(clock, [named('b')]);
    const box = new ToolBox([named('a'), fake]);
    const told = host(clock);
    const opened = box.open(told);
    await clock.advance(0);
    await opened;
    fake.change([named('c'), named('a')]);
    expect([names(box), told.told]).toEqual([
      ['a', 'c'],
      ['option_invalid', 'changed'],
    ]);
    await box.close();
    fake.change([named('e')]);
    expect([names(box), told.told.length]).toEqual([['a'], 2]);
  });

  test('an update opens what is new and closes what is gone; one that fails changes nothing', async () => {
    const clock = new FakeClock();
    const [one, two] = [source(clock, [named('b')]), source(clock, [named('c')])];
    const never = source(clock, [], { afterMs: Infinity });
    const box = new ToolBox([named('a'), one]);
    const opened = box.open(host(clock));
    await clock.advance(0);
    await opened;
    const failing = box.update([two, never]);
    failing.catch(() => {});
    await clock.advance(10_000);
    await expect(failing).rejects.toMatchObject({ code: 'tool_source_failed' });
    expect([names(box), one.closed, two.closed]).toEqual([['a', 'b'], 0, 1]);
    const updated = box.update([two]);
    await clock.advance(0);
    await updated;
    expect([names(box), one.closed]).toEqual([['c'], 1]);
  });

  test('closed while it opens: given up', async () => {
    const clock = new FakeClock();
    const box = new ToolBox([source(clock, [], { afterMs: Infinity })]);
    const opened = box.open(host(clock));
    await box.close();
    await expect(opened).rejects.toMatchObject({ code: 'closed' });
    expect(clock.pending).toBe(0);
  });
});

describe('in a session', () => {
  const thinks = ({ results, user }: { results: string[]; user: string }) =>
    results.length > 0 ? { says: `${results.join()}.` } : { calls: [{ name: user === 'one' ? 'a' : 'b' }] };

  test('tools change live: the model calls the new one, and is told which are there', async () => {
    const one = await scene({ hears: ['one', 'two'], tools: [named('a')], thinks });
    one.speak();
    await one.clock.advance(4_000);
    const updated = one.session.updateTools([named('b')]);
    await one.clock.advance(1);
    expect(await updated).toEqual({ retained: ['b'], refused: [] });
    expect(one.session.realtime.tools.map(({ name }) => name)).toEqual(['b']);
    one.speak();
    await one.clock.advance(4_000);
    expect(one.said()).toEqual(['a of the source.', 'b of the source.']);
    await one.close();
  });

  test('what no model takes is told with the reason', async () => {
    const one = await scene({ tools: [], thinks });
    const list = { ...named('b'), spec: { name: 'b', parameters: { type: 'array' } } };
    const updated = one.agent.updateTools([named('a'), list]);
    await one.clock.advance(1);
    expect(await updated).toMatchObject({
      retained: ['a'],
      refused: [{ name: 'b', reason: expect.any(String) }],
    });
    await one.close();
  });

  test('of a source: there from the first turn on, changed later, closed with the session', async () => {
    const clock = new FakeClock();
    const fake = source(clock, [named('a')]);
    const starting = scene({ hears: ['one', 'two'], tools: [fake], thinks });
    await clock.advance(0);
    const one = await starting;
    one.speak();
    await one.clock.advance(4_000);
    fake.change([named('b')]);
    await one.clock.advance(1);
    expect(one.session.realtime.tools.map(({ name }) => name)).toEqual(['b']);
    one.speak();
    await one.clock.advance(4_000);
    expect(one.said()).toEqual(['a of the source.', 'b of the source.']);
    await one.close();
    expect([fake.opened, fake.closed]).toEqual([1, 1]);
  });
});

import { describe, expect, test } from 'vitest';
import { type CaptureOptions, captureTool } from '../../../src/agent/index.js';
import { type Script, scriptStt } from '../../../src/cascade/index.js';
import type { Capabilities } from '../../../src/realtime/index.js';
import { call } from '../ears/bench.js';

interface CaptureCall {
  again?: readonly number[];
  /** After each turn. */
  thenMs?: number;
  /** Keys at the end. */
  press?: string;
  /** What the model takes the number for. */
  guess?: string;
  /** Another capture, called for at once. */
  beside?: CaptureOptions;
  capabilities?: Partial<Capabilities>;
}

/** The model calls the tool at its first turn and, where it says so, at others. */
async function capture(
  options: CaptureOptions,
  heard: readonly string[],
  { again = [], thenMs = 7_000, press, guess, beside, capabilities = {} }: CaptureCall = {},
) {
  const tools = [options, ...(beside === undefined ? [] : [beside])].map(captureTool);
  const args = guess === undefined ? {} : { args: { number: guess } };
  const calls = tools.map(({ spec: { name } }) => ({ name, ...args }));
  const turns: Script['turns'] = heard.map((_, index) => ({
    hears: `turn ${index}`,
    ...(index === 0 || again.includes(index) ? { calls } : { says: 'I would have said something.' }),
    thenSays: 'Thank you.',
  }));
  const bench = await call(
    { turns, otherwise: 'Well.' },
    {
      agent: { tools },
      capabilities,
      session: (clock) => ({
        stt: scriptStt(
          heard.map((hears) => ({ hears })),
          clock,
        ),
      }),
    },
  );
  const results: { output: string; isError: boolean }[] = [];
  bench.session.on('function_tools_executed', ({ calls }) => {
    results.push(...calls.map(({ output, isError }) => ({ output, isError })));
  });
  for (const _turn of heard) await bench.say(600, thenMs);
  if (press !== undefined) {
    bench.transport.press(...([...press] as Parameters<typeof bench.transport.press>));
    await bench.clock.advance(7_000);
  }
  const said = bench
    .texts()
    .flatMap((text) => (text.startsWith('assistant: ') ? [text.slice('assistant: '.length)] : []));
  return { ...bench, results, said };
}

const five: CaptureOptions = { kind: 'digits', length: 5, locale: 'en-US' };

describe('captureTool', () => {
  test('nothing said yet: it asks', async () => {
    const { results, said, close } = await capture(five, [
      'I want to tell you my number',
      '1 2 3 4 5',
      'yes',
    ]);
    expect(said).toEqual(['Please tell me the number.', 'I have 1 2 3, 4 5. Is that right?', 'Thank you.']);
    expect(results).toEqual([{ output: '12345', isError: false }]);
    await close();
  });

  test('called again with nothing new from the caller: the same value, without another word', async () => {
    const { results, said, close } = await capture(five, ['1 2 3 4 5', 'yes', 'so what is it'], {
      again: [2],
    });
    expect(results.map(({ output }) => output)).toEqual(['12345', '12345']);
    expect(said.filter((text) => text.startsWith('I have'))).toHaveLength(1);
    await close();
  });

  test('the application’s own check: what it refuses is asked for again', async () => {
    const asked: string[] = [];
    const validate = (value: string) => {
      asked.push(value);
      return value === '54321';
    };
    const { results, said, close } = await capture({ ...five, validate }, ['1 2 3 4 5', '5 4 3 2 1', 'yes']);
    expect(said[0]).toBe('I heard 1 2 3, 4 5. That cannot be right. Please say it again.');
    expect(results).toEqual([{ output: '54321', isError: false }]);
    expect(asked).toContain('12345');
    await close();
  });

  test('a check that never answers ends in time; one that throws tells the model nothing of its insides', async () => {
    const never = () => new Promise<boolean>(() => {});
    const late = await capture({ ...five, validate: never }, ['1 2 3 4 5'], { thenMs: 12_000 });
    expect(late.results).toEqual([
      { output: 'The check of the value gave no answer within 10000 ms', isError: true },
    ]);
    await late.close();
    const fails = () => Promise.reject(new Error('postgres://shop:secret@db'));
    const failed = await capture({ ...five, validate: fails }, ['1 2 3 4 5']);
    expect(failed.results).toEqual([
      { output: "The tool 'capture_digits' failed. Say so, and offer something else.", isError: true },
    ]);
    await failed.close();
  });

  test('a check under way when the session closes: nothing is left', async () => {
    const never = () => new Promise<boolean>(() => {});
    const { results, close } = await capture({ ...five, validate: never }, ['1 2 3 4 5'], { thenMs: 2_000 });
    expect(results).toEqual([]);
    await close();
  });

  test.each([
    ['name', 'I would like to book an appointment', 'Anna Novak', 'Anna Novak'],
    ['email', 'I would like to change something', 'bob at example dot org', 'bob@example.org'],
  ] as const)(
    '%s: what was said before is no part of it, where it has not its shape',
    async (kind, before, said, value) => {
      const { results, said: heard, close } = await capture({ kind, locale: 'en-US' }, [before, said, 'yes']);
      expect(heard[0]).toMatch(/^Please|^What/);
      expect(results).toEqual([{ output: value, isError: false }]);
      await close();
    },
  );

  test('a name that was just said, by itself or with words for it, is read back at once', async () => {
    for (const turn of ['Anna Novak', 'hello this is a call my name is Anna Novak']) {
      const { results, said, close } = await capture({ kind: 'name', locale: 'en-US' }, [turn, 'yes']);
      expect(said[0]).toBe('I have Anna A N N A Novak N O V A K. Is that right?');
      expect(results).toEqual([{ output: 'Anna Novak', isError: false }]);
      await close();
    }
  });

  test('two that the model calls for at once: one after the other', async () => {
    const email: CaptureOptions = { kind: 'email', locale: 'en-US' };
    const heard = ['1 2 3 4 5', 'yes', 'bob at example dot org', 'yes'];
    const { results, said, commands, close } = await capture(five, heard, { beside: email, thenMs: 9_000 });
    expect(results.map(({ output }) => output)).toEqual(['12345', 'bob@example.org']);
    expect(said.slice(0, 3)).toEqual([
      'I have 1 2 3, 4 5. Is that right?',
      expect.stringContaining('e-mail'),
      expect.stringContaining('Is that right?'),
    ]);
    // The model answers turns by itself again, once the last of them is over.
    const replies = commands().flatMap((command) =>
      command.t === 'configure' && command.patch.turns?.owner === 'wire'
        ? [command.patch.turns.autoReply]
        : [],
    );
    expect(replies.at(-1)).toBe(true);
    await close();
  });

  test('the caller does not want to: the model is told', async () => {
    const { results, close } = await capture(five, ['one two', 'never mind']);
    expect(results).toEqual([{ output: 'The caller does not want to give it.', isError: true }]);
    await close();
  });

  test('refused again and again: one by one, then keys; the keys are not told to the model', async () => {
    const turns = ['1 2 3 4 5', 'no', '1 2 3 4 6', 'no', '1 2 3 4 7', 'no', '1 2 3 4 8', 'no'];
    const { results, said, session, close } = await capture(five, turns, { press: '98765#', thenMs: 9_000 });
    expect(said.some((text) => text.startsWith('Sorry. Let us go slowly.'))).toBe(true);
    expect(said.some((text) => text.startsWith('Please enter it on the keypad'))).toBe(true);
    expect(said.at(-1)).toBe('I have 9, 8, 7, 6, 5. Is that right?');
    expect(JSON.stringify(session.realtime.remoteItems)).not.toContain('pressed these keys');
    expect(results).toEqual([]);
    await close();
  });

  test('a wire that forgets nothing: the model is told what was wrong, and what is right', async () => {
    const { session, close } = await capture(five, ['1 2 3 4 5', 'yes'], {
      guess: '12346',
      capabilities: { remove: false },
    });
    expect(JSON.stringify(session.realtime.remoteItems)).toContain(
      "The caller's number is not 12346: that was misheard. The caller has confirmed 12345.",
    );
    await close();
  });

  test('a wire that answers every turn by itself: nothing of it is heard meanwhile', async () => {
    const { results, session, close } = await capture(five, ['1 2 3', '4 5', 'yes'], {
      capabilities: { autoReply: 'always' },
    });
    expect(results.map(({ output }) => output)).toEqual(['12345']);
    const heard = session.history.items.flatMap((item) =>
      item.kind === 'message' && item.role === 'assistant' && item.heard !== 'unheard'
        ? item.parts.map((part) => (part.kind === 'audio' ? part.transcript : ''))
        : [],
    );
    expect(heard).not.toContain('I would have said something.');
    await close();
  });

  test('the session closes in the middle: nothing is left', async () => {
    const { results, close } = await capture(five, ['1 2 3']);
    expect(results).toEqual([]);
    await close();
  });

  test.each<[string, Partial<CaptureOptions> & { [name: string]: unknown }, string]>([
    ['kind', { kind: 'telephone' as 'phone' }, 'option_invalid'],
    ['locale', { locale: 'ja-JP' }, 'option_unsupported'],
    ['source', { source: 'ears' as 'stt' }, 'option_invalid'],
    ['attempts', { attempts: 0 }, 'option_invalid'],
    ['pauseMs', { pauseMs: -1 }, 'option_invalid'],
    ['country', { country: 'NO' }, 'options_conflict'],
    ['length', { length: { min: 5, max: 4 } }, 'option_invalid'],
    ['length', { kind: 'email' }, 'options_conflict'],
  ])('%s %j -> %s', (param, options, code) => {
    expect(() => captureTool({ ...five, ...options })).toThrowError(expect.objectContaining({ code, param }));
  });
});

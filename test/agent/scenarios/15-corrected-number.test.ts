import { describe, expect, test } from 'vitest';
import { captureTool } from '../../../src/agent/index.js';
import { type Script, scriptStt } from '../../../src/cascade/index.js';
import { call } from '../ears/bench.js';

/** The model mishears, calls the tool with what it takes the number for, and says it again whenever it may. */
const insists: Script = {
  turns: [
    { hears: 'my number is one two three four six', says: 'Did you say 1 2 3 4 6?' },
    {
      hears: 'no i said one two three four six',
      calls: [{ name: 'capture_digits', args: { number: '12346' } }],
      thenSays: 'It is {result}.',
    },
    { hears: 'yes one two three four six', says: 'So it is 1 2 3 4 6.', thenSays: 'It is {result}.' },
  ],
  otherwise: 'Did you say 1 2 3 4 6?',
};
const heard: Script['turns'] = [
  { hears: 'my number is one two three four five' },
  { hears: 'no, I said 12345' },
  { hears: 'yes' },
];

describe('15. "12345, no, 12345" to a model that says 12346', () => {
  test('the value is what the caller said; the model forgets what it took it for', async () => {
    const capture = captureTool({ kind: 'digits', length: 5, locale: 'en-US' });
    const { say, clock, session, told, texts, close } = await call(insists, {
      agent: { tools: [capture] },
      session: (clock) => ({ stt: scriptStt(heard, clock) }),
    });
    const results: string[] = [];
    session.on('function_tools_executed', ({ calls }) => results.push(...calls.map(({ output }) => output)));
    await say(900, 4_000);
    await say(900, 8_000);
    await say(500, 8_000);
    expect(told('error')).toEqual([]);
    expect(results).toEqual(['12345']);
    expect(texts().filter((text) => text.startsWith('assistant'))).toEqual([
      'assistant: Did you say 1 2 3 4 6?',
      'assistant: I have 1 2 3, 4 5. Is that right?',
      'assistant: It is 12345.',
    ]);
    const known = session.realtime.remoteItems.map((item) => JSON.stringify(item)).join('\n');
    expect(known).not.toContain('Did you say 1 2 3 4 6');
    expect(session.realtime.turns).toMatchObject({ autoReply: true });
    expect(clock.now()).toBeLessThan(60_000);
    await close();
  });
});

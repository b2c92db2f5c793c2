import { describe, expect, test } from 'vitest';
import { captureTool } from '../../../src/agent/index.js';
import { type Script, scriptStt } from '../../../src/cascade/index.js';
import { call } from '../ears/bench.js';

const script: Script = {
  turns: [
    {
      hears: 'john smith at gmail',
      calls: [{ name: 'capture_email', args: { email: 'john.smith@gmail.com' } }],
    },
    { hears: 'no', says: 'So john.smith@gmail.com?' },
    { hears: 'yes', says: 'Thanks.', thenSays: 'I write to {result.text}.' },
  ],
};

async function spelled(locale: string, heard: readonly string[]) {
  const capture = captureTool({ kind: 'email', locale });
  const bench = await call(script, {
    agent: { tools: [capture] },
    session: (clock) => ({
      stt: scriptStt(
        heard.map((hears) => ({ hears })),
        clock,
      ),
    }),
  });
  const results: string[] = [];
  bench.session.on('function_tools_executed', ({ calls }) => {
    results.push(...calls.map(({ output }) => output));
  });
  for (const _turn of heard) await bench.say(800, 14_000);
  expect(bench.told('error')).toEqual([]);
  const said = bench.texts().filter((text) => text.startsWith('assistant: '));
  await bench.close();
  return { results, said };
}

describe('16. a spelled e-mail address', () => {
  test('"at", "dot", letters one by one, "b as in bravo", and a correction', async () => {
    const { results, said } = await spelled('en-US', [
      'j o h n dot s m y t h underscore b as in bravo at example dot org',
      'no, at example dot com',
      'yes',
    ]);
    expect(results).toEqual(['john.smyth_b@example.com']);
    expect(said[0]).toBe(
      'assistant: I have j o h n dot s m y t h underscore b at example dot org. Is that right?',
    );
    expect(said.at(-1)).toBe('assistant: I write to john.smyth_b@example.com.');
  });

  test('in Norwegian', async () => {
    const { results, said } = await spelled('nb-NO', [
      'det er kari punktum hansen krøllalfa online punktum no',
      'ja det stemmer',
    ]);
    expect(results).toEqual(['kari.hansen@online.no']);
    expect(said[0]).toContain('Stemmer det?');
  });
});

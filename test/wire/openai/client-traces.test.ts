import { describe, expect, it } from 'vitest';
import { assertServerEvent } from '../../schemas/openai.js';
import { ClientBench, readTrace, traceNames } from './client-harness.js';

describe('OpenAI client machine, by traces', () => {
  it.each(traceNames())('%s', (name) => {
    const bench = new ClientBench();
    const expected: string[] = [];
    const got: string[] = [];
    const [note, ...lines] = readTrace(name);
    expect(note?.note).toMatch(/^(Captured|Hand-written)/);
    for (const line of lines) {
      if (line.do !== undefined) bench.do(line.do);
      if (line.c !== undefined) expect(bench.sent()[0]).toMatchObject(line.c);
      if (line.s !== undefined) {
        assertServerEvent(line.s, 'tolerant');
        bench.serve(line.s);
      }
      if (line.e !== undefined) expected.push(line.e);
      got.push(...bench.news());
    }
    // '*audio' stands for a delta whose samples do not matter.
    expect(
      got.map((event, at) => (expected[at] === '*audio' && event.startsWith('audio ') ? '*audio' : event)),
    ).toEqual(expected);
    expect(bench.sent()).toEqual([]);
    bench.checker.finish();
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClientBench, type Json, readTrace, traceNames } from './client-harness.js';

const traces = traceNames().map((name) => readTrace(name).slice(1));
/** The three lines that open the session stay as they are. */
const openingLines = 5;

/** Replaces the `pick`-th leaf or branch of the frame. */
function damage(frame: Json, pick: number, value: unknown): Json {
  const copy = structuredClone(frame);
  const places: [Record<string, unknown>, string][] = [];
  const walk = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, child] of Object.entries(node)) {
      places.push([node as Record<string, unknown>, key]);
      walk(child);
    }
  };
  walk(copy);
  const place = places[pick % places.length];
  if (place !== undefined && place[1] !== 'type') place[0][place[1]] = value;
  return copy;
}

describe('OpenAI client machine, whatever comes', () => {
  it('keeps the legal orders when frames are lost, doubled or swapped', () => {
    const fate = fc.record({
      at: fc.nat(200),
      what: fc.constantFrom('lose' as const, 'double' as const, 'swap' as const),
    });
    fc.assert(
      fc.property(fc.constantFrom(...traces), fc.array(fate, { maxLength: 12 }), (trace, fates) => {
        const lines = trace.filter((line) => line.do !== undefined || line.s !== undefined);
        for (const { at, what } of fates) {
          const index = openingLines + (at % Math.max(1, lines.length - openingLines));
          const line = lines[index];
          if (line?.s === undefined) continue;
          if (what === 'lose') lines.splice(index, 1);
          else if (what === 'double') lines.splice(index, 0, line);
          else if (index + 1 < lines.length) {
            lines.splice(index, 2, lines[index + 1]!, line);
          }
        }
        const bench = new ClientBench();
        for (const line of lines) {
          if (line.do !== undefined) bench.do(line.do);
          if (line.s !== undefined) bench.serve(line.s);
        }
        bench.machine.closed(1006, '', 0);
        bench.checker.finish();
        expect(bench.events.at(-1)?.t).toBe('closing');
      }),
      { numRuns: 600 },
    );
  });

  it('never throws and keeps the legal orders when fields are not what the wire says', () => {
    const wound = fc.record({ at: fc.nat(200), pick: fc.nat(60), value: fc.jsonValue({ maxDepth: 2 }) });
    fc.assert(
      fc.property(
        fc.constantFrom(...traces),
        fc.array(wound, { minLength: 1, maxLength: 10 }),
        (trace, wounds) => {
          const lines = trace.map((line) => ({ ...line }));
          for (const { at, pick, value } of wounds) {
            const line = lines[openingLines + (at % Math.max(1, lines.length - openingLines))];
            if (line?.s !== undefined) line.s = damage(line.s, pick, value);
          }
          const bench = new ClientBench();
          for (const line of lines) {
            if (line.do !== undefined) bench.do(line.do);
            if (line.s !== undefined) bench.serve(line.s);
          }
          bench.machine.closed(1000, '', 0);
          bench.checker.finish();
        },
      ),
      { numRuns: 1500 },
    );
  });

  it('takes any frame at all', () => {
    const frame = fc.oneof(
      fc.string(),
      fc.json(),
      fc.uint8Array(),
      fc
        .record({
          type: fc.constantFrom('response.done', 'error', 'session.updated', 'conversation.item.added'),
        })
        .map((one) => JSON.stringify(one)),
    );
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 8 }), (frames) => {
        const bench = new ClientBench().opened();
        for (const one of frames) bench.machine.frame(one, 0);
        expect(
          bench.events.filter((event) => event.t !== 'unknown' && event.t !== 'refused').map(({ t }) => t),
        ).toEqual(['ready']);
      }),
    );
  });
});

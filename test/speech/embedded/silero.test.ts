import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { VadEvent } from '../../../src/speech/contracts.js';
import { sileroVad } from '../../../src/speech/embedded/vad/silero.js';

const folder = new URL('../../fixtures/speech/', import.meta.url);
const reference: { windowSamples: number; probabilities: number[] } = JSON.parse(
  readFileSync(new URL('silero-v6.json', folder), 'utf8'),
);
const recording = new Int16Array(new Uint8Array(readFileSync(new URL('silero-v6.s16', folder))).buffer);

function listen(pcm: Int16Array, chunk: number, options = {}) {
  const stream = sileroVad().stream(options);
  const events: VadEvent[] = [];
  stream.onEvent((event) => events.push(event));
  for (let at = 0; at < pcm.length; at += chunk) stream.push(pcm.subarray(at, at + chunk));
  return { stream, events };
}

const probabilities = (events: VadEvent[]) =>
  events.flatMap((e) => (e.t === 'probability' ? [e.probability] : []));
const edges = (events: VadEvent[]) => events.filter((e) => e.t !== 'probability');

describe('Silero v6 in TypeScript', () => {
  it('equals onnxruntime within 1e-5 on every window of the recording', () => {
    const heard = probabilities(listen(recording, recording.length).events);
    expect(heard.length).toBe(reference.probabilities.length);
    expect(heard.length).toBeGreaterThanOrEqual(150);
    const worst = Math.max(...heard.map((p, i) => Math.abs(p - reference.probabilities[i]!)));
    expect(worst).toBeLessThan(1e-5);
  });

  it.each([1, 160, 511, 513, 4_000])('answers the same for chunks of %i samples', (chunk) => {
    const some = recording.subarray(0, 20_480);
    expect(probabilities(listen(some, chunk).events)).toEqual(
      probabilities(listen(some, some.length).events),
    );
  });

  it('stays silent on silence and on noise', () => {
    const noise = Int16Array.from(
      { length: 48_000 },
      (_, i) => ((Math.imul(i, 2_654_435_761) >>> 16) % 2_000) - 1_000,
    );
    expect(edges(listen(new Int16Array(48_000), 320).events)).toEqual([]);
    expect(edges(listen(noise, 320).events)).toEqual([]);
  });

  it('reset forgets the speech under way but not the position', () => {
    const stream = sileroVad().stream({ silenceMs: 200 });
    const events: VadEvent[] = [];
    stream.onEvent((event) => events.push(event));
    stream.push(recording.subarray(0, 16_001));
    stream.reset();
    const before = events.length;
    stream.push(new Int16Array(16_000));
    expect(edges(events.slice(before))).toEqual([]);
    const last = events.at(-1);
    expect(last?.atMs).toBe((16_001 + 31 * 512) / 16);
  });

  it('says nothing after close, twice', () => {
    const { stream, events } = listen(recording.subarray(0, 1_024), 512);
    const before = events.length;
    stream.close();
    stream.close();
    stream.push(recording);
    expect(events.length).toBe(before);
  });

  it('refuses options out of range and streams after close', () => {
    const vad = sileroVad();
    expect(() => vad.stream({ threshold: 1.5 })).toThrowError(
      expect.objectContaining({ code: 'option_invalid' }),
    );
    expect(() => vad.stream({ silenceMs: -1 })).toThrowError(
      expect.objectContaining({ code: 'option_invalid' }),
    );
    vad.close();
    expect(() => vad.stream()).toThrowError(expect.objectContaining({ code: 'closed' }));
  });
});

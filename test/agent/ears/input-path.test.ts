import { describe, expect, test } from 'vitest';
import { type InputFrame, InputPath } from '../../../src/agent/ears/input-path.js';

/** A path at 1 kHz: a sample is a millisecond, and its value says which one. */
function path() {
  const model: number[] = [];
  const input = new InputPath(({ pcm }) => model.push(...pcm));
  input.begin(1_000);
  let next = 0;
  const speak = (ms: number) => {
    for (let i = 0; i < ms; i += 20) input.frame(Int16Array.from({ length: 20 }, () => next++));
  };
  const from = (first: number, last: number) => Array.from({ length: last - first }, (_, i) => first + i);
  return { input, model, speak, from };
}

describe('the way in', () => {
  test('everybody who taps hears all of it, before the model, with its place on the line', () => {
    const { input, model, speak } = path();
    const heard: [number, number, number][] = [];
    const off = input.tap(({ atMs, pcm }: InputFrame) => heard.push([atMs, pcm.length, model.length]));
    speak(40);
    off();
    speak(20);
    expect(heard).toEqual([
      [0, 20, 0],
      [20, 20, 20],
    ]);
    expect(model).toHaveLength(60);
    expect(input.positionMs).toBe(60);
  });

  test('withheld, then wanted: the model gets it late, and nothing twice', () => {
    const { input, model, speak, from } = path();
    speak(40);
    input.withhold('greeting', 1_000);
    speak(100);
    expect(model).toHaveLength(40);
    expect(input.resume('greeting')).toBe(0);
    speak(20);
    expect(model).toEqual(from(0, 160));
  });

  test('pre-roll: only the last of it is wanted, to the sample, and the rest is told as dropped', () => {
    const { input, model, speak, from } = path();
    input.withhold('ptt', 50);
    speak(200);
    expect(input.resume('ptt', 33)).toBe(167);
    speak(20);
    expect(model).toEqual(from(167, 220));
  });

  test('what was kept is all there is: no more than that can be wanted', () => {
    const { input, model, speak, from } = path();
    input.withhold('ptt', 40);
    speak(200);
    expect(input.resume('ptt', 100)).toBe(160);
    expect(model).toEqual(from(160, 200));
  });

  test('two withhold: it flows when the last of them lets go, from where each of them wanted it', () => {
    const { input, model, speak, from } = path();
    input.withhold('greeting', 1_000);
    speak(100);
    input.withhold('ptt', 100);
    speak(100);
    input.resume('ptt', 40);
    speak(40);
    expect(model).toEqual([]);
    input.resume('greeting');
    expect(model).toEqual(from(160, 240));
    expect(input.resume('greeting')).toBe(0);
  });

  test('a position of the model is found on the line, whatever was withheld', () => {
    const { input, speak } = path();
    speak(100);
    input.withhold('ptt', 100);
    speak(300);
    input.resume('ptt', 50);
    speak(50);
    expect(input.fromModelMs(60)).toBe(60);
    expect(input.fromModelMs(120)).toBe(370);
    input.newModel();
    speak(20);
    expect(input.fromModelMs(10)).toBe(470);
  });

  test('what is kept does not grow', () => {
    const { input, speak } = path();
    input.keep(100);
    speak(5_000);
    const kept = input.since(0);
    expect(kept.reduce((sum, { pcm }) => sum + pcm.length, 0)).toBeLessThanOrEqual(120);
    expect(kept.at(-1)?.atMs).toBe(4_980);
  });
});

import { describe, expect, test } from 'vitest';
import { LoopedSound } from '../../src/audio/index.js';

const rateHz = 8_000;
/** As long as a change of loudness takes at most. */
const fade = rateHz / 4;
const steps = Int16Array.from({ length: 100 }, (_, i) => i + 1);
const next = (sound: LoopedSound, length: number, under = 0) => {
  const into = new Int16Array(length).fill(under);
  sound.addTo(into);
  return into;
};

describe('a sound that repeats', () => {
  test('begins silent, and adds nothing', () => {
    const sound = new LoopedSound(steps, rateHz);
    expect(sound.isSilent).toBe(true);
    expect(next(sound, 50, 7)).toEqual(new Int16Array(50).fill(7));
  });

  test('goes round and round, without a gap, however it is read', () => {
    const sound = new LoopedSound(steps, rateHz);
    sound.fadeTo(1);
    next(sound, fade);
    const read = [...next(sound, 130), ...next(sound, 70)];
    expect(read).toEqual([...steps, ...steps]);
  });

  test('its loudness moves without a jump', () => {
    const sound = new LoopedSound(new Int16Array(10).fill(10_000), rateHz);
    sound.fadeTo(1);
    const up = next(sound, fade);
    sound.fadeTo(0.25);
    const down = next(sound, fade);
    const all = [...up, ...down];
    expect(Math.max(...all.slice(1).map((sample, i) => Math.abs(sample - all[i]!)))).toBeLessThan(10);
    expect(up.at(-1)).toBe(10_000);
    expect(down.at(-1)).toBe(2_500);
  });

  test('anew: from its beginning, but only out of silence', () => {
    const sound = new LoopedSound(steps, rateHz);
    sound.fadeTo(1);
    next(sound, fade + 30);
    sound.fadeTo(1, { anew: true });
    expect(next(sound, 1)[0]).toBe(31);
    sound.fadeTo(0);
    next(sound, fade + 1);
    expect(sound.isSilent).toBe(true);
    sound.fadeTo(1, { anew: true });
    const again = next(sound, fade + 1);
    expect(again.at(-1)).toBe(steps[fade % 100]);
  });

  test('is clipped at full scale', () => {
    const sound = new LoopedSound(new Int16Array(10).fill(30_000), rateHz);
    sound.fadeTo(1);
    expect(next(sound, fade, 30_000).at(-1)).toBe(32_767);
  });
});

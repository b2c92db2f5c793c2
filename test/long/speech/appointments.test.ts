import { afterAll, describe, expect, it } from 'vitest';
import { appointmentStt, errorsOfCrowd, errorsOfVoice, said } from '../../speech/embedded/appointments.js';

const stt = appointmentStt();
afterAll(() => stt.close());

describe('the embedded recogniser: at most one word in twenty is wrong', () => {
  it.each(['rms', 'slt'])('%s', async (voice) => {
    const { words, rate } = await errorsOfVoice(stt, said, voice);
    expect(words).toBeGreaterThan(40);
    expect(rate).toBeLessThanOrEqual(0.05);
  });

  it('five callers at the same time', async () => {
    const { words, rate } = await errorsOfCrowd(stt, said.slice(0, 5));
    expect(words).toBeGreaterThan(30);
    expect(rate).toBeLessThanOrEqual(0.05);
  });
});

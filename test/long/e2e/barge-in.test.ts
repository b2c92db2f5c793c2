import { describe, expect, it } from 'vitest';
import { chromiumPath } from '../../browser/chromium.js';
import { storyCalls } from '../../e2e/story-calls.js';

describe.skipIf(chromiumPath === '')('a barge-in through page, agent, wire and gateway', () => {
  const { callUp, judge, record } = storyCalls('e2e-barge-in-voice.json');

  it('by voice: silent at once, cut where the loudspeaker stopped, heard and answered', {
    timeout: 90_000,
    retry: 1,
  }, async () => {
    const microphoneWav = await record([
      { silenceMs: 700 },
      { says: 'tell me a story' },
      { silenceMs: 2200 },
      { says: 'stop it now please' },
      { silenceMs: 500 },
    ]);
    const { stand, call, stop } = await callUp({ microphoneWav, playOnce: true });
    const stopped = await stop;
    expect(stopped.by).toBe('user');
    await judge('voice', stand, call, stopped);
    const lines = await call.until('the answer to the interruption', (all) =>
      all.some((line) => line.kind === 'agent' && line.text === 'Very well, I am silent.' && line.final),
    );
    await call.screenshot('e2e-barge-in');
    expect(lines.map(({ kind, interrupted }) => (interrupted ? 'cut' : kind))).toEqual([
      'user',
      'cut',
      'user',
      'agent',
    ]);
    expect(lines.filter(({ kind }) => kind === 'user').map(({ text }) => text)).toEqual([
      'Tell me a story.',
      'Stop it now please.',
    ]);
    expect(stand.errors).toEqual([]);
    expect(call.opened.complaints).toEqual([]);
  });
});

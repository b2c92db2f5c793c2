import { describe, expect, it } from 'vitest';
import { chromiumPath } from '../browser/chromium.js';
import { id } from './page-call.js';
import { storyCalls } from './story-calls.js';

/** By voice it is in test/long, and at the clinic. */
describe.skipIf(chromiumPath === '')('a barge-in through page, agent, wire and gateway', () => {
  const { callUp, judge } = storyCalls('e2e-barge-in-button.json');

  it('by the button: silent at once, cut where the loudspeaker stopped', {
    timeout: 90_000,
    retry: 1,
  }, async () => {
    const { stand, call, stop } = await callUp({ microphone: 'denied' });
    await call.type('Tell me a story.');
    await call.until('some of the story', (all) => all.some((line) => line.text.includes('by the sea')));
    await call.page.click(id('interrupt'));
    const stopped = await stop;
    expect(stopped.by).toBe('application');
    await judge('button', stand, call, stopped);
    expect(stand.errors).toEqual([]);
    expect(call.opened.complaints).toEqual([]);
  });
});

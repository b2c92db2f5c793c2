import { describe, expect, it } from 'vitest';
import type { VadEvent } from '../../../src/speech/contracts.js';
import { sileroVad, speak } from '../../../src/speech/embedded/index.js';
import { findPeer } from '../../../src/speech/embedded/peers.js';

describe('edges of speech in spoken audio with pauses', () => {
  it.each(['slt', 'rms', 'awb'])(
    '%s: one start and one stop per sentence, near where it is',
    async (voice) => {
      const clips = await Promise.all(
        ['Are you open on Saturday?', 'Yes, of course.', 'Then book me a table please.'].map((text) =>
          speak(text, { voice }),
        ),
      );
      const gapMs = 900;
      const pcm = new Int16Array(
        clips.reduce((sum, clip) => sum + clip.pcm.length, 0) + (clips.length + 1) * gapMs * 16,
      );
      const truth: { fromMs: number; toMs: number }[] = [];
      let at = gapMs * 16;
      for (const clip of clips) {
        pcm.set(clip.pcm, at);
        truth.push({ fromMs: at / 16, toMs: (at + clip.pcm.length) / 16 });
        at += clip.pcm.length + gapMs * 16;
      }
      const stream = sileroVad().stream({ silenceMs: 300 });
      const edges: Exclude<VadEvent, { t: 'probability' }>[] = [];
      let heardMs = 0;
      stream.onEvent((event) => {
        if (event.t === 'probability') heardMs = event.atMs;
        else edges.push(event);
        if (event.t === 'speech_stopped') expect(heardMs - event.atMs).toBeLessThanOrEqual(300 + 32);
      });
      for (let from = 0; from < pcm.length; from += 320) stream.push(pcm.subarray(from, from + 320));
      expect(edges.map((edge) => edge.t)).toEqual(truth.flatMap(() => ['speech_started', 'speech_stopped']));
      truth.forEach(({ fromMs, toMs }, i) => {
        expect(Math.abs(edges[2 * i]!.atMs - fromMs)).toBeLessThan(150);
        expect(Math.abs(edges[2 * i + 1]!.atMs - toMs)).toBeLessThan(150);
      });
    },
  );
});

describe('a missing peer', () => {
  it('is named with the command that installs it', () => {
    expect(() => findPeer('no-such-package', 'speech synthesis')).toThrowError(
      expect.objectContaining({
        code: 'peer_missing',
        message: expect.stringContaining('npm install no-such-package'),
      }),
    );
  });
});

import { describe, expect, it } from 'vitest';
import type { GeminiServerOptions } from '../../../src/wire/gemini/index.js';
import { talk } from './served.js';

/** A spoken turn: what was heard and said, how much of it, and how it ended. */
async function turn(serverOptions: Partial<GeminiServerOptions>) {
  const { session, speak, silence, clock, check } = await talk(
    { turns: [{ hears: 'Are you open', says: 'Yes we are' }] },
    {},
    {},
    serverOptions,
  );
  const seen = { heard: '', said: '', audioMs: 0, outcomes: [] as string[] };
  session.on('input_audio_transcription_completed', ({ text }) => {
    seen.heard = text;
  });
  session.on('generation_text', ({ text, how }) => {
    if (how === 'final') seen.said = text;
  });
  session.on('generation_audio', ({ pcm }) => {
    seen.audioMs += pcm.length / 24;
  });
  session.on('generation_ended', ({ outcome }) => seen.outcomes.push(outcome));
  await speak(600);
  await silence(1200);
  await clock.advance(4000);
  expect(session.isReplying).toBe(false);
  check();
  return seen;
}

const whole = { heard: 'Are you open', said: 'Yes we are', audioMs: 600, outcomes: ['completed'] };

describe('what the service was seen to do, and the session behind our provider', () => {
  it.each<[string, Partial<GeminiServerOptions>]>([
    ['as it should be', {}],
    ['no generationComplete', { faults: { noGenerationComplete: true } }],
    ['several parts in one message', { faults: { partsPerMessage: 5 } }],
    ['text frames', { frames: 'text' }],
    ['turnComplete at once', { turnComplete: 'at-once' }],
    ['counts as of 3.1', { usage: 'prompt-first' }],
    ['Vertex', { surface: 'vertex' }],
  ])('%s: the turn is whole', async (_, options) => {
    expect(await turn(options)).toEqual(whole);
  });

  it('junk in the transcript is all that is wrong with it', async () => {
    const seen = await turn({ faults: { junkTranscription: 'Thanks for watching! ' } });
    expect(seen).toEqual({ ...whole, heard: 'Thanks for watching! Are you open' });
  });

  it('late audio after interrupted is not heard', async () => {
    const { session, speak, silence, clock, check } = await talk(
      {
        turns: [
          { hears: 'Tell me', says: 'One two three four five six seven eight nine ten' },
          { hears: 'Stop', says: 'Ok' },
        ],
      },
      {},
      {},
      { faults: { lateAudioMs: 400 } },
    );
    const audioMs: number[] = [];
    session.on('generation_created', () => audioMs.push(0));
    session.on('generation_audio', ({ pcm }) => {
      audioMs[audioMs.length - 1]! += pcm.length / 24;
    });
    await speak(600);
    await silence(1200);
    const before = audioMs[0];
    await speak(600);
    await silence(1500);
    await clock.advance(3000);
    expect(audioMs).toEqual([before, 200]);
    check();
  });
});

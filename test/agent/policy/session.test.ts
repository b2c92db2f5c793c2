import { describe, expect, test } from 'vitest';
import { call } from '../ears/bench.js';
import { long, longAnswer, longMs, opening, slow } from './long-answer.js';
import { hissing, speechLike } from './sounds.js';

describe('a session with an interruption policy', () => {
  test('a backchannel: the agent goes on, nobody answers it, and nobody keeps it', async () => {
    const { hear, named, told, clock, session, transport, commands, close } = await longAnswer(['uh-huh']);
    await hear(speechLike(340), 800);
    expect(named()).toEqual(['keep for backchannel']);
    expect(session.agentState).toBe('speaking');
    await clock.advance(8_000);
    expect(told('speech_interrupted')).toEqual([]);
    expect(told('error')).toEqual([]);
    // All of it: 23 words of 200 ms.
    expect(transport.heard().length / 24).toBeCloseTo(longMs, -1);
    expect(session.history.items).toHaveLength(2);
    expect(commands().filter(({ t }) => t === 'item.remove')).toHaveLength(1);
    expect(commands().filter(({ t }) => t === 'reply')).toHaveLength(1);
    await close();
  });

  test('an interruption: silent within 600 ms, cut where it was, answered', async () => {
    const { hear, named, told, session, close, isSilent } = await longAnswer(
      ['but what about the day before Easter'],
      { turns: [{ hears: 'but what about the day before Easter', says: 'We are closed.' }] },
    );
    await hear(speechLike(2_000).subarray(0, 24 * 600));
    expect(await isSilent()).toBe(true);
    expect(named()).toEqual(['hold for words']);
    await hear(speechLike(1_400), 3_000);
    expect(named()).toEqual(['hold for words', 'yield for words']);
    expect(told('error')).toEqual([]);
    expect(told('speech_interrupted')).toMatchObject([{ by: 'user' }]);
    expect(session.history.items).toMatchObject([
      { role: 'user' },
      { role: 'assistant', interrupted: true, heard: 'partly' },
      { role: 'user' },
      { role: 'assistant', heard: 'heard' },
    ]);
    await close();
  });

  test('a cough: nothing stops, and nothing is answered', async () => {
    const { hear, named, told, clock, session, close } = await longAnswer(['']);
    await hear(hissing(500), 2_000);
    expect(named()).toEqual(['keep for noise']);
    expect(session.agentState).toBe('speaking');
    await clock.advance(8_000);
    expect(told('speech_interrupted')).toEqual([]);
    expect(session.history.items).toHaveLength(2);
    await close();
  });

  test('a false start: the agent pauses, and goes on from where it stopped with what came meanwhile', async () => {
    const { hear, named, told, clock, session, transport, close, isSilent } = await longAnswer(['']);
    await hear(speechLike(700), 100);
    expect(named()).toEqual(['hold for speech']);
    expect(session.agentState).toBe('listening');
    expect(await isSilent()).toBe(true);
    await clock.advance(700);
    expect(named()).toEqual(['hold for speech', 'resume for no_words']);
    expect(session.agentState).toBe('speaking');
    await clock.advance(8_000);
    expect(told('speech_interrupted')).toEqual([]);
    expect(transport.heard().length / 24).toBeCloseTo(longMs, -1);
    expect(session.history.items).toMatchObject([{ role: 'user' }, { role: 'assistant', heard: 'heard' }]);
    await close();
  });

  test('a pause that was an interruption: cut where it paused, and answered', async () => {
    const { hear, named, clock, session, transport, close } = await longAnswer(['Why'], {
      turns: [{ hears: 'Why', says: 'Because.' }],
      hearing: slow,
    });
    const cuts: { heardMs: number }[] = [];
    session.realtime.on('remote_item_truncated', (event) => cuts.push(event));
    await hear(speechLike(560), 60);
    const heardMs = transport.heard().length / 24;
    await clock.advance(3_000);
    expect(named()).toEqual(['hold for speech', 'yield for words']);
    expect(cuts).toHaveLength(1);
    expect(cuts[0]?.heardMs).toBeCloseTo(heardMs, 0);
    expect(session.history.items.at(-1)).toMatchObject({ role: 'assistant', heard: 'heard' });
    await close();
  });

  test('a recogniser tells that a long voice is nothing but nods: the agent takes a breath, and talks on', async () => {
    const { hear, named, told, clock, session, transport, close } = await longAnswer(['okay okay'], {
      hearing: opening('backchannel'),
    });
    await hear(speechLike(900), 900);
    expect(named()).toEqual(['hold for speech', 'resume for backchannel']);
    await clock.advance(8_000);
    expect(told('speech_interrupted')).toEqual([]);
    expect(transport.heard().length / 24).toBeCloseTo(longMs, -1);
    expect(session.history.items).toHaveLength(2);
    await close();
  });

  test('a recogniser tells that it begins with an order: silent before any word is over', async () => {
    const { hear, named, told, clock, close, isSilent } = await longAnswer(['stop'], {
      hearing: opening('command'),
    });
    await hear(speechLike(280), 120);
    expect(named()).toEqual(['hold for command']);
    expect(await isSilent()).toBe(true);
    await clock.advance(1_000);
    expect(named()).toEqual(['hold for command', 'yield for command']);
    expect(told('speech_interrupted')).toMatchObject([{ by: 'user' }]);
    await close();
  });

  test('minWords and an STT: a long voice without them does not stop the agent', async () => {
    const { hear, named, clock, session, close } = await longAnswer(['but'], {
      interruption: { minWords: 2 },
    });
    await hear(speechLike(1_200), 900);
    expect(named()).toEqual(['keep for too_few_words']);
    await clock.advance(8_000);
    expect(session.history.items).toHaveLength(2);
    await close();
  });

  test('without one nothing is tapped, kept or told', async () => {
    const { session, clock, say, close } = await call({ turns: [{ hears: 'hello', says: long }] });
    await say(600, 1_500);
    expect(session.agentState).toBe('speaking');
    await say(400, 200);
    expect(session.agentState).toBe('listening');
    await clock.advance(4_000);
    await close();
  });

  test.each([
    [{ allowInterruptions: false, interruption: {} }, 'options_conflict', 'interruption'],
    [{ interruption: { minWords: -1 } }, 'option_invalid', 'interruption.minWords'],
  ])('%j is refused', async (options, code, param) => {
    const refused = call({ turns: [] }, { session: () => options });
    await expect(refused).rejects.toMatchObject({ code, param });
  });
});

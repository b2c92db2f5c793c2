import { expect, test } from 'vitest';
import { call, tones, voice } from '../mouth/call.js';

const shop = { turns: [{ hears: 'when do you open', says: 'We open at nine.' }] };
/** Both with a voice of its own and with one beside a model that writes. */
const voices = [
  ['the model speaks', {}],
  ['a tts speaks', { lacks: { say: false }, session: { tts: tones() } }],
] as const;

test.each(voices)(
  '1. plain question, %s -> a fast answer; its waterfall adds up to what the caller waits',
  async (_, given) => {
    const { clock, session, transport, lines, end } = await call({ script: shop, ...given });
    const turns: { voiceToVoiceMs: number; waterfall: Record<string, number> }[] = [];
    session.on('metrics_collected', (metrics) => {
      if (metrics.type === 'turn') turns.push({ ...metrics, waterfall: { ...metrics.waterfall } });
    });
    void transport.say(voice(800));
    await clock.advance(5_000);
    expect(lines()).toEqual(['user: when do you open (said)', 'assistant: We open at nine. (heard)']);
    expect(turns).toHaveLength(1);
    const [{ voiceToVoiceMs, waterfall }] = turns as [(typeof turns)[0]];
    const stages = Object.values(waterfall).reduce((sum, ms) => sum + ms, 0);
    expect(stages).toBeCloseTo(voiceToVoiceMs, 6);
    expect(voiceToVoiceMs).toBeGreaterThanOrEqual(500);
    expect(voiceToVoiceMs).toBeLessThan(700);
    await end();
  },
);

test.each(voices)(
  '2. greeting first, the caller is silent, %s -> heard at once, one prompt, no turn',
  async (_, given) => {
    const more = 'session' in given ? given.session : {};
    const { clock, session, lines, told, heardMs, end } = await call({
      script: shop,
      ...given,
      session: { ...more, idlePrompts: [{ afterMs: 8_000, say: 'Are you still there?' }] },
      agent: { onEnter: (agent) => void agent.session.say('Hello, how can I help?') },
    });
    await clock.advance(300);
    expect(heardMs()).toBeGreaterThan(250);
    await clock.advance(30_000);
    expect(lines()).toEqual([
      'assistant: Hello, how can I help? (heard)',
      'assistant: Are you still there? (heard)',
    ]);
    expect(told('user_state_changed')).toEqual([]);
    expect(session.agentState).toBe('listening');
    await end();
  },
);

test.each(voices)(
  '25. the caller is silent for 20 s, twice, %s -> a prompt, another one, the end',
  async (_, given) => {
    const more = 'session' in given ? given.session : {};
    const { clock, session, lines, told, end } = await call({
      script: shop,
      ...given,
      session: {
        ...more,
        idlePrompts: [
          { afterMs: 20_000, say: 'Are you still there?' },
          { afterMs: 20_000, say: 'Then goodbye.', end: true },
        ],
      },
    });
    await clock.advance(21_500);
    expect(lines()).toEqual(['assistant: Are you still there? (heard)']);
    expect(session.isClosed).toBe(false);
    await clock.advance(25_000);
    expect(lines()).toEqual(['assistant: Are you still there? (heard)', 'assistant: Then goodbye. (heard)']);
    expect(session.isClosed).toBe(true);
    expect(told('close')).toHaveLength(1);
    expect(told('error')).toEqual([]);
    await end();
  },
);

test.each(voices)(
  '26. the caller speaks during a greeting that cannot be stopped, %s -> not stopped, then normal',
  async (_, given) => {
    const greeting = 'Welcome, this call may be recorded for training, how can I help?';
    const script = { turns: [...shop.turns, { hears: 'thanks', says: 'You are welcome.' }] };
    const { clock, session, transport, lines, told, heardMs, end } = await call({
      script,
      ...given,
      agent: { onEnter: (agent) => void agent.session.say(greeting, { allowInterruptions: false }) },
    });
    await clock.advance(600);
    void transport.say(voice(600));
    await clock.advance(1_500);
    expect(session.agentState).toBe('speaking');
    expect(told('speech_interrupted')).toEqual([]);
    await clock.advance(5_000);
    expect(lines()).toEqual([
      `assistant: ${greeting} (heard)`,
      'user: when do you open (said)',
      'assistant: We open at nine. (heard)',
    ]);
    expect(heardMs()).toBeCloseTo((12 + 4) * 200, 0);
    void transport.say(voice(600));
    await clock.advance(4_000);
    expect(lines().slice(3)).toEqual(['user: thanks (said)', 'assistant: You are welcome. (heard)']);
    await end();
  },
);

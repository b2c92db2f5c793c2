import { describe, expect, test } from 'vitest';
import { AgentSession } from '../../../src/agent/index.js';
import { LineMap } from '../../../src/agent/mouth/line-map.js';
import { encodeWav, levelOf } from '../../../src/audio/index.js';
import { scriptedModel } from '../../../src/cascade/index.js';
import { call, tones, voice } from './call.js';

const script = { turns: [{ hears: 'when do you open', says: 'We open at nine, every day.' }] };
const room = { pcm: new Int16Array(2_400).fill(1_000), sampleRateHz: 24_000, channels: 1 };
const hum = { pcm: new Int16Array(2_400).fill(200), sampleRateHz: 24_000, channels: 1 };
/** Stretch of what was heard. */
const part = (pcm: Int16Array, fromMs: number, toMs: number) => pcm.subarray(fromMs * 24, toMs * 24);

describe('the room that the agent is in', () => {
  test('flows without a gap while nobody speaks, little ahead of what is played', async () => {
    const { clock, transport, session, end } = await call({
      session: { background: { ambient: { audio: room } } },
    });
    await clock.advance(5_000);
    const heard = transport.heard();
    expect(heard.length / 24).toBeGreaterThan(4_950);
    expect(part(heard, 300, 4_900).every((sample) => sample === 1_000)).toBe(true);
    expect(transport.output.bufferedMs).toBeLessThanOrEqual(120);
    expect(session.agentState).toBe('listening');
    await end();
    await clock.advance(1_000);
    expect(transport.heard().length).toBe(heard.length);
  });

  test('is softer under speech; the words, positions and times are those of speech alone', async () => {
    const { clock, transport, lines, told, end } = await call({
      script,
      session: { background: { ambient: { audio: room }, duckDb: -20 } },
    });
    await clock.advance(1_000);
    void transport.say(voice(600));
    await clock.advance(600 + 500 + 600);
    expect(part(transport.heard(), 1_500, 1_600).every((sample) => sample === 1_000)).toBe(true);
    await clock.advance(3_000);
    expect(lines()).toEqual([
      'user: when do you open (said)',
      'assistant: We open at nine, every day. (heard)',
    ]);
    const states = told('agent_state_changed')
      .map(({ to }) => to)
      .slice(-3);
    expect(states).toEqual(['thinking', 'speaking', 'listening']);
    const heard = transport.heard();
    const speech = part(heard, 2_500, 2_700);
    expect(levelOf(speech).rmsDbfs).toBeGreaterThan(-20);
    // Loud again afterwards.
    expect(part(heard, 4_400, 4_600).every((sample) => sample === 1_000)).toBe(true);
    await end();
  });

  test('barge-in: what was heard is cut where the far end was, and the room goes on', async () => {
    const says = 'We open at nine and we close at five on every day of the whole long week.';
    for (const clearAfterMs of [0, 120]) {
      const { clock, session, transport, told, end } = await call({
        script: { turns: [{ hears: 'when do you open', says }] },
        session: { background: { ambient: { audio: room } } },
        transport: { clearAfterMs },
      });
      const cuts: { heardMs: number }[] = [];
      session.realtime.on('remote_item_truncated', (cut) => cuts.push(cut));
      await clock.advance(1_000);
      void transport.say(voice(600));
      await clock.advance(600 + 500 + 1_000);
      const startedMs = 1_000;
      const speaking = told('agent_state_changed').some(({ to }) => to === 'speaking');
      expect(speaking).toBe(true);
      session.interrupt();
      await clock.advance(500);
      expect(cuts).toHaveLength(1);
      // It began to be heard a lead after it came, some 1 s ago.
      expect(cuts[0]?.heardMs).toBeGreaterThan(startedMs - 300);
      expect(cuts[0]?.heardMs).toBeLessThan(startedMs + clearAfterMs + 1);
      const before = transport.heard().length;
      await clock.advance(1_000);
      expect((transport.heard().length - before) / 24).toBeGreaterThan(950);
      expect(session.agentState).toBe('listening');
      await end();
    }
  });

  test('a far end that takes its time: what is written ahead stays bounded', async () => {
    const { clock, transport, end } = await call({
      session: { background: { ambient: { audio: room }, leadMs: 200 } },
      transport: { clearAfterMs: 'never' },
    });
    for (let i = 0; i < 20; i++) {
      await clock.advance(500);
      expect(transport.output.bufferedMs).toBeLessThanOrEqual(220);
    }
    await end();
  });

  test('is read from a WAV of any rate, louder or softer', async () => {
    const audio = encodeWav({ pcm: new Int16Array(4_000).fill(2_000), sampleRateHz: 8_000, channels: 2 });
    const { clock, transport, end } = await call({
      session: { background: { ambient: { audio, gainDb: -6.0206 } } },
    });
    await clock.advance(1_000);
    for (const sample of part(transport.heard(), 350, 400)) expect(Math.abs(sample - 1_000)).toBeLessThan(30);
    await end();
  });
});

describe('the sound of thinking', () => {
  test('is heard while the agent thinks, after a moment, and not under its words', async () => {
    const { clock, transport, end } = await call({
      script: { turns: [{ hears: 'hello', says: 'Well.', faults: { responseLateMs: 2_000 } }] },
      session: { background: { thinking: { audio: hum } } },
    });
    void transport.say(voice(400));
    await clock.advance(900);
    expect(part(transport.heard(), 0, 890).every((sample) => sample === 0)).toBe(true);
    await clock.advance(1_400);
    expect(transport.heard().at(-1)).toBe(200);
    await clock.advance(4_000);
    expect(transport.heard().at(-1)).toBe(0);
    await end();
  });

  test('thinking that is over at once is not heard', async () => {
    const { clock, session, transport, end } = await call({
      lacks: { say: false },
      session: { tts: tones(), background: { thinking: { audio: hum } } },
    });
    await clock.advance(500);
    session.say('Hello.');
    await clock.advance(1_000);
    expect(part(transport.heard(), 0, 480).every((sample) => sample === 0)).toBe(true);
    expect(part(transport.heard(), 900, 1_400).every((sample) => sample === 0)).toBe(true);
    await end();
  });
});

describe('options', () => {
  test.each([
    [{}, /neither/],
    [{ ambient: { audio: new Uint8Array(10) } }, /background\.ambient/],
    [{ ambient: { audio: { pcm: new Int16Array(0), sampleRateHz: 24_000, channels: 1 } } }, /no samples/],
    [
      { thinking: { audio: { pcm: new Int16Array(9), sampleRateHz: 11_025, channels: 1 } } },
      /background\.thinking/,
    ],
    [{ ambient: { audio: room }, duckDb: 3 }, /duckDb/],
    [{ ambient: { audio: room }, leadMs: 5 }, /leadMs/],
  ])('%#', (background, message) => {
    expect(() => new AgentSession({ llm: scriptedModel(script), background })).toThrow(message);
  });
});

describe('the map of the line', () => {
  test('speech between silences -> its own positions', () => {
    const map = new LineMap();
    map.wrote(100, false);
    map.wrote(50, true);
    map.wrote(50, true);
    map.wrote(200, false);
    map.wrote(100, true);
    expect([0, 100, 120, 200, 350, 400, 450, 500].map((mix) => map.speechAt(mix))).toEqual([
      0, 0, 20, 100, 100, 100, 150, 200,
    ]);
    expect([99, 100, 199.8, 250, 400].map((mix) => map.isSpeechAt(mix))).toEqual([
      false,
      true,
      false,
      false,
      true,
    ]);
    expect(map.mixMs).toBe(500);
    map.forget(450);
    expect(map.speechAt(470)).toBe(170);
  });

  test('clear -> both lines go on from where they were cut, what was written behind it too', () => {
    const map = new LineMap();
    map.wrote(100, false);
    map.wrote(300, true);
    map.clear();
    expect(map.mixMs).toBeUndefined();
    map.wrote(40, true);
    map.clear();
    map.wrote(60, true);
    expect(map.cleared(250)).toBe(150);
    expect(map.cleared(270)).toBe(170);
    expect(map.speechMs).toBe(230);
    expect(map.mixMs).toBe(330);
    expect(map.speechAt(300)).toBe(200);
  });
});

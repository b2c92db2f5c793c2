import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Agent, AgentSession } from '../../../src/agent/index.js';
import { LineMap } from '../../../src/agent/mouth/line-map.js';
import { MixedOutput } from '../../../src/agent/mouth/mixed-output.js';
import { encodeWav, levelOf, parseWav } from '../../../src/audio/index.js';
import { scriptedModel } from '../../../src/cascade/index.js';
import { countedIds } from '../../../src/core/index.js';
import { FakeClock } from '../../../src/testing/index.js';
import { createWavTransport } from '../../../src/transports/wav/index.js';
import { openPair } from '../../transports/browser/fake-page.js';
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

describe('on other transports', () => {
  test('a WAV: the line flows through the whole recording', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'repartee-mix-'));
    const [input, output] = [join(folder, 'caller.wav'), join(folder, 'call.wav')];
    await writeFile(input, encodeWav({ pcm: voice(600), sampleRateHz: 24_000, channels: 1 }));
    const clock = new FakeClock();
    const transport = createWavTransport({
      input,
      output,
      speed: 'max',
      trailingSilenceMs: 4_000,
      // The session lives in audio time.
      pace: (positionMs) => clock.advance(positionMs - clock.now()),
    });
    const background = { ambient: { audio: room } };
    const session = new AgentSession({ llm: scriptedModel(script), clock, ids: countedIds(), background });
    const started = session.start({ agent: new Agent({ instructions: '' }), transport });
    for (let i = 0; i < 50 && session.agentState === 'initializing'; i++) await new Promise(setImmediate);
    await started;
    expect(await transport.finished).toBeUndefined();
    await session.close();
    const { pcm } = parseWav(new Uint8Array(await readFile(output)));
    const agent = Int16Array.from({ length: pcm.length / 2 }, (_, i) => pcm[2 * i + 1]!);
    expect(agent.length / 24).toBeGreaterThan(4_500);
    expect(part(agent, 500, 1_000).every((sample) => sample === 1_000)).toBe(true);
    // Words of tones in the middle, the room again behind them, and silence nowhere.
    expect(levelOf(part(agent, 1_300, 2_000)).peakDbfs).toBeGreaterThan(-15);
    expect(part(agent, 3_500, 4_400).every((sample) => sample === 1_000)).toBe(true);
    await rm(folder, { recursive: true });
  });

  test('a page: speech has its own positions, exact after a clear', async () => {
    const { clock, page, transport } = await openPair();
    const mixed = new MixedOutput(transport.output, clock, { ambient: { audio: room } });
    const reports: string[] = [];
    mixed.onPlayback(({ phase, playedMs }) => reports.push(`${phase} ${Math.round(playedMs)}`));
    mixed.begin();
    /** On the page's line, in samples of 24 kHz; `from`: where it goes on after a clear. */
    let [played, from, seen] = [0, 0, 0];
    /** The page plays what it has, and says so. */
    const pass = async (ms: number) => {
      for (let left = ms; left > 0; left -= 100) {
        await clock.advance(100);
        const frames = page.got.slice(seen).filter((one) => typeof one === 'number');
        const written = frames.reduce((sum, samples) => sum + samples, from);
        played = Math.min(written, played + 2_400);
        await page.say({ type: 'played', phase: 'position', playedSamples: played });
      }
    };
    await pass(1_000);
    expect(reports).toEqual([]);
    mixed.write(voice(500));
    mixed.flush();
    await pass(400);
    expect(reports[0]).toMatch(/^started/);
    const cleared = mixed.clear();
    await clock.advance(0);
    const ask = page.got.findLast((one) => typeof one === 'object' && one.type === 'clear');
    [from, seen] = [played, page.got.length];
    await page.say({ type: 'cleared', id: (ask as { id: number }).id, playedSamples: played });
    const { playedMs: heardMs, estimated } = await cleared;
    expect(estimated).toBe(false);
    expect(heardMs).toBeGreaterThan(100);
    expect(heardMs).toBeLessThanOrEqual(400);
    expect(reports.some((report) => report.startsWith('finished'))).toBe(false);
    await pass(500);
    expect(played - from).toBeGreaterThan(300 * 24);
    mixed.close();
    await transport.close();
  });
});

import { describe, expect, test } from 'vitest';
import { Agent, AgentSession, logSession, redact } from '../../../src/agent/index.js';
import { scriptedModel } from '../../../src/cascade/index.js';
import type { Logger } from '../../../src/core/index.js';
import { FakeClock } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';
import { openaiModel } from '../calls/models.js';

describe('what may be written down', () => {
  const audio = 'A'.repeat(400);
  test.each<[string, unknown, unknown]>([
    [
      'audio',
      { type: 'response.output_audio.delta', delta: audio },
      { type: 'response.output_audio.delta', delta: '[400 characters of delta]' },
    ],
    [
      'words stay',
      { type: 'x.delta', delta: 'We open at nine.' },
      { type: 'x.delta', delta: 'We open at nine.' },
    ],
    ['samples', { pcm: new Int16Array(5) }, { pcm: '[10 bytes]' }],
    [
      'secrets by name',
      { headers: { Authorization: 'abc' }, apiKey: 'k', client_secret: { value: 'v' } },
      { headers: { Authorization: '[removed]' }, apiKey: '[removed]', client_secret: '[removed]' },
    ],
    [
      'counts are none',
      { usage: { input_tokens: 5, total_tokens: 9 }, token: 7 },
      { usage: { input_tokens: 5, total_tokens: 9 }, token: 7 },
    ],
    [
      'secrets in a text',
      'Bearer abcdefghijkl and sk-proj-abcdefgh1234 failed',
      '[removed] and [removed] failed',
    ],
    ['secrets in an address', 'wss://host/path?key=abc123&alt=1', 'wss://host/path?key=[removed]&alt=1'],
    ['long texts', 'word '.repeat(500), `${'word '.repeat(400)}[500 more characters]`],
    [
      'long lists',
      Array.from({ length: 102 }, () => 1),
      [...Array.from({ length: 100 }, () => 1), '[2 more]'],
    ],
  ])('%s', (_, value, expected) => {
    expect(redact(value)).toEqual(expected);
  });

  test('what has no end is cut', () => {
    const loop: Record<string, unknown> = {};
    loop.again = loop;
    expect(JSON.stringify(redact(loop))).toContain('[deeper]');
  });
});

function recorder(levels: string[] = ['debug', 'info', 'warn', 'error']) {
  const lines: [string, Record<string, unknown>, string][] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void (levels.includes(level) && lines.push([level, fields as Record<string, unknown>, message]));
  const logger: Logger = {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    isLevelEnabled: (level) => levels.includes(level),
  };
  return { lines, logger };
}

async function call(logger: Logger, words = false) {
  const clock = new FakeClock();
  const llm = scriptedModel({ turns: [{ hears: 'my number is 4711', says: 'Thank you.' }] });
  const session = new AgentSession({ llm, clock, ...(words ? {} : { logger }) });
  if (words) logSession(session, logger, { words });
  const transport = new MemoryTransport({ clock, openMic: true });
  const started = session.start({ agent: new Agent({ instructions: '' }), transport });
  await clock.advance(1);
  await started;
  void transport.say(Int16Array.from({ length: 14_400 }, (_, i) => 8_000 * Math.sin(i / 20)));
  await clock.advance(4_000);
  await Promise.all([session.close(), clock.advance(6_000)]);
}

describe('a session that writes', () => {
  test('the call at info, the rest at debug, and nobody’s words', async () => {
    const { lines, logger } = recorder();
    await call(logger);
    expect(lines.filter(([level]) => level === 'info').map(([, , message]) => message)).toEqual([
      'the call begins',
      'the call was',
      'the call is over',
    ]);
    expect(lines.some(([level, , message]) => level === 'debug' && message === 'measured')).toBe(true);
    expect(JSON.stringify(lines)).not.toContain('4711');
  });

  test('words where they are asked for', async () => {
    const { lines, logger } = recorder();
    await call(logger, true);
    expect(JSON.stringify(lines)).toContain('4711');
  });

  test('frames of the wire, both ways, without the audio', async () => {
    const { lines, logger } = recorder();
    const clock = new FakeClock();
    const script = scriptedModel({ turns: [{ hears: 'Hello', says: 'Good day.' }] });
    const llm = openaiModel(script, { clock, latencyMs: 0, onError: () => {} });
    const session = new AgentSession({ llm, clock, logger });
    const transport = new MemoryTransport({ clock, openMic: true });
    const started = session.start({ agent: new Agent({ instructions: '' }), transport });
    await clock.advance(1);
    await started;
    void transport.say(Int16Array.from({ length: 14_400 }, (_, i) => 8_000 * Math.sin(i / 20)));
    await clock.advance(3_000);
    await Promise.all([session.close(), clock.advance(6_000)]);
    const frames = lines.flatMap(([, fields, message]) => (message === 'frame' ? [fields] : []));
    const of = (type: string) => frames.find(({ frame }) => (frame as { type?: string }).type === type);
    expect(of('input_audio_buffer.append')).toMatchObject({
      direction: 'out',
      frame: { audio: expect.stringMatching(/^\[\d+ characters of audio]$/) },
    });
    expect(of('response.output_audio.delta')).toMatchObject({
      direction: 'in',
      frame: { delta: expect.stringMatching(/^\[\d+ characters of delta]$/) },
    });
    expect(of('response.done')).toBeDefined();
  });

  test('frames are made only where somebody reads them', () => {
    const session = () => new AgentSession({ llm: scriptedModel({ turns: [] }) });
    const [quiet, loud] = [session(), session()];
    logSession(quiet, recorder(['info', 'warn', 'error']).logger);
    logSession(loud, recorder().logger);
    expect([quiet.has('realtime_event'), loud.has('realtime_event')]).toEqual([false, true]);
  });
});

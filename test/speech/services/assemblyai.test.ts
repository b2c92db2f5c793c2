import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { assemblyAiStt } from '../../../src/speech/assemblyai/index.js';
import { Hearing, mark, Told } from './marks.js';
import { type SocketServer, socketServer } from './socket-server.js';

/** Speaks AssemblyAI's streaming wire (v3), as the SDK's types have it. Refuses messages of a wrong length, as the service does. */
function serve(socket: WebSocket): void {
  const hearing = new Hearing(16_000);
  let order = 0;
  const send = (message: Record<string, unknown>) => socket.send(JSON.stringify(message));
  const turn = (words: ReturnType<Hearing['take']>, end: boolean, formatted: boolean) => {
    const text = words.map((word) => word.text).join(' ');
    send({
      type: 'Turn',
      turn_order: order,
      turn_is_formatted: formatted,
      end_of_turn: end,
      transcript: formatted && text !== '' ? `${text}.` : text,
      end_of_turn_confidence: end ? 1 : 0,
      words: words.map(({ text, fromMs, toMs }) => ({
        text,
        start: fromMs,
        end: toMs,
        confidence: 0.8,
        word_is_final: true,
      })),
    });
  };
  send({ type: 'Begin', id: 's', expires_at: 0 });
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) {
      const durationMs = data.length / 32;
      if (durationMs < 50 || durationMs > 1000) return socket.close(3007, 'Input Duration Error');
      hearing.hear(data);
      return;
    }
    const { type } = JSON.parse(String(data)) as { type: string };
    if (type === 'Terminate') return send({ type: 'Termination' });
    if (type !== 'ForceEndpoint') return;
    const words = hearing.take();
    turn(words.slice(0, 1), false, false);
    turn(words, true, false);
    turn(words, true, true);
    order += 1;
  });
}

let server: SocketServer | undefined;
// The SDK opens no other than TLS connections and takes no authority of one's own.
const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
beforeAll(() => {
  process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
});
afterAll(() => {
  if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
  else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
});
afterEach(() => server?.close());

test('utterance after utterance: chunks of the right length, formatted words with their times', async () => {
  server = await socketServer(serve, { secure: true });
  const stt = assemblyAiStt({ apiKey: 'key', baseUrl: server.url, languages: ['en'], keyterms: ['Bo'] });
  const stream = stt.stream({ language: 'es' });
  const told = new Told(stream);
  // 20 ms frames, as they come; the rest of the second utterance is shorter than the service takes.
  for (let frame = 0; frame < 10; frame++) stream.push(mark(frame < 5 ? 3 : 4, 20, 16_000));
  stream.flush();
  stream.push(mark(5, 120, 16_000));
  stream.flush();
  stream.push(mark(6, 100, 16_000));
  stream.flush();
  await told.until(3);
  expect(told.outcomes).toEqual(['w3 w4.', 'w5.', 'w6.']);
  expect(told.ends).toMatchObject([
    {
      confidence: expect.closeTo(0.8, 6),
      words: [
        { text: 'w3', fromMs: 0, toMs: 100 },
        { text: 'w4', fromMs: 100, toMs: 200 },
      ],
    },
    { words: [{ text: 'w5', fromMs: 0, toMs: 120 }] },
    // The silence that filled up the second one does not move the third.
    { words: [{ text: 'w6', fromMs: 0, toMs: 100 }] },
  ]);
  expect(told.interims[0]).toBe('w3');
  expect(Object.fromEntries(server.requests[0]?.query ?? [])).toMatchObject({
    sample_rate: '16000',
    format_turns: 'true',
    speech_model: 'universal-streaming-english',
    language_codes: '["es"]',
    keyterms_prompt: '["Bo"]',
  });
  expect(server.requests[0]?.headers.authorization).toBe('key');
  await stt.close();
});

test('a key that is refused: the utterance has failed, and is not sent again', async () => {
  server = await socketServer((socket) => socket.close(4001, 'Not Authorized'), { secure: true });
  const apiKey = 'a-key-of-somebody-else';
  const stt = assemblyAiStt({ apiKey, baseUrl: server.url });
  const stream = stt.stream();
  const told = new Told(stream);
  stream.push(mark(3, 200, 16_000));
  stream.flush();
  await told.until(1);
  expect(told.ends).toMatchObject([
    { t: 'failed', error: { code: 'stt_failed', vendorCode: '4001', retryable: false } },
  ]);
  expect(inspect(told.ends, { depth: Infinity, showHidden: true })).not.toContain(apiKey);
  expect(server.requests.length).toBe(1);
  await stt.close();
});

import { afterEach, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { azureStt } from '../../../src/speech/azure/index.js';
import { Hearing, mark, Told } from './marks.js';
import { type SocketServer, socketServer } from './socket-server.js';

/** Speaks the wire of Azure Speech (headers and body in one message; a WAV header before the audio), as its SDK speaks it. */
function serve(socket: WebSocket): void {
  const hearing = new Hearing(16_000);
  let requestId = '';
  let isFirst = true;
  const send = (path: string, body: unknown) =>
    socket.send(
      `X-RequestId:${requestId}\r\nContent-Type:application/json; charset=utf-8\r\nPath:${path}\r\n\r\n${JSON.stringify(body)}`,
    );
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) {
      const text = String(data);
      if (!/^path:\s*speech\.context/im.test(text)) return;
      requestId = /x-requestid:\s*(\S+)/i.exec(text)?.[1] ?? '';
      send('turn.start', { context: { serviceTag: 'tag' } });
      return;
    }
    const headerBytes = data.readUInt16BE(0);
    const header = data.subarray(2, 2 + headerBytes).toString();
    if (!/path:\s*audio/i.test(header)) return;
    requestId = /x-requestid:\s*(\S+)/i.exec(header)?.[1] ?? requestId;
    let body = data.subarray(2 + headerBytes);
    if (body.length === 0) {
      const words = hearing.take();
      const text = words.map((word) => word.text).join(' ');
      send('speech.phrase', {
        Id: 'p',
        RecognitionStatus: 'Success',
        Offset: 0,
        Duration: 1,
        DisplayText: text,
        NBest: [
          {
            Confidence: 0.7,
            Lexical: text,
            ITN: text,
            MaskedITN: text,
            Display: text,
            Words: words.map(({ text, fromMs, toMs }) => ({
              Word: text,
              Offset: fromMs * 10_000,
              Duration: (toMs - fromMs) * 10_000,
            })),
          },
        ],
      });
      send('speech.endDetected', { Offset: 1 });
      send('turn.end', {});
      return;
    }
    if (isFirst && body.subarray(0, 4).toString() === 'RIFF') body = body.subarray(44);
    isFirst = false;
    hearing.hear(body);
    if (hearing.text !== '')
      send('speech.hypothesis', { Id: 'h', Text: hearing.text, Offset: 0, Duration: 1 });
  });
}

let server: SocketServer | undefined;
afterEach(() => server?.close());

test('each utterance has a connection of its own; words with times, in the language of the stream', async () => {
  server = await socketServer(serve);
  const stt = azureStt({ apiKey: 'key', endpoint: `${server.url}/speech/recognition/interactive/v1` });
  const stream = stt.stream({ language: 'nb-NO' });
  const told = new Told(stream);
  stream.push(mark(3, 300, 16_000));
  stream.push(mark(4, 200, 16_000));
  stream.flush();
  stream.push(mark(5, 300, 16_000));
  stream.flush();
  await told.until(2);
  expect(told.outcomes).toEqual(['w3 w4', 'w5']);
  expect(told.ends).toMatchObject([
    {
      confidence: 0.7,
      words: [
        { text: 'w3', fromMs: 0, toMs: 300 },
        { text: 'w4', fromMs: 300, toMs: 500 },
      ],
    },
    { words: [{ text: 'w5', fromMs: 0, toMs: 300 }] },
  ]);
  expect(told.interims.length).toBeGreaterThan(0);
  expect(server.requests.length).toBe(2);
  expect(server.requests[0]?.query.get('language')).toBe('nb-NO');
  expect(server.requests[0]?.headers['ocp-apim-subscription-key']).toBe('key');
  await stt.close();
});

test('neither region nor key: told before anything is loaded', () => {
  delete process.env.AZURE_SPEECH_REGION;
  delete process.env.AZURE_SPEECH_KEY;
  expect(() => azureStt({ apiKey: 'k' })).toThrow(
    expect.objectContaining({ code: 'option_invalid', param: 'region' }),
  );
  expect(() => azureStt({ region: 'norwayeast' })).toThrow(
    expect.objectContaining({ code: 'api_key_missing' }),
  );
});

import { afterEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { deepgramStt } from '../../../src/speech/deepgram/index.js';
import { Hearing, mark, Told } from './marks.js';
import { type SocketServer, socketServer } from './socket-server.js';

/** Speaks Deepgram's streaming wire (`/v1/listen`), as its reference and the SDK's types have it. */
class Deepgram {
  /** The next so many connections end when they are asked to finalize. */
  breaks = 0;

  serve(socket: WebSocket): void {
    const hearing = new Hearing(16_000);
    const results = (more: Record<string, unknown>, text: string, confidence: number, words: unknown[]) => {
      const channel = { alternatives: [{ transcript: text, confidence, words }] };
      socket.send(JSON.stringify({ type: 'Results', channel_index: [0, 1], channel, ...more }));
    };
    socket.on('message', (data: Buffer, isBinary) => {
      if (isBinary) {
        hearing.hear(data);
        results({ is_final: false }, hearing.text, 0.5, []);
        return;
      }
      const { type } = JSON.parse(String(data)) as { type: string };
      if (type === 'CloseStream') socket.close(1000);
      else if (type !== 'Finalize') return;
      else if (this.breaks > 0) {
        this.breaks -= 1;
        socket.terminate();
      } else {
        const words = hearing.take();
        const timed = words.map(({ text, fromMs, toMs }) => ({
          word: text,
          punctuated_word: `${text},`,
          start: fromMs / 1000,
          end: toMs / 1000,
        }));
        const text = words.map((word) => word.text).join(' ');
        results({ is_final: true, from_finalize: true }, text, 0.9, timed);
      }
    });
  }
}

let server: SocketServer | undefined;
afterEach(() => server?.close());

async function started() {
  const service = new Deepgram();
  server = await socketServer((socket) => service.serve(socket));
  const stt = deepgramStt({ apiKey: 'secret', baseUrl: server.url, keyterms: ['Aarhus', 'Bo'] });
  const stream = stt.stream({ language: 'no' });
  return { service, server, stt, stream, told: new Told(stream) };
}

describe('deepgram', () => {
  test('utterance after utterance over one connection: interims, finals in order, times from their own start', async () => {
    const { server, stt, stream, told } = await started();
    stream.push(mark(7, 200, 16_000));
    stream.push(mark(8, 100, 16_000));
    stream.flush();
    stream.push(mark(9, 100, 16_000));
    stream.flush();
    stream.flush();
    await told.until(3);
    expect(told.outcomes).toEqual(['w7 w8', 'w9', '']);
    const [first, second] = told.ends;
    expect(first).toMatchObject({
      confidence: 0.9,
      words: [
        { text: 'w7,', fromMs: 0, toMs: 200 },
        { text: 'w8,', fromMs: 200, toMs: 300 },
      ],
    });
    expect(second).toMatchObject({ words: [{ text: 'w9,', fromMs: 0, toMs: 100 }] });
    expect(told.interims[0]).toBe('w7');
    expect(server.requests.length).toBe(1);
    const [request] = server.requests;
    expect(request?.headers.authorization).toBe('Token secret');
    expect(Object.fromEntries(request?.query ?? [])).toMatchObject({
      model: 'nova-3',
      language: 'no',
      encoding: 'linear16',
      sample_rate: '16000',
      interim_results: 'true',
      endpointing: 'false',
    });
    expect(request?.query.getAll('keyterm')).toEqual(['Aarhus', 'Bo']);
    await stt.close();
  });

  test('a connection that breaks: the utterance is heard again over another one; a second time it has failed', async () => {
    const { service, stt, stream, told } = await started();
    service.breaks = 1;
    stream.push(mark(5, 100, 16_000));
    stream.flush();
    await told.until(1);
    service.breaks = 2;
    stream.push(mark(6, 100, 16_000));
    stream.flush();
    await told.until(2);
    stream.push(mark(7, 100, 16_000));
    stream.flush();
    await told.until(3);
    expect(told.outcomes).toEqual(['w5', 'stt_failed', 'w7']);
    await stt.close();
  });

  test('what is discarded is told to nobody; what was closed says nothing more', async () => {
    const { stt, stream, told } = await started();
    stream.push(mark(5, 100, 16_000));
    stream.discard();
    stream.push(mark(6, 100, 16_000));
    stream.flush();
    await told.until(1);
    expect(told.outcomes).toEqual(['w6']);
    stream.push(mark(7, 100, 16_000));
    stream.flush();
    await stt.close();
    stream.flush();
    expect(told.outcomes).toEqual(['w6']);
  });

  test('no key: api_key_missing', () => {
    delete process.env.DEEPGRAM_API_KEY;
    expect(() => deepgramStt()).toThrow(expect.objectContaining({ code: 'api_key_missing' }));
  });
});

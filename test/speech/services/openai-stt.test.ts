import { afterEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { parseWav } from '../../../src/audio/index.js';
import { openaiHttpStt, openaiRealtimeStt } from '../../../src/speech/openai/index.js';
import { type HttpServer, httpServer } from './http-server.js';
import { Hearing, mark, Told } from './marks.js';
import { type SocketServer, socketServer } from './socket-server.js';

let server: HttpServer | SocketServer | undefined;
afterEach(() => server?.close());

describe('openai over HTTP', () => {
  async function started(model?: string) {
    const forms: Map<string, string>[] = [];
    const statuses: number[] = [];
    server = await httpServer(async (request, body, response) => {
      const form = await new Response(new Uint8Array(body), {
        headers: { 'content-type': String(request.headers['content-type']) },
      }).formData();
      forms.push(
        new Map([...form].flatMap(([key, value]) => (typeof value === 'string' ? [[key, value]] : []))),
      );
      const status = statuses.shift() ?? 200;
      response.writeHead(status, { 'content-type': 'application/json' });
      if (status !== 200)
        return void response.end(JSON.stringify({ error: { message: 'no', type: 'server_error' } }));
      const file = form.get('file') as File;
      const { pcm, sampleRateHz } = parseWav(new Uint8Array(await file.arrayBuffer()));
      const hearing = new Hearing(sampleRateHz);
      hearing.hear(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength));
      const words = hearing
        .take()
        .map(({ text, fromMs, toMs }) => ({ word: text, start: fromMs / 1e3, end: toMs / 1e3 }));
      response.end(JSON.stringify({ text: words.map(({ word }) => word).join(' '), words }));
    });
    const stt = openaiHttpStt({
      apiKey: 'k',
      baseUrl: `${server.url}/v1`,
      ...(model === undefined ? {} : { model }),
    });
    const stream = stt.stream({ language: 'no', prompt: 'numbers' });
    return { forms, statuses, stt, stream, told: new Told(stream) };
  }

  test('one request for each utterance, answered in order; whisper tells times', async () => {
    const { forms, stt, stream, told } = await started('whisper-1');
    for (const word of [3, 4]) {
      stream.push(mark(word, 300, 16_000));
      stream.flush();
    }
    await told.until(2);
    expect(told.outcomes).toEqual(['w3', 'w4']);
    expect(told.ends[1]).toMatchObject({ words: [{ text: 'w4', fromMs: 0, toMs: 300 }] });
    expect(Object.fromEntries(forms[0] ?? [])).toMatchObject({
      model: 'whisper-1',
      language: 'no',
      prompt: 'numbers',
      response_format: 'verbose_json',
    });
    await stt.close();
  });

  test('a failing request is made again once; a refused one is not', async () => {
    const { statuses, forms, stt, stream, told } = await started();
    statuses.push(500, 200, 401);
    stream.push(mark(3, 300, 16_000));
    stream.flush();
    await told.until(1);
    stream.push(mark(4, 300, 16_000));
    stream.flush();
    await told.until(2);
    expect(told.outcomes).toEqual(['w3', 'stt_failed']);
    expect(told.ends[1]).toMatchObject({
      error: { retryable: false, vendorCode: '401', provider: 'openai' },
    });
    expect(forms.length).toBe(3);
    await stt.close();
  });
});

/** Speaks the transcription side of OpenAI's realtime wire, as the official types have it. */
class Transcription {
  updates: { session: Record<string, unknown> }[] = [];
  /** Items are transcribed last first, when so many are there. */
  holdFor = 1;
  readonly #held: (() => void)[] = [];
  #count = 0;

  serve(socket: WebSocket): void {
    const hearing = new Hearing(24_000);
    const send = (event: Record<string, unknown>) => socket.send(JSON.stringify({ event_id: 'e', ...event }));
    send({ type: 'session.created', session: { type: 'transcription' } });
    socket.on('message', (data) => {
      const event = JSON.parse(String(data)) as {
        type: string;
        audio: string;
        session: Record<string, unknown>;
      };
      if (event.type === 'session.update') this.updates.push({ session: event.session });
      if (event.type === 'input_audio_buffer.append') hearing.hear(Buffer.from(event.audio, 'base64'));
      if (event.type !== 'input_audio_buffer.commit') return;
      const words = hearing.take();
      const lengthMs = (words.at(-1)?.toMs ?? 0) - (words[0]?.fromMs ?? 0);
      if (lengthMs < 100) {
        const error = {
          type: 'invalid_request_error',
          code: 'input_audio_buffer_commit_empty',
          message: 'too small',
        };
        return send({ type: 'error', error });
      }
      this.#count += 1;
      const item_id = `item_${this.#count}`;
      const transcript = words.map(({ text }) => text).join(' ');
      const of = { item_id, content_index: 0 };
      send({ type: 'input_audio_buffer.committed', item_id, previous_item_id: null });
      this.#held.push(() => {
        const type = 'conversation.item.input_audio_transcription';
        send({ type: `${type}.delta`, ...of, delta: transcript.slice(0, 2) });
        const logprobs = [{ token: 'w', logprob: Math.log(0.8), bytes: [] }];
        send({
          type: `${type}.completed`,
          ...of,
          transcript,
          logprobs,
          usage: { type: 'duration', seconds: 1 },
        });
      });
      if (this.#held.length < this.holdFor) return;
      for (const tell of this.#held.splice(0).reverse()) tell();
    });
  }
}

describe('openai over the realtime wire', () => {
  async function started() {
    const service = new Transcription();
    const socket = await socketServer((client) => service.serve(client), { secure: true });
    server = socket;
    const baseUrl = `${socket.url.replace('wss:', 'https:')}/v1`;
    const stt = openaiRealtimeStt({
      apiKey: 'k',
      baseUrl,
      ca: socket.pem,
      language: 'no',
      noiseReduction: 'near_field',
    });
    const stream = stt.stream();
    return { service, socket, stt, stream, told: new Told(stream) };
  }

  test('a session of its own kind; items that are done in another order are told in the order of their commits', async () => {
    const { service, socket, stt, stream, told } = await started();
    service.holdFor = 2;
    for (const word of [3, 4]) {
      stream.push(mark(word, 200, 24_000));
      stream.flush();
    }
    await told.until(2);
    expect(told.outcomes).toEqual(['w3', 'w4']);
    expect(told.ends[0]).toMatchObject({ confidence: expect.closeTo(0.8, 6) });
    expect(told.interims).toContain('w3');
    expect(socket.requests[0]?.query.get('intent')).toBe('transcription');
    expect(socket.requests[0]?.headers.authorization).toBe('Bearer k');
    expect(service.updates[0]?.session).toMatchObject({
      type: 'transcription',
      audio: {
        input: {
          format: { type: 'audio/pcm', rate: 24_000 },
          transcription: { model: 'gpt-4o-transcribe', language: 'no' },
          turn_detection: null,
          noise_reduction: { type: 'near_field' },
        },
      },
    });
    await stt.close();
  });

  test('too little audio is an utterance without words', async () => {
    const { stt, stream, told } = await started();
    stream.push(mark(3, 50, 24_000));
    stream.flush();
    await told.until(1);
    expect(told.outcomes).toEqual(['']);
    await stt.close();
  });
});

import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { azureTts } from '../../../src/speech/azure/index.js';
import { cartesiaTts } from '../../../src/speech/cartesia/index.js';
import type { TTS } from '../../../src/speech/contracts.js';
import { elevenLabsTts } from '../../../src/speech/elevenlabs/index.js';
import { openaiTts } from '../../../src/speech/openai/index.js';
import { httpServer } from './http-server.js';
import { socketServer } from './socket-server.js';
import { Spoken, sayWords } from './spoken.js';

const rateHz = 24_000;
const apiKey = 'a-secret-of-the-account';
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

interface Service {
  tts: TTS;
  /** What the server was asked, one for each clause; a cancellation is another one. */
  asked: Record<string, unknown>[];
  headers(): Record<string, unknown>;
  /** The next clause is refused. */
  refuse(): void;
}

async function openai(): Promise<Service> {
  const asked: Record<string, unknown>[] = [];
  let headers = {};
  let refused = false;
  const server = await httpServer((request, body, response) => {
    headers = request.headers;
    if (refused) return void response.writeHead(401).end('{"error":{"message":"no"}}');
    const wish = JSON.parse(String(body)) as Record<string, unknown>;
    asked.push(wish);
    const bytes = Buffer.concat(sayWords(String(wish.input), rateHz).map(({ pcm }) => pcm));
    // Cut inside a sample, as networks do.
    response.write(bytes.subarray(0, 1_001));
    response.end(bytes.subarray(1_001));
  });
  closing.push(server.close);
  const tts = openaiTts({ apiKey, baseUrl: `${server.url}/v1`, instructions: 'Calmly.' });
  return { tts, asked, headers: () => headers, refuse: () => (refused = true) };
}

async function elevenLabs(): Promise<Service> {
  const asked: Record<string, unknown>[] = [];
  let headers = {};
  let refused = false;
  const server = await httpServer((request, body, response) => {
    headers = request.headers;
    if (refused)
      return void response.writeHead(401, { 'content-type': 'application/json' }).end('{"detail":"no"}');
    const wish = JSON.parse(String(body)) as { text: string };
    asked.push({ ...wish, path: request.url });
    const said = sayWords(wish.text, rateHz);
    for (const { word, fromMs, pcm } of said) {
      const characters = [...`${word} `];
      const stepMs = 100 / characters.length;
      const at = (index: number) => (fromMs + index * stepMs) / 1_000;
      const alignment = {
        characters,
        character_start_times_seconds: characters.map((_, index) => at(index)),
        character_end_times_seconds: characters.map((_, index) => at(index + 1)),
      };
      response.write(`${JSON.stringify({ audio_base64: pcm.toString('base64'), alignment })}\n`);
    }
    response.end();
  });
  closing.push(server.close);
  const tts = elevenLabsTts({ apiKey, baseUrl: server.url, voiceSettings: { stability: 0.4 } });
  return { tts, asked, headers: () => headers, refuse: () => (refused = true) };
}

async function cartesia(): Promise<Service> {
  const asked: Record<string, unknown>[] = [];
  let refused = false;
  const server = await socketServer(
    (socket) => {
      socket.on('message', (data) => {
        const wish = JSON.parse(String(data)) as { context_id: string; transcript: string; cancel?: boolean };
        asked.push(wish);
        if (wish.cancel === true) return;
        const { context_id } = wish;
        const send = (event: Record<string, unknown>) =>
          socket.send(JSON.stringify({ context_id, status_code: 206, done: false, ...event }));
        if (refused) return send({ type: 'error', status_code: 400, title: 'no', message: 'no', done: true });
        const said = sayWords(wish.transcript, rateHz);
        const word_timestamps = {
          words: said.map(({ word }) => word),
          start: said.map(({ fromMs }) => fromMs / 1_000),
          end: said.map(({ toMs }) => toMs / 1_000),
        };
        send({ type: 'timestamps', word_timestamps });
        for (const { pcm } of said) send({ type: 'chunk', data: pcm.toString('base64'), step_time: 1 });
        send({ type: 'done', done: true });
      });
    },
    { secure: true },
  );
  closing.push(server.close);
  const tts = cartesiaTts({ apiKey, baseUrl: server.url.replace('wss:', 'https:'), ca: server.pem });
  return { tts, asked, headers: () => server.requests[0]?.headers ?? {}, refuse: () => (refused = true) };
}

/** Speaks the synthesis side of Azure's speech wire: headers and body in one message. */
async function azure(): Promise<Service> {
  const asked: Record<string, unknown>[] = [];
  let refused = false;
  const serve = (socket: WebSocket) => {
    let requestId = '';
    const send = (path: string, body: unknown) => {
      const headers = `X-RequestId:${requestId}\r\nContent-Type:application/json; charset=utf-8\r\nPath:${path}`;
      socket.send(`${headers}\r\n\r\n${JSON.stringify(body)}`);
    };
    socket.on('message', (data, isBinary) => {
      const text = String(data);
      if (isBinary || !/^path:\s*ssml/im.test(text)) return;
      requestId = /x-requestid:\s*(\S+)/i.exec(text)?.[1] ?? '';
      if (refused) return socket.close(1007, 'Unsupported voice');
      const ssml = text.slice(text.indexOf('<speak'));
      asked.push({ ssml });
      const said = sayWords(ssml.replaceAll(/<[^>]+>/g, ' ').replaceAll('&amp;', '&'), rateHz);
      send('turn.start', { context: { serviceTag: 'tag' } });
      send('response', { context: { serviceTag: 'tag' }, audio: { type: 'inline', streamId: 'one' } });
      for (const { word, fromMs, pcm } of said) {
        const Data = {
          Offset: fromMs * 10_000,
          Duration: 1_000_000,
          text: { Text: word, Length: word.length, BoundaryType: 'WordBoundary' },
        };
        send('audio.metadata', { Metadata: [{ Type: 'WordBoundary', Data }] });
        const header = Buffer.from(`X-RequestId:${requestId}\r\nX-StreamId:one\r\nPath:audio\r\n`);
        const size = Buffer.alloc(2);
        size.writeUInt16BE(header.length);
        socket.send(Buffer.concat([size, header, pcm]));
      }
      send('turn.end', {});
    });
  };
  const server = await socketServer(serve);
  closing.push(server.close);
  const tts = azureTts({ apiKey, host: server.url });
  return { tts, asked, headers: () => server.requests[0]?.headers ?? {}, refuse: () => (refused = true) };
}

describe.each([
  ['openai', openai, false],
  ['elevenlabs', elevenLabs, true],
  ['cartesia', cartesia, true],
  ['azure', azure, true],
] as const)('%s', (name, service, tellsWords) => {
  test('clause by clause in order, with the times of the words on the line of the stream', async () => {
    const { tts, asked } = await service();
    const stream = tts.stream();
    const spoken = new Spoken(stream);
    stream.push('One two. Thr');
    stream.push('ee four!');
    stream.finish();
    await spoken.ended;
    expect(spoken.end).toEqual({ t: 'done' });
    expect(spoken.clauses).toEqual(['One two. ', 'Three four!']);
    expect(spoken.marks(rateHz)).toEqual(['3: 100', '4: 100', '5: 200']);
    const begins = spoken.words.map((word) => word.replace(/-\d+$/, ''));
    if (tellsWords) expect(begins).toEqual(['One 0', 'two. 100', 'Three 200', 'four! 300']);
    expect(asked.length).toBe(2);
    await tts.close();
  });

  test('a request that is refused ends the stream with tts_failed, and without the key', async () => {
    const { tts, refuse } = await service();
    refuse();
    const stream = tts.stream();
    const spoken = new Spoken(stream);
    stream.push('One two.');
    stream.finish();
    await spoken.ended;
    expect(spoken.end).toMatchObject({ t: 'failed', error: { code: 'tts_failed', provider: name } });
    expect(inspect(spoken.end, { depth: Infinity, showHidden: true })).not.toContain(apiKey);
    await tts.close();
  });
});

describe('what is asked for', () => {
  const say = async ({ tts }: Service, voice: string, text = 'Tea & milk.') => {
    closing.unshift(() => void tts.close());
    const stream = tts.stream({ voice, speed: 1.2 });
    const spoken = new Spoken(stream);
    stream.push(text);
    stream.finish();
    await spoken.ended;
  };

  test('openai', async () => {
    const service = await openai();
    await say(service, 'marin');
    expect(service.asked).toEqual([
      {
        model: 'gpt-4o-mini-tts',
        voice: 'marin',
        input: 'Tea & milk.',
        response_format: 'pcm',
        instructions: 'Calmly.',
        speed: 1.2,
      },
    ]);
    expect(service.headers()).toMatchObject({ authorization: `Bearer ${apiKey}` });
  });

  test('elevenlabs', async () => {
    const service = await elevenLabs();
    await say(service, 'v1');
    expect(service.asked[0]).toMatchObject({
      path: '/v1/text-to-speech/v1/stream/with-timestamps?output_format=pcm_24000',
      model_id: 'eleven_flash_v2_5',
      voice_settings: { stability: 0.4, speed: 1.2 },
    });
    expect(service.headers()).toMatchObject({ 'xi-api-key': apiKey });
  });

  test('cartesia', async () => {
    const service = await cartesia();
    await say(service, 'v1');
    await say(service, 'v2');
    // What was spoken to its end is not cancelled after it.
    expect(service.asked.map(({ transcript }) => transcript)).toEqual(['Tea & milk.', 'Tea & milk.']);
    expect(service.asked[0]).toMatchObject({
      model_id: 'sonic-3',
      transcript: 'Tea & milk.',
      voice: { mode: 'id', id: 'v1' },
      output_format: { container: 'raw', encoding: 'pcm_s16le', sample_rate: 24_000 },
      add_timestamps: true,
      generation_config: { speed: 1.2 },
    });
  });

  test('azure', async () => {
    const service = await azure();
    await say(service, 'nb-NO-PernilleNeural');
    expect(service.asked[0]?.ssml).toContain(
      'xml:lang="nb-NO"><voice name="nb-NO-PernilleNeural"><prosody rate="+20%">Tea &amp; milk.</prosody></voice>',
    );
    expect(service.headers()).toMatchObject({ 'ocp-apim-subscription-key': apiKey });
  });
});

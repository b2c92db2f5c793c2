import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { WebSocketServer } from 'ws';
import { countedIds, type Socket, systemClock } from '../../../src/core/index.js';
import { acceptedSocket, linkedPair } from '../../../src/net/index.js';
import { RealtimeModel, type RealtimeModelOptions } from '../../../src/providers/openai/index.js';
import type { DialContext, Event, Link } from '../../../src/realtime/index.js';

const closers: (() => Promise<void>)[] = [];
beforeEach(() => {
  vi.stubEnv('OPENAI_API_KEY', '');
  vi.stubEnv('OPENAI_BASE_URL', '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0)) await close();
});

function context(): DialContext {
  return { clock: systemClock(), ids: countedIds(), signal: new AbortController().signal };
}

const echo = {
  type: 'response.output_audio.delta',
  response_id: 'r',
  item_id: 'i',
  output_index: 0,
  content_index: 0,
  delta: 'AQACAA==',
};

/** A server that greets, confirms every update, answers audio with two samples, and shows what it got. */
async function serve(
  greet = true,
): Promise<{ url: string; requests: IncomingMessage[]; frames: unknown[]; sockets: Socket[] }> {
  const http = createServer();
  const wss = new WebSocketServer({ server: http });
  const seen = {
    url: '',
    requests: [] as IncomingMessage[],
    frames: [] as unknown[],
    sockets: [] as Socket[],
  };
  wss.on('connection', (ws, request) => {
    const socket = acceptedSocket(ws);
    seen.requests.push(request);
    seen.sockets.push(socket);
    if (greet) socket.send(JSON.stringify({ type: 'session.created', session: { id: 'sess_1' } }));
    socket.onFrame((frame) => {
      const event: { type: string } = JSON.parse(String(frame));
      seen.frames.push(event);
      if (event.type === 'input_audio_buffer.append') socket.send(JSON.stringify(echo));
      if (event.type === 'session.update')
        socket.send(JSON.stringify({ type: 'session.updated', session: { id: 'sess_1' } }));
    });
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  closers.push(async () => {
    for (const ws of wss.clients) ws.terminate();
    http.closeAllConnections();
    await new Promise<void>((resolve) => http.close(() => resolve()));
  });
  seen.url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  return seen;
}

function opened(link: Link, model: RealtimeModel): Promise<Event> {
  return new Promise((resolve) => {
    link.onEvent((event) => {
      if (event.t === 'ready' || event.t === 'closing') resolve(event);
    });
    link.send({ t: 'open', config: model.defaults, history: [] });
  });
}

async function refusal(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

describe('dial', () => {
  it('key, headers, path and query go to the server; the session opens', async () => {
    const server = await serve();
    const model = new RealtimeModel({
      baseUrl: `${server.url}/proxy/v1/?team=a`,
      model: 'gpt-realtime-1.5',
      apiKey: 'sk-secret',
      organization: 'org',
      project: 'proj',
      headers: { 'X-Trace': '1' },
    });
    const link = await model.dial(context());
    expect(await opened(link, model)).toMatchObject({ t: 'ready', sessionId: 'sess_1' });
    const [request] = server.requests;
    expect(request!.url).toBe('/proxy/v1/realtime?team=a&model=gpt-realtime-1.5');
    expect(request!.headers).toMatchObject({
      authorization: 'Bearer sk-secret',
      'openai-organization': 'org',
      'openai-project': 'proj',
      'x-trace': '1',
    });
    expect(request!.headers['openai-beta']).toBeUndefined();
    expect(server.frames).toMatchObject([{ type: 'session.update', session: { type: 'realtime' } }]);
    link.send({ t: 'close' });
  });

  it.each<[RealtimeModelOptions, Record<string, string>, string]>([
    [{ apiKey: 'k' }, {}, 'wss://api.openai.com/v1/realtime?model=gpt-realtime-2.1'],
    [
      { apiKey: 'k', baseUrl: 'https://eu.example/x' },
      {},
      'wss://eu.example/x/realtime?model=gpt-realtime-2.1',
    ],
    [{ apiKey: 'k', baseUrl: 'ws://h:1/realtime' }, {}, 'ws://h:1/realtime?model=gpt-realtime-2.1'],
    [{ apiKey: 'k', model: 'a b' }, { OPENAI_BASE_URL: 'http://h/v1' }, 'ws://h/v1/realtime?model=a+b'],
  ])('%j %j -> %s', async (options, environment, expected) => {
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    let asked = '';
    const connect = async (url: string) => {
      asked = url;
      return linkedPair()[0];
    };
    await new RealtimeModel({ ...options, connect }).dial(context());
    expect(asked).toBe(expected);
  });

  it('a function is asked for the key at each connection', async () => {
    const keys: (string | undefined)[] = [];
    let count = 0;
    const model = new RealtimeModel({
      apiKey: async () => `sk-${++count}`,
      connect: async (_url, options) => {
        keys.push(options.headers?.Authorization);
        return linkedPair()[0];
      },
    });
    await model.dial(context());
    await model.dial(context());
    expect(keys).toEqual(['Bearer sk-1', 'Bearer sk-2']);
  });

  it('a key function that fails or gives nothing', async () => {
    const failing = new RealtimeModel({
      apiKey: () => {
        throw new Error('vault sk-secret');
      },
    });
    const error = await refusal(failing.dial(context()));
    expect(error).toMatchObject({ name: 'ConnectionError', code: 'connect_failed' });
    expect(String(error)).not.toContain('sk-secret');
    const empty = new RealtimeModel({ apiKey: () => '' });
    expect(await refusal(empty.dial(context()))).toMatchObject({ code: 'api_key_missing' });
  });

  it('a refused upgrade -> auth_refused without the key in it', async () => {
    const http = createServer();
    http.on('upgrade', (request, socket) => {
      const body = JSON.stringify({ error: { message: `Bad key: ${request.headers.authorization}` } });
      socket.end(`HTTP/1.1 401 No\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise<void>((resolve) => http.close(() => resolve())));
    const model = new RealtimeModel({
      baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
      apiKey: 'sk-very-secret',
    });
    const error = await refusal(model.dial(context()));
    expect(error).toMatchObject({ code: 'auth_refused', vendorCode: '401', retryable: false });
    expect(`${String(error)} ${JSON.stringify(error)}`).not.toContain('very-secret');
  });

  it.each([
    [400, 'provider_refused', false],
    [403, 'auth_refused', false],
    [404, 'model_not_found', false],
    [418, 'provider_refused', false],
    [429, 'rate_limited', true],
    [408, 'connection_lost', true],
    [500, 'provider_failed', true],
    [503, 'provider_failed', true],
  ])('HTTP %i at the upgrade -> %s', async (status, code, retryable) => {
    const http = createServer();
    http.on('upgrade', (_request, socket) => {
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`);
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise<void>((resolve) => http.close(() => resolve())));
    const baseUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const error = await refusal(new RealtimeModel({ baseUrl }).dial(context()));
    expect(error).toMatchObject({ code, vendorCode: String(status), retryable, provider: 'openai' });
  });

  it('a key refused after the upgrade -> closing, also when error and close come in one go', async () => {
    const server = await serve(false);
    const model = new RealtimeModel({ baseUrl: server.url, apiKey: 'sk-wrong' });
    const link = await model.dial(context());
    const [socket] = server.sockets;
    socket!.send(
      JSON.stringify({
        type: 'error',
        error: {
          type: 'invalid_request_error',
          code: 'invalid_api_key',
          message: 'Incorrect API key provided.',
        },
      }),
    );
    socket!.close(3000, 'invalid_request_error.invalid_api_key');
    expect(await opened(link, model)).toMatchObject({
      t: 'closing',
      code: 'invalid_api_key',
      disposition: 'fatal',
    });
  });

  it('a session above it speaks and hears', async () => {
    const server = await serve();
    const model = new RealtimeModel({ baseUrl: server.url, turnDetection: null });
    const session = model.session();
    await session.opened;
    session.pushAudio({ pcm: new Int16Array(480), sampleRateHz: 24_000, channels: 1 });
    const heard = new Promise<Int16Array>((resolve) =>
      session.on('generation_audio', ({ pcm }) => resolve(pcm)),
    );
    expect([...(await heard)]).toEqual([1, 2]);
    expect(server.frames.map((frame) => (frame as { type: string }).type)).toEqual([
      'session.update',
      'input_audio_buffer.append',
    ]);
    await session.close();
  });
});

import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import {
  type Clock,
  ConfigError,
  ConnectionError,
  type Frame,
  type Socket,
  type SocketClose,
} from '../../src/core/index.js';
import { networkError } from '../../src/net/connect-error.js';
import { acceptedSocket, connectWebSocket } from '../../src/net/index.js';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function listen(server: { listen(port: number, host: string, done: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
}

function closeServer(server: { close(done: () => void): unknown }): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

async function wsServer(
  onSocket: (socket: Socket) => void,
  options: { maxPayload?: number } = {},
): Promise<string> {
  const http = createServer();
  const wss = new WebSocketServer({ server: http, perMessageDeflate: false, ...options });
  wss.on('connection', (ws) => onSocket(acceptedSocket(ws)));
  await listen(http);
  closers.push(async () => {
    for (const ws of wss.clients) ws.terminate();
    http.closeAllConnections();
    await closeServer(http);
  });
  return `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

async function httpServer(answer: (server: Server) => void): Promise<string> {
  const http = createServer();
  answer(http);
  await listen(http);
  closers.push(async () => {
    http.closeAllConnections();
    await closeServer(http);
  });
  return `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

function closed(socket: Socket): Promise<SocketClose> {
  return new Promise((resolve) => socket.onClose(resolve));
}

function collect(socket: Socket, count: number): Promise<Frame[]> {
  return new Promise((resolve) => {
    const frames: Frame[] = [];
    socket.onFrame((frame) => {
      frames.push(frame);
      if (frames.length === count) resolve(frames);
    });
  });
}

async function refusal(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
}

const timeoutMs = 5000;

describe('connectWebSocket', () => {
  it('carries text and bytes both ways, in order', async () => {
    const url = await wsServer((socket) => socket.onFrame((frame) => socket.send(frame)));
    const socket = await connectWebSocket(url, { timeoutMs });
    const frames = collect(socket, 4);
    socket.send('one');
    socket.send(new Uint8Array([1, 2, 3]));
    socket.send('zwei €');
    socket.send('');
    expect((await frames).map((frame) => (typeof frame === 'string' ? frame : [...frame]))).toEqual([
      'one',
      [1, 2, 3],
      'zwei €',
      '',
    ]);
    socket.close();
    expect((await closed(socket)).code).toBe(1000);
  });

  it('sends headers and subprotocols', async () => {
    let seen: unknown;
    const http = createServer();
    const wss = new WebSocketServer({ server: http, handleProtocols: () => 'realtime' });
    wss.on('connection', (_ws, request) => {
      seen = [request.headers.authorization, request.headers['sec-websocket-protocol'], request.url];
    });
    await listen(http);
    closers.push(async () => {
      for (const ws of wss.clients) ws.terminate();
      await closeServer(http);
    });
    const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}/v1/realtime?model=m#part`;
    const socket = await connectWebSocket(url, {
      timeoutMs,
      headers: { Authorization: 'Bearer secret' },
      protocols: ['realtime', 'other'],
    });
    expect(seen).toEqual(['Bearer secret', 'realtime,other', '/v1/realtime?model=m']);
    socket.close();
    await closed(socket);
  });

  it('keeps frames, and the close behind them, that come before anyone listens', async () => {
    const url = await wsServer((socket) => {
      for (const frame of ['a', 'b', 'c']) socket.send(frame);
      socket.close(3000, 'invalid_request_error.invalid_api_key');
    });
    const socket = await connectWebSocket(url, { timeoutMs });
    const order: string[] = [];
    // Long after the frames have come: a whole other connection has been opened and closed meanwhile.
    const other = await connectWebSocket(url, { timeoutMs });
    other.onFrame(() => {});
    await closed(other);
    const close = new Promise<void>((resolve) => {
      socket.onClose(({ code, reason }) => {
        order.push(`${code} ${reason}`);
        resolve();
      });
    });
    socket.onFrame((frame) => order.push(String(frame)));
    expect(order).toEqual([]);
    await close;
    expect(order).toEqual(['a', 'b', 'c', '3000 invalid_request_error.invalid_api_key']);
  });

  it('carries frames of megabytes', async () => {
    const url = await wsServer((socket) => socket.onFrame((frame) => socket.send(frame)));
    const socket = await connectWebSocket(url, { timeoutMs });
    const frames = collect(socket, 2);
    const text = 'ä'.repeat(2_000_000);
    socket.send(text);
    socket.send(new Uint8Array(8 * 1024 * 1024).fill(7));
    const [first, second] = await frames;
    expect(first === text).toBe(true);
    expect(second!.length).toBe(8 * 1024 * 1024);
    socket.close();
    await closed(socket);
  });

  it('does not let a later frame overwrite an earlier one that still waits to be written', async () => {
    const url = await wsServer((socket) => socket.onFrame((frame) => socket.send(frame)));
    const socket = await connectWebSocket(url, { timeoutMs });
    const sent = Array.from(
      { length: 500 },
      (_, index) => `${index}:${'x'.repeat(1 + ((index * 7919) % 20_000))}`,
    );
    const frames = collect(socket, sent.length);
    for (const frame of sent) socket.send(frame);
    expect(await frames).toEqual(sent);
    socket.close();
    await closed(socket);
  });

  it('closes with 1009 and a typed error when a frame is over the limit', async () => {
    let serverClose: Promise<SocketClose> | undefined;
    const url = await wsServer((socket) => {
      serverClose = closed(socket);
      socket.send('x'.repeat(2000));
    });
    const socket = await connectWebSocket(url, { timeoutMs, maxFrameBytes: 1000 });
    const close = await closed(socket);
    expect(close.error).toMatchObject({ name: 'WireError', code: 'frame_too_large' });
    expect((await serverClose)!.code).toBe(1009);
  });

  it('tells a broken connection as 1006', async () => {
    const http = createServer();
    const wss = new WebSocketServer({ server: http });
    wss.on('connection', (ws) => ws.terminate());
    await listen(http);
    closers.push(() => closeServer(http));
    const socket = await connectWebSocket(`ws://127.0.0.1:${(http.address() as AddressInfo).port}`, {
      timeoutMs,
    });
    expect(await closed(socket)).toMatchObject({ code: 1006, reason: '' });
  });

  it('does nothing on send and close after close; cuts reasons; mends codes', async () => {
    const closes: Promise<SocketClose>[] = [];
    const got: Frame[] = [];
    const url = await wsServer((socket) => {
      socket.onFrame((frame) => got.push(frame));
      closes.push(closed(socket));
    });
    const socket = await connectWebSocket(url, { timeoutMs });
    socket.send('before');
    socket.close(4001, 'ü'.repeat(100));
    socket.close(4002, 'second');
    socket.send('after');
    expect((await closed(socket)).code).toBe(4001);
    socket.send('long after');
    socket.close();
    const close = await closes[0]!;
    expect(close).toEqual({ code: 4001, reason: 'ü'.repeat(61) });
    expect(got).toEqual(['before']);

    const other = await connectWebSocket(url, { timeoutMs });
    other.close(1006, 'never legal on the wire');
    expect((await closed(other)).code).toBe(1000);
  });
});

describe('connectWebSocket refused', () => {
  const unused: Clock = { now: () => 0, wallNow: () => 0, at: () => ({ cancel() {} }) };

  it('nobody listens -> connect_failed that names the place', async () => {
    const tcp = createTcpServer();
    await listen(tcp);
    const { port } = tcp.address() as AddressInfo;
    await closeServer(tcp);
    const error = await refusal(connectWebSocket(`ws://127.0.0.1:${port}/x`, { timeoutMs }));
    expect(error).toBeInstanceOf(ConnectionError);
    expect(error).toMatchObject({ code: 'connect_failed', vendorCode: 'ECONNREFUSED', retryable: true });
    expect(String(error)).toContain(`127.0.0.1:${port}: nothing listens there. Start the server`);
  });

  it('name unknown -> connect_failed that says so', () => {
    const error = networkError('nowhere.invalid:80', Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    expect(error).toMatchObject({ code: 'connect_failed', retryable: true });
    expect(error.message).toBe(
      'Cannot connect to nowhere.invalid:80: the name does not resolve. Correct the URL or check the network.',
    );
  });

  it.each([
    [401, 'auth_refused', false],
    [403, 'auth_refused', false],
    [404, 'connect_failed', false],
    [429, 'connect_failed', true],
    [503, 'connect_failed', true],
  ])('HTTP %i -> %s', async (status, code, retryable) => {
    const url = await httpServer((server) =>
      server.on('upgrade', (_request, socket) => {
        const body = JSON.stringify({ error: { message: 'key sk-very-secret is wrong' } });
        socket.end(
          `HTTP/1.1 ${status} No\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
        );
      }),
    );
    const error = await refusal(
      connectWebSocket(url, {
        timeoutMs,
        headers: { Authorization: 'Bearer sk-very-secret' },
        protocols: ['realtime', 'openai-insecure-api-key.sk-very-secret'],
      }),
    );
    expect(error).toMatchObject({ code, retryable, vendorCode: String(status) });
    expect(String(error)).toContain('It says: key *** is wrong');
    expect(JSON.stringify(error) + String(error)).not.toContain('very-secret');
  });

  it('a server that never answers -> connect_timeout when the clock says so', async () => {
    const tcp = createTcpServer((socket) => socket.on('error', () => {}));
    const accepted = new Promise<void>((resolve) => {
      tcp.on('connection', (socket) => {
        closers.push(async () => {
          socket.destroy();
        });
        resolve();
      });
    });
    await listen(tcp);
    closers.push(async () => {
      tcp.close();
    });
    let ring = () => {};
    let dueMs = 0;
    const clock: Clock = {
      ...unused,
      now: () => 100,
      at: (atMs, run) => {
        dueMs = atMs;
        ring = run;
        return { cancel() {} };
      },
    };
    const url = `ws://127.0.0.1:${(tcp.address() as AddressInfo).port}`;
    const error = refusal(connectWebSocket(url, { timeoutMs: 700, clock }));
    await accepted;
    expect(dueMs).toBe(800);
    ring();
    expect(await error).toMatchObject({ code: 'connect_timeout', retryable: true });
  });

  it('aborted before and while connecting -> rejects and lets go', async () => {
    const tcp = createTcpServer((socket) => socket.on('error', () => {}));
    const gone = new Promise<void>((resolve) => {
      tcp.on('connection', (socket) => {
        socket.on('close', () => resolve());
        socket.resume();
      });
    });
    const accepted = new Promise<void>((resolve) => tcp.once('connection', () => resolve()));
    await listen(tcp);
    closers.push(() => closeServer(tcp));
    const url = `ws://127.0.0.1:${(tcp.address() as AddressInfo).port}`;
    expect(await refusal(connectWebSocket(url, { timeoutMs, signal: AbortSignal.abort() }))).toMatchObject({
      code: 'connect_failed',
      retryable: false,
    });
    const abort = new AbortController();
    const error = refusal(connectWebSocket(url, { timeoutMs, signal: abort.signal }));
    await accepted;
    abort.abort();
    expect(await error).toMatchObject({ code: 'connect_failed', retryable: false });
    await gone;
  });

  it.each(['http://localhost', 'not a url', 'ftp://x'])('%s -> option_invalid', async (url) => {
    expect(await refusal(connectWebSocket(url, { timeoutMs }))).toBeInstanceOf(ConfigError);
  });

  it('an impossible header -> option_invalid that does not quote it', async () => {
    const error = await refusal(
      connectWebSocket('ws://127.0.0.1:9', { timeoutMs, headers: { Authorization: 'Bearer sk-\nsecret' } }),
    );
    expect(error).toMatchObject({ name: 'ConfigError', code: 'option_invalid' });
    expect(String(error)).not.toContain('secret');
  });
});

import type { IncomingMessage } from 'node:http';
import type { createConnection } from 'node:net';
import { WebSocket } from 'ws';
import {
  type Clock,
  ConfigError,
  ConnectionError,
  type Ms,
  type Socket,
  systemClock,
} from '../core/index.js';
import { errorDetail, networkError, statusError } from './connect-error.js';
import { LeanReader } from './lean-reader.js';
import { WsSocket } from './ws-socket.js';

export interface ConnectOptions {
  headers?: Record<string, string>;
  protocols?: readonly string[];
  /** Certificates (PEM) of authorities to trust instead of the system's. */
  ca?: string | readonly string[];
  /** From the call to the open socket. */
  timeoutMs: Ms;
  /** Gives up while connecting; does nothing once the socket is open. */
  signal?: AbortSignal;
  /** Larger frames from the server close the socket with 1009. Default: no limit. */
  maxFrameBytes?: number;
  clock?: Clock;
}

/** How long a close waits for the far end's answer before it ends with 1006. */
const closeTimeoutMs = 3000;
const maxErrorBodyBytes = 4096;

/**
 * Opens a WebSocket from Node. Rejects with `ConfigError` `option_invalid` (URL, subprotocol or header that cannot be),
 * and with `ConnectionError`: `auth_refused` (HTTP 401 or 403), `connect_timeout`, `connect_failed` (all else; `vendorCode`
 * is the HTTP status or the system's code). No message holds a header or a subprotocol.
 */
export function connectWebSocket(url: string | URL, options: ConnectOptions): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const target = parseUrl(url);
    const where = `${target.hostname}:${target.port || (target.protocol === 'wss:' ? '443' : '80')}`;
    const gaveUp = () =>
      new ConnectionError('connect_failed', `Connecting to ${where} was given up by the caller.`, {
        cause: options.signal?.reason,
        retryable: false,
      });
    if (options.signal?.aborted) throw gaveUp();

    const ws = open(target, options);
    const clock = options.clock ?? systemClock();
    let settled = false;
    const settle = () => {
      settled = true;
      timer.cancel();
      options.signal?.removeEventListener('abort', onAbort);
    };
    const fail = (error: Error) => {
      if (settled) return;
      settle();
      reject(error);
      ws.terminate();
    };
    const onAbort = () => fail(gaveUp());
    const timer = clock.at(clock.now() + options.timeoutMs, () => {
      const message = `${where} did not open a WebSocket within ${options.timeoutMs} ms. Check the URL and the network.`;
      fail(new ConnectionError('connect_timeout', message));
    });
    options.signal?.addEventListener('abort', onAbort);

    // `terminate` while connecting makes `ws` emit another error: the listener stays.
    ws.on('error', (error) => fail(networkError(where, error)));
    ws.on('unexpected-response', (_request, response) => {
      void readBody(response).then((body) => {
        fail(statusError(where, response.statusCode ?? 0, errorDetail(body, secretsOf(options))));
      });
    });
    ws.on('open', () => {
      if (settled) return;
      settle();
      // With them goes all that was needed only to connect, which would else live as long as the socket.
      ws.removeAllListeners();
      resolve(new WsSocket(ws));
    });
  });
}

function parseUrl(url: string | URL): URL {
  let target: URL | undefined;
  try {
    target = new URL(url);
  } catch {
    // told below
  }
  if (target === undefined || (target.protocol !== 'ws:' && target.protocol !== 'wss:')) {
    throw new ConfigError(
      'option_invalid',
      'A WebSocket URL must begin with ws:// or wss:// and name a host.',
      {
        param: 'url',
      },
    );
  }
  target.hash = '';
  return target;
}

function open(target: URL, options: ConnectOptions): WebSocket {
  // Not in the published types of `ws`, which is why it has a variable of its own.
  const closing = { closeTimeout: closeTimeoutMs };
  const reader = new LeanReader(target.protocol === 'wss:');
  try {
    return new WebSocket(target, [...(options.protocols ?? [])], {
      headers: options.headers ?? {},
      createConnection: reader.connect as typeof createConnection,
      finishRequest: reader.finish,
      // Messages are told while they are read: the reader's memory is another's afterwards.
      allowSynchronousEvents: true,
      perMessageDeflate: false,
      maxPayload: options.maxFrameBytes ?? 0,
      ...closing,
      ...(options.ca === undefined ? {} : { ca: [options.ca].flat() }),
    });
  } catch {
    // Its own message may quote what was given.
    throw new ConfigError(
      'option_invalid',
      'A header or subprotocol of the WebSocket holds characters that it cannot.',
    );
  }
}

function secretsOf(options: ConnectOptions): string[] {
  const values = [...Object.values(options.headers ?? {}), ...(options.protocols ?? [])];
  // 'Bearer <key>' and 'openai-insecure-api-key.<key>' hide the key inside.
  return values.flatMap((value) => [value, ...value.split(/[\s.]+/).filter((piece) => piece.length >= 8)]);
}

/** At most the first 4 KiB; what went wrong while reading does not matter. */
function readBody(response: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let body = '';
    const done = () => resolve(body);
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      body += chunk;
      if (body.length >= maxErrorBodyBytes) done();
    });
    response.on('end', done);
    response.on('close', done);
    response.on('error', done);
  });
}

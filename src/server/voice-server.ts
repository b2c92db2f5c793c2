import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import { type Agent, AgentSession, type AgentSessionOptions } from '../agent/index.js';
import {
  browserLimits,
  ConfigError,
  ConnectionError,
  type ReparteeError,
  type Transport,
} from '../core/index.js';
import { acceptedSocket } from '../net/index.js';
import { browserTransport } from '../transports/browser/index.js';
import { PrometheusMetrics } from './call-metrics.js';
import { type Greeting, publish } from './publish.js';
import { staticFiles } from './static-files.js';

/** What one call is made of. */
export interface Call {
  agent: Agent;
  options: AgentSessionOptions;
  greeting: Greeting;
}

export interface VoiceServerOptions {
  /** Makes the parts of a new call; what it throws ends that call with the error's message. */
  call: () => Call | Promise<Call>;
  /** Folder of a built page to serve at `/`; without it only the WebSocket at `/voice` is served. */
  page?: string;
  /** Default 127.0.0.1. */
  host?: string;
  /** 0 = any free port. Default 3000. */
  port?: number;
  /** Calls at once; one more is refused with 503. Default 100. */
  maxCalls?: number;
  /**
   * Serves `/metrics` for Prometheus: of this server's calls, or what is given and counts those of others, too. Default
   * false. Whoever reaches the server can read it.
   */
  metrics?: boolean | PrometheusMetrics;
  onCall?: (session: AgentSession, transport: Transport) => void;
  onError?: (error: ReparteeError) => void;
}

export interface VoiceServer {
  /** Address of the page. */
  readonly url: string;
  readonly port: number;
  readonly calls: number;
  /** Ends all calls and stops listening. Safe to call twice. */
  close(): Promise<void>;
}

/** Serves a page and its calls: each WebSocket at `/voice` is a browser transport in a session of its own. */
export async function createVoiceServer(options: VoiceServerOptions): Promise<VoiceServer> {
  const { host = '127.0.0.1', port = 3000, maxCalls = 100, page } = options;
  const sessions = new Set<AgentSession>();
  const files = page === undefined ? undefined : staticFiles(page);
  const metrics = options.metrics === true ? new PrometheusMetrics() : options.metrics || undefined;
  const http = createServer((request, response) => {
    if (metrics !== undefined && pathOf(request) === '/metrics') {
      response
        .writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' })
        .end(metrics.text());
    } else if (files !== undefined) void files(request, response);
    else
      response
        .writeHead(426, { upgrade: 'websocket' })
        .end('This is a WebSocket server: connect to /voice\n');
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: browserLimits.pictureBytes,
    perMessageDeflate: false,
  });

  http.on('upgrade', (request, socket, head) => {
    const refusal = refusalOf(request, sessions.size, maxCalls);
    if (refusal !== undefined) return refuse(socket, refusal);
    sockets.handleUpgrade(request, socket, head, (accepted) => {
      const transport = browserTransport(acceptedSocket(accepted));
      void runCall(options, transport, sessions, metrics);
    });
  });

  await listen(http, port, host);
  const address = http.address() as AddressInfo;
  let closing: Promise<void> | undefined;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`,
    port: address.port,
    get calls() {
      return sessions.size;
    },
    close() {
      closing ??= (async () => {
        await Promise.all([...sessions].map((session) => session.close('the server is stopping')));
        for (const client of sockets.clients) client.terminate();
        sockets.close();
        http.closeAllConnections();
        await new Promise<void>((resolve) => http.close(() => resolve()));
      })();
      return closing;
    },
  };
}

async function runCall(
  options: VoiceServerOptions,
  transport: Transport,
  sessions: Set<AgentSession>,
  metrics: PrometheusMetrics | undefined,
): Promise<void> {
  const tell = options.onError ?? (() => {});
  try {
    const { agent, options: sessionOptions, greeting } = await options.call();
    const session = new AgentSession(sessionOptions);
    sessions.add(session);
    metrics?.watch(session);
    session.on('close', () => sessions.delete(session));
    session.on('error', tell);
    if (transport.data !== undefined) publish(session, transport.data, greeting);
    options.onCall?.(session, transport);
    await session.start({ agent, transport });
  } catch (thrown) {
    // A call that could not start was told by the session's own error; the page must not be left hanging.
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    transport.data?.send({ type: 'error', code: 'connect_failed', message, fatal: true });
    await transport.close(message);
    tell(new ConnectionError('connect_failed', `A call could not start: ${message}`, { cause: thrown }));
  }
}

interface Refusal {
  status: number;
  text: string;
}

function refusalOf(request: IncomingMessage, calls: number, maxCalls: number): Refusal | undefined {
  if (pathOf(request) !== '/voice') return { status: 404, text: 'Not Found' };
  // A page of another site may open a WebSocket here, but must not use the visitor's microphone session.
  const { origin, host } = request.headers;
  if (origin !== undefined && hostOf(origin) !== host) return { status: 403, text: 'Forbidden' };
  if (calls >= maxCalls) return { status: 503, text: 'Service Unavailable' };
  return undefined;
}

function pathOf({ url = '/' }: IncomingMessage): string | undefined {
  return URL.canParse(url, 'http://host') ? new URL(url, 'http://host').pathname : undefined;
}

function hostOf(origin: string): string | undefined {
  return URL.canParse(origin) ? new URL(origin).host : undefined;
}

function refuse(socket: Duplex, { status, text }: Refusal): void {
  socket.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function listen(http: ReturnType<typeof createServer>, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EADDRINUSE') {
        const message = `Port ${port} is in use: stop the other program or choose another with --port`;
        reject(new ConfigError('port_in_use', message, { cause }));
      } else {
        reject(
          new ConfigError('option_invalid', `Cannot listen on ${host}:${port}: ${cause.message}`, { cause }),
        );
      }
    });
    http.listen(port, host, () => resolve());
  });
}

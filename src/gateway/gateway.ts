import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { ConfigError, randomIds, systemClock } from '../core/index.js';
import { acceptedSocket } from '../net/index.js';
import { Connection } from './connection.js';
import { GeminiDesk } from './gemini/desk.js';
import { answerHttp } from './http.js';
import { type Grant, Keys, noKey } from './keys.js';
import { checkOptions, type GatewayOptions, isLoopback } from './options.js';
import { type Certificate, certificate } from './tls.js';
import { type Wire, type WireRequest, wires } from './wires.js';

/** A gateway that listens. */
export interface Gateway {
  /** `ws://127.0.0.1:4000`; each wire has its own paths below. */
  readonly url: string;
  /** The same over HTTP: `http://127.0.0.1:4000`. */
  readonly httpUrl: string;
  readonly host: string;
  readonly port: number;
  /** Of a certificate that was made at start: what clients shall trust, and the file it was written to (a temporary one goes with `close`). */
  readonly ca: { readonly pem: string; readonly file: string } | undefined;
  /** Connections that are open now. */
  readonly connections: number;
  /** Ends every connection with 1001 and stops listening. Twice is fine. */
  close(): Promise<void>;
}

/**
 * Serves a model on the vendors' own wires, so that their unmodified SDKs talk to it: OpenAI's Realtime API at
 * `/v1/realtime` (GA, or beta where the client asks for it), Azure's at `/openai/v1/realtime` and, in beta, at
 * `/openai/realtime`. Rejects with ConfigError: `option_invalid`, `open_bind_refused`, `port_in_use`, `peer_missing` (TLS).
 */
export async function createGateway(options: GatewayOptions): Promise<Gateway> {
  checkOptions(options);
  const host = options.host ?? '127.0.0.1';
  const cert = options.tls === undefined ? undefined : await certificate(options.tls, host);
  const gateway = new ListeningGateway(options, host, cert);
  try {
    await gateway.listen(options.port ?? 0);
  } catch (error) {
    await cert?.discard();
    throw error;
  }
  return gateway;
}

/** A close that the receiver forces (too big, not UTF-8, broken framing) says why. */
class ReasonedWebSocket extends WebSocket {
  override close(code?: number, data?: string | Buffer): void {
    super.close(code, data ?? (code === undefined ? undefined : forcedReasons[code]));
  }
}

const forcedReasons: Readonly<Record<number, string>> = {
  1002: 'the WebSocket protocol was broken',
  1007: 'a text frame was not UTF-8',
  1009: 'the frame is too large',
};

/** Time for a client to answer a close before its socket is cut. The published types do not know the option. */
const untyped = { closeTimeout: 5000 };

class ListeningGateway implements Gateway {
  readonly host: string;
  readonly ca: Gateway['ca'];
  readonly #options: GatewayOptions;
  readonly #clock;
  readonly #ids;
  readonly #keys: Keys;
  readonly #gemini: GeminiDesk;
  readonly #server: Server;
  /** One per wire: its frame limit and its choice of subprotocol. */
  readonly #upgraders = new Map<Wire, WebSocketServer>();
  readonly #open = new Set<Connection>();
  readonly #cert: Certificate | undefined;
  #port = 0;
  #closing: Promise<void> | undefined;

  constructor(options: GatewayOptions, host: string, cert: Certificate | undefined) {
    this.#options = options;
    this.host = host;
    this.ca = cert?.ca;
    this.#cert = cert;
    this.#clock = options.clock ?? systemClock();
    this.#ids = options.ids ?? randomIds();
    this.#keys = new Keys(options.apiKeys ?? []);
    const { modelNames, gemini: serving = {} } = options;
    this.#gemini = new GeminiDesk({ serving, modelNames, clock: this.#clock, ids: this.#ids });
    this.#server = cert === undefined ? createServer() : createTlsServer({ key: cert.key, cert: cert.cert });
    this.#server.on('request', (request, response) => {
      const context = {
        keys: this.#keys,
        gemini: this.#gemini,
        model: options.model,
        ids: this.#ids,
        wallMs: () => this.#clock.wallNow(),
      };
      // A client that went away while it sent its body.
      answerHttp(request, response, context).catch(() => response.destroy());
    });
    this.#server.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
    this.#server.on('clientError', (_error, socket) => socket.destroy());
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `${this.#cert !== undefined ? 'wss' : 'ws'}://${this.#authority}`;
  }

  get httpUrl(): string {
    return `${this.#cert !== undefined ? 'https' : 'http'}://${this.#authority}`;
  }

  get connections(): number {
    return this.#open.size;
  }

  listen(port: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', (error: NodeJS.ErrnoException) =>
        reject(listenError(error, this.host, port)),
      );
      this.#server.listen(port, this.host, () => {
        this.#port = (this.#server.address() as AddressInfo).port;
        resolve();
      });
    });
  }

  close(): Promise<void> {
    this.#closing ??= this.#end();
    return this.#closing;
  }

  async #end(): Promise<void> {
    const ended = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const connection of this.#open) connection.close();
    this.#gemini.close();
    this.#server.closeIdleConnections();
    await ended;
    await this.#cert?.discard();
  }

  get #authority(): string {
    const name = this.host.includes(':') ? `[${this.host}]` : this.host;
    return `${name}:${this.#port}`;
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // Without a listener an error of the bare socket would end the process.
    socket.on('error', () => socket.destroy());
    const read = wireRequest(request);
    const wire = read === undefined ? undefined : wires.find((one) => one.matches(read.url));
    if (read === undefined || wire === undefined) return refuseUpgrade(socket, 404, 'Not Found');
    if (this.#closing !== undefined) return refuseUpgrade(socket, 503, 'Service Unavailable');
    if (this.#open.size >= (this.#options.maxConnections ?? 1000)) {
      return refuseUpgrade(socket, 503, 'Service Unavailable');
    }
    // An open gateway is for programs of this machine, not for any web page that a browser on it shows.
    if (this.#keys.open && !isLocalOrigin(request.headers.origin)) {
      return refuseUpgrade(socket, 403, 'Forbidden');
    }
    if (wire.judgesAtUpgrade?.(read.url) === true) {
      const { key } = wire.introduce(read);
      if (this.#keys.check(key, this.#clock.wallNow()) === undefined) {
        return refuseUpgrade(socket, 401, 'Unauthorized');
      }
    }
    this.#upgrader(wire).handleUpgrade(request, socket, head, (ws) => this.#connected(ws, wire, read));
  }

  #connected(ws: WebSocket, wire: Wire, request: WireRequest): void {
    const { model: dialler, modelNames, tap, vad, onError = () => {} } = this.#options;
    const introduction = wire.introduce(request);
    const wallMs = this.#clock.wallNow();
    const grant = this.#grant(introduction.key, wallMs);
    const model = introduction.model ?? grant?.session?.model ?? dialler.model;
    const connection: Connection = new Connection({
      socket: acceptedSocket(ws),
      wire,
      start: { request, dialler, model, grant: grant ?? {}, wallMs, gemini: this.#gemini },
      clock: this.#clock,
      ids: this.#ids,
      tap,
      vad,
      onError,
      onEnd: () => this.#open.delete(connection),
    });
    this.#open.add(connection);
    if (grant === undefined) {
      const shown = introduction.key === undefined ? noKey : 'Incorrect API key provided.';
      connection.refuse('invalid_api_key', shown);
    } else if (introduction.refusal !== undefined) {
      connection.refuse(introduction.refusal.code, introduction.refusal.message);
    } else if (wire.namesModelLater !== true && modelNames !== undefined && !modelNames.includes(model)) {
      connection.refuse('model_not_found', `The model '${model.slice(0, 128)}' does not exist.`);
    } else {
      void connection.open();
    }
  }

  #grant(key: string | undefined, wallMs: number): Grant | undefined {
    const grant = this.#gemini.grantOf(key, wallMs);
    return grant === undefined ? this.#keys.check(key, wallMs) : (grant ?? undefined);
  }

  #upgrader(wire: Wire): WebSocketServer {
    let upgrader = this.#upgraders.get(wire);
    if (upgrader === undefined) {
      upgrader = new WebSocketServer({
        noServer: true,
        clientTracking: false,
        perMessageDeflate: false,
        maxPayload: wire.limits.frameBytes,
        WebSocket: ReasonedWebSocket,
        ...untyped,
        handleProtocols: (offered, request) => {
          const read = wireRequest(request);
          return (read && wire.introduce({ ...read, protocols: [...offered] }).protocol) ?? false;
        },
      });
      this.#upgraders.set(wire, upgrader);
    }
    return upgrader;
  }
}

function wireRequest({ url, headers }: IncomingMessage): WireRequest | undefined {
  try {
    const listed = headers['sec-websocket-protocol'] ?? '';
    const protocols = listed.split(',').map((entry) => entry.trim());
    return { url: new URL(url ?? '/', 'ws://gateway'), headers, protocols: protocols.filter(Boolean) };
  } catch {
    return undefined;
  }
}

function refuseUpgrade(socket: Duplex, status: number, text: string): void {
  socket.end(`HTTP/1.1 ${status} ${text}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

/** Programs send no origin; pages of this machine have a loopback one. */
function isLocalOrigin(origin: string | undefined): boolean {
  if (origin === undefined) return true;
  try {
    return isLoopback(new URL(origin).hostname);
  } catch {
    return false;
  }
}

function listenError(error: NodeJS.ErrnoException, host: string, port: number): Error {
  if (error.code === 'EADDRINUSE') {
    return new ConfigError(
      'port_in_use',
      `Port ${port} on ${host} is in use: stop the other program or give another port.`,
      { cause: error, param: 'port' },
    );
  }
  return new ConfigError('option_invalid', `Cannot listen on ${host}:${port}: ${error.message}.`, {
    cause: error,
    param: 'host',
  });
}

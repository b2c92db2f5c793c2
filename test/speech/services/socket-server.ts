import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { type WebSocket, WebSocketServer } from 'ws';

export interface SocketServer {
  /** `ws://127.0.0.1:port`, or `wss:`. */
  url: string;
  /** Of its authority, where it has one. */
  pem: string;
  /** Of each connection, in their order. */
  requests: { query: URLSearchParams; path: string; headers: IncomingMessage['headers'] }[];
  close(): void;
}

/** One for all servers of a process: making it takes half a second. */
let made: ReturnType<typeof certificate> | undefined;

/** A WebSocket server on this machine. `secure`: over TLS, with a certificate made for it. */
export async function socketServer(
  serve: (socket: WebSocket) => void,
  { secure = false } = {},
): Promise<SocketServer> {
  if (secure) made ??= certificate();
  const keys = secure ? await made : undefined;
  const http = keys === undefined ? undefined : createServer({ key: keys.private, cert: keys.cert });
  const server = new WebSocketServer(http === undefined ? { host: '127.0.0.1', port: 0 } : { server: http });
  http?.listen(0, '127.0.0.1');
  const requests: SocketServer['requests'] = [];
  server.on('connection', (socket, request) => {
    const { searchParams: query, pathname: path } = new URL(request.url ?? '', 'ws://host');
    requests.push({ query, path, headers: request.headers });
    serve(socket);
  });
  await once(http ?? server, 'listening');
  const { port } = (http ?? server).address() as AddressInfo;
  return {
    url: `${secure ? 'wss' : 'ws'}://127.0.0.1:${port}`,
    pem: keys?.cert ?? '',
    requests,
    close() {
      for (const client of server.clients) client.terminate();
      server.close();
      http?.close();
    },
  };
}

function certificate() {
  const extensions = [
    { name: 'basicConstraints' as const, cA: true },
    { name: 'subjectAltName' as const, altNames: [{ type: 7 as const, ip: '127.0.0.1' }] },
  ];
  return generate([{ name: 'commonName', value: '127.0.0.1' }], { keySize: 2048, extensions });
}

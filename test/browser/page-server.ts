import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { WebSocketServer } from 'ws';
import type { Transport } from '../../src/core/index.js';
import { acceptedSocket } from '../../src/net/index.js';
import { staticFiles } from '../../src/server/static-files.js';
import { browserTransport } from '../../src/transports/browser/index.js';

const webFolder = fileURLToPath(new URL('../../web', import.meta.url));

/** Builds the page as it is now into a folder of its own; takes a fraction of a second. Gives the folder. */
export async function buildPage(): Promise<string> {
  const outDir = fileURLToPath(new URL(`../../.cache/page-${process.pid}`, import.meta.url));
  await build({
    configFile: `${webFolder}/vite.config.ts`,
    build: { outDir, emptyOutDir: true },
    logLevel: 'warn',
  });
  return outDir;
}

export interface PageServer {
  url: string;
  port: number;
  /** Resolves with the transport of the next page that connects, started. */
  nextCall(): Promise<Transport>;
  /** Stops listening and cuts all sockets, as a server that crashes. */
  kill(): Promise<void>;
}

/** Serves a built page, and at /voice a browser transport for each page that connects. Bound to 127.0.0.1. */
export async function servePage(folder: string, port = 0): Promise<PageServer> {
  const files = staticFiles(folder);
  const http = createServer((request, response) => void files(request, response));
  const sockets = new WebSocketServer({ server: http, path: '/voice', perMessageDeflate: false });
  const calls: Promise<Transport>[] = [];
  const waiting: ((call: Promise<Transport>) => void)[] = [];
  sockets.on('connection', (ws) => {
    const transport = browserTransport(acceptedSocket(ws));
    const started = transport.start().then(() => transport);
    // Whoever waits for it hears of the failure.
    started.catch(() => {});
    const waiter = waiting.shift();
    if (waiter === undefined) calls.push(started);
    else waiter(started);
  });
  await listen(http, port);
  const actual = (http.address() as AddressInfo).port;
  return {
    url: `http://127.0.0.1:${actual}/`,
    port: actual,
    nextCall() {
      return calls.shift() ?? new Promise((resolve) => waiting.push(resolve));
    },
    async kill() {
      for (const ws of sockets.clients) ws.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

function listen(http: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, '127.0.0.1', resolve);
  });
}

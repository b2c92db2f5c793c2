import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { shop } from './shop.mjs';

export const shopProgram = fileURLToPath(new URL('./shop.mjs', import.meta.url));

export interface ServedShop {
  url: string;
  /** What the server noticed. */
  seen: string[];
  close(): Promise<void>;
}

/** The shop over streamable HTTP, with sessions, on this machine. Requests need the key `Bearer key`. */
export async function serveShop(): Promise<ServedShop> {
  const seen: string[] = [];
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    if (request.headers.authorization !== 'Bearer key') {
      response.writeHead(403).end();
      return;
    }
    if (request.method === 'DELETE') seen.push('session ended');
    const id = request.headers['mcp-session-id'];
    let transport = typeof id === 'string' ? sessions.get(id) : undefined;
    if (transport === undefined) {
      const fresh = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => randomUUID(),
        onsessioninitialized: (sessionId) => {
          sessions.set(sessionId, fresh);
        },
      });
      transport = fresh;
      await shop(seen).connect(fresh as Parameters<ReturnType<typeof shop>['connect']>[0]);
    }
    await transport.handleRequest(request, response);
  };
  const http = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    seen,
    async close() {
      for (const transport of sessions.values()) await transport.close();
      http.closeAllConnections();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { type Script, scriptedModel } from '../../src/cascade/index.js';
import { systemClock } from '../../src/core/index.js';
import { acceptedSocket } from '../../src/net/index.js';
import type { LegalityChecker } from '../../src/testing/index.js';
import { serve } from '../providers/gemini/served.js';

export interface Served {
  baseUrl: string;
  close(): Promise<void>;
}

/** The server machine on a port of this machine, over a script; the links' orders are checked at the end. */
export async function served(script: Script): Promise<Served> {
  const model = scriptedModel(script);
  const checkers: LegalityChecker[] = [];
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (ws) => void serve(acceptedSocket(ws), model, systemClock(), checkers));
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      for (const client of server.clients) client.terminate();
      await new Promise((resolve) => server.close(resolve));
      for (const checker of checkers) checker.finish();
    },
  };
}

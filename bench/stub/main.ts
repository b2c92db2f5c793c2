import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import { sendFrames } from '../measure/pacer.js';
import { serve } from '../measure/serve.js';
import { type Lines, type StubRequest, sampleRateHz } from '../messages.js';
import { Conversation } from './conversation.js';

/** The stub server: one process, on loopback, a port per client. Sessions stand in the order in which they came. */
const groups = new Map<number, Conversation[]>();

async function listen(): Promise<number> {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  groups.set(port, []);
  server.on('connection', (socket) => {
    const session = new Conversation(socket);
    groups.get(port)?.push(session);
    socket.on('close', () => {
      const others = groups.get(port)?.filter((other) => other !== session) ?? [];
      groups.set(port, others);
    });
  });
  return port;
}

async function answer(request: StubRequest): Promise<unknown> {
  if (request.do === 'listen') return listen();
  const sessions = groups.get(request.port) ?? [];
  switch (request.do) {
    case 'begin':
      for (const session of sessions) session.begin();
      return undefined;
    case 'speak': {
      const samples = (request.frameMs * sampleRateHz) / 1000;
      const base64 = noise(samples);
      await sendFrames(sessions.length, request, (index) => sessions[index]!.speak(samples, base64));
      return undefined;
    }
    case 'end':
      for (const session of sessions) session.end();
      return undefined;
    case 'reset':
      for (const session of sessions) session.reset();
      return undefined;
    case 'total':
      return sessions.reduce((sum, session) => sum + session.received.samples, 0);
    case 'lines':
      return {
        sent: sessions.map((session) => session.sent.take()),
        received: sessions.map((session) => session.received.take()),
      } satisfies Lines;
  }
}

/** Noise, as base64: its text is as long and as varied as speech's. */
function noise(samples: number): string {
  const bytes = Buffer.alloc(samples * 2);
  let seed = 1;
  for (let index = 0; index < samples; index++) {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    bytes.writeInt16LE((seed >> 16) - 16_384, index * 2);
  }
  return bytes.toString('base64');
}

serve(undefined, answer);

import {
  type Frame,
  type PageMessage,
  parsePcmFrame,
  parseServerMessage,
  type ReparteeError,
  type ServerMessage,
  type SocketClose,
  type Transport,
} from '../../../src/core/index.js';
import { type LinkedSocket, linkedPair } from '../../../src/net/index.js';
import { FakeClock } from '../../../src/testing/fake-clock.js';
import { type BrowserTransportOptions, browserTransport } from '../../../src/transports/browser/index.js';

/** A page in memory: keeps what the server sent, says what the test tells it to. */
export interface FakePage {
  socket: LinkedSocket;
  /** Messages and sample counts of audio frames, in order. */
  got: (ServerMessage | number)[];
  closed: SocketClose | undefined;
  say(message: PageMessage | Record<string, unknown>): Promise<void>;
  sendRaw(frame: Frame): Promise<void>;
}

export interface Pair {
  clock: FakeClock;
  page: FakePage;
  transport: Transport;
  notices: string[];
  /** Filled when the transport reports its end. */
  ends: (ReparteeError | undefined)[];
}

export function pagePair(options: BrowserTransportOptions = {}): Pair {
  const clock = new FakeClock();
  const [socket, serverSocket] = linkedPair();
  const got: (ServerMessage | number)[] = [];
  const page: FakePage = {
    socket,
    got,
    closed: undefined,
    say: (message) => page.sendRaw(JSON.stringify(message)),
    sendRaw: async (frame) => {
      socket.send(frame);
      await clock.advance(0);
    },
  };
  socket.onFrame((frame) =>
    got.push(typeof frame === 'string' ? parseServerMessage(frame) : parsePcmFrame(frame).length),
  );
  socket.onClose((close) => {
    page.closed = close;
  });
  const notices: string[] = [];
  const ends: (ReparteeError | undefined)[] = [];
  const transport = browserTransport(serverSocket, {
    clock,
    onNotice: (error) => notices.push(error.code),
    ...options,
  });
  transport.onClosed((error) => ends.push(error));
  return { clock, page, transport, notices, ends };
}

export const hello = { type: 'hello', version: 1, inputSampleRateHz: 16_000, outputSampleRateHz: 24_000 };

export async function openPair(options: BrowserTransportOptions = {}): Promise<Pair> {
  const pair = pagePair(options);
  const started = pair.transport.start();
  await pair.page.say(hello);
  await started;
  await pair.clock.advance(0);
  pair.page.got.length = 0;
  return pair;
}

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket as TcpSocket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { Frame, Socket } from '../../src/core/index.js';
import { connectWebSocket } from '../../src/net/index.js';
import { frame, text } from './raw-frames.js';

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** A server that writes bytes as it is told; `first` goes out in one piece with the answer to the upgrade. */
async function rawServer(first: Uint8Array): Promise<{ socket: Socket; far: TcpSocket }> {
  const http = createServer();
  const upgraded = new Promise<TcpSocket>((resolve) => {
    http.on('upgrade', (request, socket: TcpSocket) => {
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`;
      const accept = createHash('sha1').update(key).digest('base64');
      const head = `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
      socket.setNoDelay(true);
      socket.on('error', () => {});
      socket.write(Buffer.concat([Buffer.from(head), first]));
      resolve(socket);
    });
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const socket = await connectWebSocket(url, { timeoutMs: 5000 });
  const far = await upgraded;
  closers.push(() => {
    far.destroy();
    http.close();
  });
  return { socket, far };
}

/** Resolves with the frames up to the one that says 'end'. */
function framesUntilEnd(socket: Socket): Promise<Frame[]> {
  const frames: Frame[] = [];
  return new Promise((resolve) => {
    socket.onFrame((got) => {
      if (got === 'end') resolve(frames);
      else frames.push(got);
    });
  });
}

const words = (letter: string, size: number) => letter.repeat(size);

it('hears all messages in their order, however they are cut, and keeps none of the reader’s memory', async () => {
  const { socket, far } = await rawServer(Buffer.concat([text('first'), text('second').subarray(0, 4)]));
  const heard = framesUntilEnd(socket);
  const stream = Buffer.concat([
    text('second').subarray(4),
    text(words('a', 200)),
    frame(0x2, Uint8Array.of(1, 2, 3)),
    text(words('b', 90_000)),
    frame(0x1, Buffer.from('in '), { fin: false }),
    frame(0x9, Uint8Array.of(7)),
    frame(0x0, Buffer.from('pieces')),
    text('ü'),
    frame(0x2, new Uint8Array(5000).fill(9)),
    text(words('c', 1400)),
  ]);
  // Odd sizes, so that headers are cut as well.
  for (let at = 0, size = 1; at < stream.length; at += size, size = (size * 7 + 3) % 40_009) {
    far.write(stream.subarray(at, at + size));
    if (size % 3 === 0) await turn();
  }
  far.write(text('end'));
  expect(await heard).toEqual([
    'first',
    'second',
    words('a', 200),
    Buffer.from([1, 2, 3]),
    words('b', 90_000),
    'in pieces',
    'ü',
    Buffer.alloc(5000, 9),
    words('c', 1400),
  ]);
});

it('keeps what comes before anybody listens', async () => {
  const { socket, far } = await rawServer(new Uint8Array());
  const said = Array.from({ length: 200 }, (_, index) => `${index} ${words('x', 1000)}`);
  for (const one of said) far.write(text(one));
  far.write(text('end'));
  for (let round = 0; round < 20; round++) await turn();
  expect(await framesUntilEnd(socket)).toEqual(said);
});

it('tells what two sockets hear apart, which are read into one memory', async () => {
  const pairs = await Promise.all([rawServer(new Uint8Array()), rawServer(new Uint8Array())]);
  const heard = pairs.map(({ socket }) => framesUntilEnd(socket));
  for (let round = 0; round < 50; round++) {
    for (const [index, { far }] of pairs.entries()) {
      const message = text(`${index} ${round} ${words('x', 500 * (index + 1))}`);
      far.write(message.subarray(0, round * 3));
      far.write(message.subarray(round * 3));
    }
    await turn();
  }
  for (const { far } of pairs) far.write(text('end'));
  for (const [index, frames] of (await Promise.all(heard)).entries()) {
    const expected = Array.from(
      { length: 50 },
      (_, round) => `${index} ${round} ${words('x', 500 * (index + 1))}`,
    );
    expect(frames).toEqual(expected);
  }
});

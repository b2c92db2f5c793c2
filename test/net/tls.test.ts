import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import { connectWebSocket } from '../../src/net/index.js';

it('trusts the authority it is given, and says what is missing without it', async () => {
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }],
  });
  const https = createServer({ key: made.private, cert: made.cert });
  const wss = new WebSocketServer({ server: https });
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
  const url = `wss://127.0.0.1:${(https.address() as AddressInfo).port}`;
  try {
    const error = await connectWebSocket(url, { timeoutMs: 5000 }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'connect_failed', retryable: false });
    expect(String(error)).toContain('Pass the authority that signed it as `ca`');

    const socket = await connectWebSocket(url, { timeoutMs: 5000, ca: made.cert });
    const sent = ['first', 'ü'.repeat(700), 'x'.repeat(200_000), Buffer.alloc(3000, 7), 'last'];
    const heard = new Promise<unknown[]>((resolve) => {
      const frames: unknown[] = [];
      socket.onFrame((frame) => {
        if (frames.push(frame) === sent.length) resolve(frames);
      });
    });
    for (const ws of wss.clients) for (const frame of sent) ws.send(frame);
    expect(await heard).toEqual(sent);
    socket.close();
    await new Promise<void>((resolve) => socket.onClose(() => resolve()));
  } finally {
    for (const ws of wss.clients) ws.terminate();
    https.closeAllConnections();
    await new Promise<void>((resolve) => https.close(() => resolve()));
  }
});

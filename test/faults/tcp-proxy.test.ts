import { afterEach, describe, expect, test } from 'vitest';
import { scriptedModel } from '../../src/cascade/index.js';
import type { Frame, Socket, SocketClose } from '../../src/core/index.js';
import { createGateway, type Gateway } from '../../src/gateway/index.js';
import { connectWebSocket } from '../../src/net/index.js';
import {
  type TcpFault,
  type TcpProxy,
  type TcpProxyOptions,
  tcpFaults,
  tcpProxy,
} from '../../src/testing/faults/index.js';
import { drain } from '../../src/testing/index.js';
import { isReparteeError } from '../agent/calls/errors.js';
import { clinic } from '../gateway/stand.js';

let gateway: Gateway | undefined;
let proxy: TcpProxy | undefined;

afterEach(async () => {
  await proxy?.close();
  await gateway?.close();
  proxy = undefined;
  gateway = undefined;
});

async function behind(options: Partial<TcpProxyOptions> = {}): Promise<TcpProxy> {
  gateway ??= await createGateway({ model: scriptedModel(clinic) });
  proxy = await tcpProxy({ targetPort: gateway.port, ...options });
  return proxy;
}

const dial = (port: number, timeoutMs = 10_000) =>
  connectWebSocket(`ws://127.0.0.1:${port}/v1/realtime?model=any`, { timeoutMs });

/** Frames of a socket, and its end. */
function listen(socket: Socket) {
  const frames: Frame[] = [];
  let first: () => void;
  const opened = new Promise<void>((resolve) => {
    first = resolve;
  });
  socket.onFrame((frame) => {
    frames.push(frame);
    first();
  });
  const closed = new Promise<SocketClose>((resolve) => socket.onClose(resolve));
  return { frames, opened, closed };
}

const update = (index: number) =>
  JSON.stringify({
    type: 'session.update',
    event_id: `event_${index}`,
    session: { type: 'realtime', instructions: 'x'.repeat(500) },
  });

describe('bytes between a client and the gateway', () => {
  test('pass as they are, also in pieces that come late and slowly', async () => {
    const faults: TcpFault[] = [
      { connection: 1, dir: 'down', afterBytes: 150, what: { t: 'delay', ms: 5 } },
      { connection: 1, dir: 'down', afterBytes: 300, what: { t: 'slow', bytesPerSecond: 1_000_000 } },
    ];
    const { port } = await behind({ faults });
    const socket = await dial(port);
    const { frames, opened, closed } = listen(socket);
    await opened;
    expect(JSON.parse(String(frames[0]))).toMatchObject({ type: 'session.created' });
    socket.close(1000, 'done');
    expect(await closed).toMatchObject({ code: 1000 });
    expect(proxy!.fired.length).toBe(2);
  });

  test.each([1, 40, 129, 130, 131, 200, 400, 700])(
    'cut after %d bytes from the server',
    async (afterBytes) => {
      const what = { t: 'cut' } as const;
      const { port } = await behind({ faults: [{ connection: 1, dir: 'down', afterBytes, what }] });
      const outcome = await dial(port).then(
        async (socket) => (await listen(socket).closed).code,
        (error: unknown) => (isReparteeError(error, 'connect_failed') ? 'refused' : error),
      );
      // The upgrade's answer is 129 bytes long.
      expect(outcome).toBe(afterBytes < 129 ? 'refused' : 1006);
    },
  );

  test('refused: nothing but a typed error', async () => {
    const { port } = await behind();
    proxy!.refuse(1);
    const error = await dial(port).catch((thrown: unknown) => thrown);
    expect(isReparteeError(error, 'connect_failed')).toBe(true);
    const socket = await dial(port);
    socket.close();
    await listen(socket).closed;
  });

  test('stalled while connecting: the timeout ends it', async () => {
    const { port } = await behind({
      faults: [{ connection: 1, dir: 'up', afterBytes: 1, what: { t: 'stall' } }],
    });
    const error = await dial(port, 50).catch((thrown: unknown) => thrown);
    expect(isReparteeError(error, 'connect_timeout')).toBe(true);
  });

  test('faults of a seed, one connection after the other: each ends, and the gateway keeps none', async () => {
    const faults = tcpFaults(7, 24, 4_000).filter(({ what }) => what.t !== 'stall');
    const { port } = await behind({ faults });
    for (let connection = 1; connection <= 24; connection++) {
      const socket = await dial(port).catch(() => undefined);
      if (socket === undefined) continue;
      const { opened, closed } = listen(socket);
      await Promise.race([opened, closed]);
      for (let i = 0; i < 10; i++) socket.send(update(i));
      socket.close();
      await closed;
    }
    expect(proxy!.accepted).toBe(24);
    expect(proxy!.fired.length).toBeGreaterThan(10);
    proxy!.cut();
    await gateway!.close();
    // Its sockets tell of their ends in their own time.
    for (let i = 0; i < 1_000 && gateway!.connections > 0; i++) await drain();
    expect(gateway!.connections).toBe(0);
  });
});

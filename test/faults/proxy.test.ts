import { describe, expect, test } from 'vitest';
import type { Frame, Socket, SocketClose } from '../../src/core/index.js';
import { type LinkedSocket, linkedPair } from '../../src/net/index.js';
import { type Fault, FaultProxy, faultPlan } from '../../src/testing/faults/index.js';
import { FakeClock } from '../../src/testing/index.js';
import { isReparteeError } from '../agent/calls/errors.js';

const at = { afterMs: 0, dir: 'down', frames: 1 } as const;
const dial = { timeoutMs: 1_000 };

/** A proxy with the far ends of its connections. */
function stand(faults: Fault[], latencyMs = 0) {
  const clock = new FakeClock();
  const servers: LinkedSocket[] = [];
  const proxy = new FaultProxy(
    { seed: 1, faults },
    () => {
      const [near, far] = linkedPair();
      servers.push(far);
      return near;
    },
    { clock, wire: 'openai', latencyMs },
  );
  return { clock, servers, proxy, ends: (socket: Socket) => ears(socket) };
}

/** What one end hears. */
function ears(socket: Socket) {
  const frames: Frame[] = [];
  const closes: SocketClose[] = [];
  socket.onFrame((frame) => frames.push(frame));
  socket.onClose((close) => closes.push(close));
  return { frames, closes };
}

async function connected(faults: Fault[], latencyMs = 0) {
  const made = stand(faults, latencyMs);
  const client = await made.proxy.connect('ws://x', dial);
  const server = made.servers[0]!;
  return { ...made, client, server, near: ears(client), far: ears(server) };
}

describe('what passes', () => {
  test('frames both ways, in order, and the close behind them', async () => {
    const { client, server, near, far, clock, proxy } = await connected([], 30);
    client.send('a');
    client.send('b');
    server.send('c');
    await clock.advance(29);
    expect([near.frames, far.frames]).toEqual([[], []]);
    await clock.advance(1);
    expect([near.frames, far.frames]).toEqual([['c'], ['a', 'b']]);
    client.send('d');
    client.close(4001, 'bye');
    await clock.advance(100);
    expect(far.frames.at(-1)).toBe('d');
    expect(far.closes).toEqual([{ code: 4001, reason: 'bye' }]);
    expect(near.closes).toEqual([{ code: 4001, reason: 'bye' }]);
    expect([proxy.open, clock.pending]).toEqual([0, 0]);
  });
});

describe('drop', () => {
  test.each([
    [0, []],
    [0.5, []],
    [1, ['one']],
  ])('at %d of a frame', async (part, arrived) => {
    const { server, near, far, clock, proxy } = await connected([
      { moment: at, t: 'drop', at: part, then: [] },
    ]);
    server.send('one');
    server.send('two');
    await clock.advance(0);
    expect(near.frames).toEqual(arrived);
    expect(near.closes).toEqual([{ code: 1006, reason: '' }]);
    expect(far.closes[0]?.code).toBe(1006);
    expect([proxy.open, clock.pending]).toEqual([0, 0]);
  });

  test('going up, the frame that was under way arrives only whole', async () => {
    const up = { ...at, dir: 'up' as const, frames: 2 };
    const { client, far, near, clock } = await connected([{ moment: up, t: 'drop', at: 1, then: [] }]);
    client.send('one');
    client.send('two');
    client.send('three');
    await clock.advance(0);
    expect(far.frames).toEqual(['one', 'two']);
    expect(near.closes[0]?.code).toBe(1006);
  });
});

describe('half-open', () => {
  test('up: nothing arrives, bytes pile up, and the network notices late', async () => {
    const { client, server, near, far, clock, proxy } = await connected([
      { moment: at, t: 'half_open', dir: 'up', forMs: 5_000, then: [] },
    ]);
    server.send('one');
    await clock.advance(0);
    server.send('two');
    client.send('lost');
    await clock.advance(0);
    expect(near.frames).toEqual(['two']);
    expect(far.frames).toEqual([]);
    expect(client.bufferedBytes).toBe(4);
    await clock.advance(4_999);
    expect(near.closes).toEqual([]);
    await clock.advance(1);
    expect(near.closes[0]?.code).toBe(1006);
    expect([proxy.open, clock.pending]).toEqual([0, 0]);
  });

  test('closing it takes the time of a handshake that nobody answers', async () => {
    const { client, server, near, far, clock, proxy } = await connected([
      { moment: at, t: 'half_open', dir: 'both', forMs: 60_000, then: [] },
    ]);
    server.send('one');
    await clock.advance(0);
    client.close();
    await clock.advance(2_999);
    expect(near.closes).toEqual([]);
    await clock.advance(1);
    expect(near.closes[0]?.code).toBe(1006);
    expect(far.closes).toEqual([]);
    await clock.advance(60_000);
    expect(far.closes[0]?.code).toBe(1006);
    expect([proxy.open, clock.pending]).toEqual([0, 0]);
  });
});

describe('time', () => {
  test('delay with jitter keeps the order', async () => {
    const { server, near, clock } = await connected([
      { moment: at, t: 'delay', dir: 'down', ms: 100, jitterMs: 300, forMs: 1_000 },
    ]);
    for (let i = 0; i < 10; i++) server.send(String(i));
    await clock.advance(99);
    expect(near.frames).toEqual(['0']);
    await clock.advance(400);
    expect(near.frames.join('')).toBe('0123456789');
  });

  test('frames trickle', async () => {
    const { server, near, clock } = await connected([
      { moment: at, t: 'trickle', dir: 'down', bytesPerSecond: 1_000, forMs: 1_000 },
    ]);
    server.send('first');
    for (let i = 0; i < 3; i++) server.send('x'.repeat(100));
    await clock.advance(150);
    expect(near.frames.length).toBe(2);
    await clock.advance(150);
    expect(near.frames.length).toBe(4);
  });
});

describe('the server', () => {
  test.each([1000, 1001, 1005, 1006, 1007, 1008, 1011, 1012, 1013, 4001])('closes with %d', async (code) => {
    const { server, near, far, clock, proxy } = await connected([
      { moment: at, t: 'close', code, reason: 'why', then: [] },
    ]);
    server.send('last');
    server.send('never');
    await clock.advance(0);
    expect(near.frames).toEqual([]);
    expect(near.closes).toEqual([{ code, reason: 'why' }]);
    expect(far.closes.length).toBe(1);
    expect([proxy.open, clock.pending]).toEqual([0, 0]);
  });

  test('repeats an event that it may repeat, and no delta', async () => {
    const { server, near, clock } = await connected([{ moment: at, t: 'duplicate' }]);
    const delta = '{"type":"response.output_audio.delta","delta":"AA=="}';
    const done = '{"type":"response.done"}';
    for (const frame of [delta, done, done]) server.send(frame);
    await clock.advance(0);
    expect(near.frames).toEqual([delta, done, done, done]);
  });

  test('swaps what is independent, and nothing else', async () => {
    const { server, near, clock } = await connected([{ moment: at, t: 'reorder' }]);
    const created = '{"type":"response.created"}';
    const delta = '{"type":"response.output_audio.delta","delta":"AA=="}';
    const heard = '{"type":"conversation.item.input_audio_transcription.completed"}';
    for (const frame of [created, delta, heard, delta]) server.send(frame);
    await clock.advance(500);
    expect(near.frames).toEqual([created, delta, delta, heard]);
    expect(clock.pending).toBe(0);
  });

  test('says that its time is over, and closes', async () => {
    const { server, near, clock } = await connected([{ moment: at, t: 'expire', leftMs: 500, then: [] }]);
    server.send('one');
    await clock.advance(0);
    expect(String(near.frames[0])).toContain('session_expired');
    expect(near.closes).toEqual([]);
    await clock.advance(500);
    expect(near.closes[0]?.code).toBe(1001);
  });
});

describe('dials', () => {
  const outage = (then: Extract<Fault, { t: 'drop' }>['then']) =>
    stand([{ moment: at, t: 'drop', at: 0, then }]);
  const broken = async (then: Extract<Fault, { t: 'drop' }>['then']) => {
    const made = outage(then);
    const first = await made.proxy.connect('ws://x', dial);
    ears(first);
    made.servers[0]!.send('one');
    await made.clock.advance(0);
    return made;
  };

  test.each([
    ['network', 'connect_failed', true],
    [401, 'auth_refused', false],
    [403, 'auth_refused', false],
    [404, 'connect_failed', false],
    [429, 'connect_failed', true],
    [500, 'connect_failed', true],
    [503, 'connect_failed', true],
  ] as const)('refused (%s): %s, retryable %s', async (how, code, retryable) => {
    const { proxy } = await broken([{ t: 'refuse', how }]);
    const error = await proxy.connect('ws://x', dial).catch((thrown: unknown) => thrown);
    expect(isReparteeError(error, code)).toBe(true);
    expect(error).toMatchObject({ retryable });
    await expect(proxy.connect('ws://x', dial)).resolves.toBeDefined();
    proxy.close();
  });

  test('hangs until the timeout, or until the caller gives up', async () => {
    const { proxy, clock } = await broken([{ t: 'hang' }, { t: 'hang' }]);
    const first = proxy.connect('ws://x', dial).catch((thrown: { code: string }) => thrown.code);
    await clock.advance(1_000);
    expect(await first).toBe('connect_timeout');
    const abort = new AbortController();
    const second = proxy
      .connect('ws://x', { ...dial, signal: abort.signal })
      .catch((thrown: { code: string }) => thrown.code);
    await clock.advance(10);
    abort.abort();
    expect(await second).toBe('connect_failed');
    expect(clock.pending).toBe(0);
  });

  test('mute: opens, and says nothing', async () => {
    const { proxy, servers, clock } = await broken([{ t: 'mute', ms: 2_000 }]);
    const near = ears(await proxy.connect('ws://x', dial));
    servers[1]!.send('hello');
    await clock.advance(1_999);
    expect(near).toEqual({ frames: [], closes: [] });
    await clock.advance(1);
    expect(near.closes[0]?.code).toBe(1006);
    expect([proxy.open, clock.pending]).toEqual([0, 0]);
  });
});

describe('plans', () => {
  test('the same seed gives the same plan, another seed another one; JSON keeps it', () => {
    const options = { wire: 'gemini', count: 9 } as const;
    const plan = faultPlan(7, options);
    expect(faultPlan(7, options)).toEqual(plan);
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
    expect(faultPlan(8, options)).not.toEqual(plan);
    expect(plan.faults.length).toBe(9);
  });

  test('faults come one after the other, each at its frame', async () => {
    const late = { afterMs: 100, dir: 'up', frames: 2, match: 'mark' } as const;
    const { client, proxy, clock } = await connected([
      { moment: at, t: 'inject', frames: ['odd'] },
      { moment: late, t: 'inject', frames: ['late'] },
    ]);
    for (const text of ['mark', 'mark']) client.send(text);
    expect(proxy.fired).toEqual([]);
    expect(proxy.left).toBe(2);
    proxy.close();
    await clock.advance(60_000);
    expect(clock.pending).toBe(0);
  });
});

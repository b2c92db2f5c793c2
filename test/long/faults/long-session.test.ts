import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { scriptedModel } from '../../../src/cascade/index.js';
import { RealtimeModel } from '../../../src/providers/openai/index.js';
import { deferred } from '../../../src/realtime/deferred.js';
import type { Item, RealtimeSession } from '../../../src/realtime/index.js';
import type { CuttableSocket } from '../../../src/testing/faults/index.js';
import { FakeClock } from '../../../src/testing/index.js';
import { MemoryGateway } from '../../faults/world.js';

const rateHz = 24_000;
const tickMs = 100;
const hourMs = 3_600_000;
const perTick = (rateHz * tickMs) / 1000;
const speech = new Int16Array(perTick).map((_, at) => Math.round(9_000 * Math.sin(at / 6)));
const silence = new Int16Array(perTick);
/** A long chunk makes a cheap hour. */
const quiet = new Int16Array(10 * perTick);

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is left when all garbage is gone: objects, and the bytes of audio. */
async function heapBytes(): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  // What one collection frees may let go of more.
  for (let unchanged = 0, round = 0; unchanged < 3 && round < 20; round++) {
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    const bytes = heapUsed + arrayBuffers;
    unchanged = bytes < least * 0.999 ? 0 : unchanged + 1;
    least = Math.min(least, bytes);
  }
  return least;
}

/** What one copy of these items takes in memory. */
async function bytesOf(items: readonly Item[]): Promise<number> {
  const before = await heapBytes();
  const copies = Array.from({ length: 40 }, () => structuredClone(items));
  const bytes = ((await heapBytes()) - before) / copies.length;
  copies.length = 0;
  return bytes;
}

/** A session over OpenAI's wire with a server in the same memory, which can be taken away. */
class LongTalk {
  readonly clock = new FakeClock();
  readonly session: RealtimeSession;
  readonly errors: unknown[] = [];
  answered = 0;
  changes = 0;
  readonly #gateway: MemoryGateway;
  #socket: CuttableSocket | undefined;
  #barrier: ReturnType<typeof deferred> | undefined;

  constructor(turns: number) {
    const model = scriptedModel({
      turns: Array.from({ length: turns }, () => ({ hears: 'And now?', says: 'Now it is later' })),
      audioMsPerWord: 50,
    });
    this.#gateway = new MemoryGateway(model, 'openai', this.clock);
    const client = new RealtimeModel({
      baseUrl: 'http://127.0.0.1:1',
      connect: async () => {
        await this.#barrier?.promise;
        this.#socket = this.#gateway.connect();
        return this.#socket;
      },
      turnDetection: { type: 'server_vad', silenceDurationMs: 200 },
    });
    this.session = client.session({ clock: this.clock, chunkMs: tickMs });
    this.session.on('error', (error) => this.errors.push(error));
    this.session.on('generation_ended', () => {
      this.answered += 1;
    });
    this.session.on('session_reconnected', () => {
      this.changes += 1;
    });
  }

  async hear(pcm: Int16Array): Promise<void> {
    this.session.pushAudio({ pcm, sampleRateHz: rateHz, channels: 1 });
    await this.clock.advance((pcm.length * 1000) / rateHz);
  }

  /** Questions, each answered to its end. */
  async talk(turns: number): Promise<void> {
    const wanted = this.answered + turns;
    while (this.answered < wanted) {
      const before = this.answered;
      for (let ticks = 0; ticks < 4; ticks++) await this.hear(speech);
      for (let ticks = 0; ticks < 50 && this.answered === before; ticks++) await this.hear(silence);
      await this.hear(silence);
      if (this.answered === before) throw new Error(`turn ${before} was not answered`);
    }
  }

  /** What the session alone holds: its link is cut, its server is gone, and no other can be reached meanwhile. */
  async bytesWithoutServer(): Promise<number> {
    const changes = this.changes;
    this.#barrier = deferred();
    this.#socket?.cut?.();
    this.#socket = undefined;
    await this.clock.advance(0);
    const bytes = await heapBytes();
    this.#barrier.resolve();
    this.#barrier = undefined;
    await this.clock.advance(1_000);
    expect(this.changes).toBe(changes + 1);
    return bytes;
  }

  async close(): Promise<void> {
    await this.session.close();
    await this.clock.advance(60_000);
    this.#gateway.close();
    expect(this.clock.pending).toBe(0);
  }
}

test('500 turns, and an hour of somebody who says nothing, leave the history behind and nothing else', async () => {
  // What is compiled on the way is no session's.
  const first = new LongTalk(100);
  await first.talk(100);
  await first.bytesWithoutServer();
  await first.close();

  const long = new LongTalk(600);
  const { session } = long;
  await long.talk(50);
  const items50 = session.remoteItems.length;
  const history50 = await bytesOf(session.remoteItems);
  const session50 = (await long.bytesWithoutServer()) - history50;

  // By then the server has all the audio that it keeps for those who ask for it.
  await long.talk(250);
  const history300 = await bytesOf(session.remoteItems);
  const both300 = await heapBytes();
  await long.talk(200);
  const history500 = await bytesOf(session.remoteItems);
  const both500 = await heapBytes();
  const session500 = (await long.bytesWithoutServer()) - history500;
  expect([items50, session.remoteItems.length]).toEqual([100, 1_000]);
  expect(session500).toBeLessThan(session50 * 1.05);
  // The link, the server and its model have the history too, each in its own words.
  expect(both500 - both300).toBeLessThan(8 * (history500 - history300));

  const before = await heapBytes();
  const changes = long.changes;
  for (let ms = 0; ms < hourMs; ms += 10 * tickMs) await long.hear(quiet);
  // The first connection's hour is over.
  expect(long.changes).toBe(changes + 1);
  expect(session.remoteItems.length).toBe(1_000);
  expect(await heapBytes()).toBeLessThan(before * 1.01);
  expect(long.errors).toEqual([]);
  await long.close();
}, 60_000);

import type { BenchCall, BenchClient } from './clients/client.js';
import { LineRecorder } from './measure/line.js';
import { sendFrames } from './measure/pacer.js';
import { serve } from './measure/serve.js';
import { type Hello, type Lines, type Memory, sampleRateHz, type WorkerRequest } from './messages.js';

/** The client process: loads one client, holds its calls, and measures itself. Argument: the client's module. */
interface Call {
  call: BenchCall;
  pushed: LineRecorder;
  received: LineRecorder;
}
const calls: Call[] = [];

const module = process.argv[2]!;
const cpuBefore = process.cpuUsage();
const rssBefore = process.memoryUsage.rss();
const startMs = performance.now();
const { client } = (await import(module)) as { client: BenchClient };
const importMs = performance.now() - startMs;
const cpu = process.cpuUsage(cpuBefore);
const hello: Hello = {
  importMs,
  importCpuMs: (cpu.user + cpu.system) / 1000,
  importRssKb: (process.memoryUsage.rss() - rssBefore) / 1024,
};

async function answer(request: WorkerRequest): Promise<unknown> {
  switch (request.do) {
    case 'open':
      // One after the other, so that the stub's order of sessions is ours.
      while (calls.length < request.sessions) calls.push(await open(request.url, request.chunkMs));
      return undefined;
    case 'reset':
      for (const { pushed, received } of calls) {
        pushed.reset();
        received.reset();
      }
      return undefined;
    case 'push': {
      const samples = (request.frameMs * sampleRateHz) / 1000;
      await sendFrames(calls.length, request, (index) => {
        const { call, pushed } = calls[index]!;
        pushed.add(samples);
        call.push(frame(samples));
      });
      return undefined;
    }
    case 'rehearse': {
      const samples = (request.frameMs * sampleRateHz) / 1000;
      for (const { pushed } of calls) pushed.reset();
      await sendFrames(calls.length, request, (index) => {
        calls[index]!.pushed.add(samples);
        frame(samples);
      });
      return undefined;
    }
    case 'cpu': {
      const { user, system } = process.cpuUsage();
      return (user + system) / 1000;
    }
    case 'total':
      return calls.reduce((sum, { received }) => sum + received.samples, 0);
    case 'lines':
      return {
        sent: calls.map(({ pushed }) => pushed.take()),
        received: calls.map(({ received }) => received.take()),
      } satisfies Lines;
    case 'memory': {
      for (let round = 0; round < 3; round++) globalThis.gc?.();
      const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
      return { rssKb: rss / 1024, heapKb: (heapUsed + arrayBuffers) / 1024 } satisfies Memory;
    }
    case 'close':
      await Promise.all(calls.splice(0).map(({ call }) => call.close()));
      return undefined;
  }
}

async function open(url: string, chunkMs: number): Promise<Call> {
  const received = new LineRecorder();
  const call = await client.open({ url, chunkMs, onAudio: (samples) => received.add(samples) });
  return { call, received, pushed: new LineRecorder() };
}

/** Frames of noise in buffers of their own, made once: what is measured is the way of the audio, not its making. */
const frames = new Map<number, Int16Array[]>();
let turn = 0;
function frame(samples: number): Int16Array {
  let pool = frames.get(samples);
  if (pool === undefined) {
    pool = Array.from({ length: 64 }, (_, seed) =>
      Int16Array.from({ length: samples }, (_, index) => ((index * 7919 + seed * 104_729) % 20_000) - 10_000),
    );
    frames.set(samples, pool);
  }
  turn = (turn + 1) % pool.length;
  return pool[turn]!;
}

serve(hello, answer);

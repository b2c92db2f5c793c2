import { createContext, runInContext } from 'node:vm';
import { expect, it } from 'vitest';
import { workletSource } from '../../src/client/worklet-source.js';

/** An empty global scope with no more than an AudioWorklet has. */
function runWorklets() {
  const posted: Record<string, unknown>[] = [];
  const processors = new Map<string, new () => Record<string, unknown>>();
  class AudioWorkletProcessor {
    port = { onmessage: undefined, postMessage: (message: Record<string, unknown>) => posted.push(message) };
  }
  const scope = createContext({
    sampleRate: 24_000,
    currentFrame: 256,
    AudioWorkletProcessor,
    registerProcessor: (name: string, processor: new () => Record<string, unknown>) =>
      processors.set(name, processor),
  });
  runInContext(workletSource(), scope);
  return { posted, processors, scope };
}

interface Playback {
  port: { onmessage(message: { data: unknown }): void };
  process(inputs: Float32Array[][], outputs: Float32Array[][]): boolean;
}

it('the text sent into the worklet stands on its own', () => {
  const { processors } = runWorklets();
  expect([...processors.keys()]).toEqual(['repartee-playback', 'repartee-capture']);
});

it('playback: audio, flush, clear and a new session by messages', () => {
  const { processors, posted, scope } = runWorklets();
  const node = new (processors.get('repartee-playback')!)() as unknown as Playback;
  const send = (data: unknown) => node.port.onmessage({ data });
  const play = () => {
    const out = [new Float32Array(128), new Float32Array(128)];
    expect(node.process([], [out])).toBe(true);
    expect([...out[1]!]).toEqual([...out[0]!]);
    return out[0]!;
  };
  send({ t: 'session', session: 3 });
  // An ArrayBuffer of the worklet's own realm, as structured cloning gives it.
  send(runInContext('new Int16Array(4800).fill(8192).buffer', scope));
  expect(play()[0]).toBe(0.25);
  send({ t: 'clear', id: 7 });
  expect(play().at(-1)).toBe(0);
  expect(posted).toEqual([
    { t: 'started', playedSamples: 0, session: 3 },
    { t: 'stopped', why: 'cleared', playedSamples: 128, session: 3 },
    { t: 'cleared', id: 7, playedSamples: 128, frame: 256, session: 3 },
    { t: 'silent', frame: 256, session: 3 },
  ]);
  posted.length = 0;
  send({ t: 'session', session: 4 });
  send({ t: 'flush', id: 1 });
  play();
  expect(posted).toEqual([{ t: 'finished', flush: 1, playedSamples: 0, session: 4 }]);
});

it('capture: render quanta become frames of 20 ms', () => {
  const { processors, posted } = runWorklets();
  const node = new (processors.get('repartee-capture')!)() as unknown as Playback;
  node.process([[]], []);
  for (let i = 0; i < 8; i++) node.process([[new Float32Array(128).fill(0.5)]], []);
  expect(posted.length).toBe(2);
  expect(posted[0]).toMatchObject({ level: 0.5 });
  expect((posted[0]!.pcm as Int16Array).length).toBe(480);
});

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { env, WhisperFeatureExtractor } from '@huggingface/transformers';
import { describe, expect, test } from 'vitest';
import { smartTurn } from '../../../src/speech/smart-turn/index.js';
import { bands, frames, logMel, windowSamples } from '../../../src/speech/smart-turn/log-mel.js';
import { tinyTurnModel } from './tiny-onnx.js';

// Its matrix product runs in the same WebAssembly as ours, which it would fetch from the network.
const wasm = pathToFileURL(
  createRequire(import.meta.url).resolve('onnxruntime-web/ort-wasm-simd-threaded.wasm'),
);
env.useWasmCache = false;
Object.assign(env.backends.onnx.wasm ?? {}, { wasmPaths: new URL('./', wasm).href, numThreads: 1 });

/** Two voices and a hiss, `ms` long. */
function speech(ms: number): Int16Array {
  return Int16Array.from({ length: ms * 16 }, (_, n) => {
    const hiss = ((n * 7_919) % 1_000) - 500;
    const swell = Math.sin((Math.PI * n) / (ms * 16));
    return swell * (6_000 * Math.sin(0.07 * n) + 2_500 * Math.sin(0.61 * n)) + hiss;
  });
}

/** What it shall be, by Hugging Face's own extractor of Whisper's features, on the wave as Smart Turn prepares it. */
async function reference(pcm: Int16Array): Promise<Float32Array> {
  const extractor = new WhisperFeatureExtractor({
    feature_size: 80,
    sampling_rate: 16_000,
    hop_length: 160,
    n_fft: 400,
    n_samples: windowSamples,
    nb_max_frames: frames,
  });
  const wave = new Float32Array(windowSamples);
  const last = pcm.slice(-windowSamples);
  last.forEach((sample, index) => {
    wave[windowSamples - last.length + index] = sample / 32_768;
  });
  const mean = wave.reduce((sum, sample) => sum + sample, 0) / windowSamples;
  const variance = wave.reduce((sum, sample) => sum + (sample - mean) ** 2, 0) / windowSamples;
  const { input_features } = await extractor._call(
    wave.map((sample) => (sample - mean) / Math.sqrt(variance + 1e-7)),
  );
  return input_features.data as Float32Array;
}

const ask = (pcm: Int16Array) => ({ pcm, text: '', signal: new AbortController().signal });

describe('Whisper’s features', () => {
  test.each([
    ['a short turn', 1_500],
    ['one that fills the window', 8_000],
    ['one that is longer', 9_000],
  ])('%s: as Hugging Face computes them', async (_, ms) => {
    const pcm = speech(ms);
    const [ours, theirs] = [logMel(pcm), await reference(pcm)];
    expect(ours.length).toBe(bands * frames);
    expect(theirs.length).toBe(bands * frames);
    let worst = 0;
    for (let i = 0; i < ours.length; i++) worst = Math.max(worst, Math.abs(ours[i]! - theirs[i]!));
    expect(worst).toBeLessThan(2e-3);
  });

  test('silence is finite', () => {
    expect(logMel(new Int16Array(0)).every(Number.isFinite)).toBe(true);
  });
});

describe('smartTurn', () => {
  test('weights by path: the features go in, a probability comes out', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'smart-turn-'));
    try {
      const weights = join(folder, 'tiny.onnx');
      await writeFile(weights, tinyTurnModel());
      const detector = smartTurn({ weights });
      await detector.warmUp();
      const pcm = speech(2_000);
      const features = logMel(pcm);
      const mean = features.reduce((sum, value) => sum + value, 0) / features.length;
      expect(await detector.predict(ask(pcm))).toBeCloseTo(1 / (1 + Math.exp(-mean)), 4);
      const [one, other] = await Promise.all([
        detector.predict(ask(pcm)),
        detector.predict(ask(speech(500))),
      ]);
      expect(one).not.toBe(other);
      await detector.close();
      await detector.close();
      await expect(detector.predict(ask(pcm))).rejects.toMatchObject({ code: 'closed' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test('an answer that is none, and a question that nobody wants any more', async () => {
    const detector = smartTurn({ weights: tinyTurnModel(['ReduceSum']) });
    await expect(detector.predict(ask(speech(500)))).rejects.toMatchObject({ code: 'turn_detector_failed' });
    const aborted = { pcm: speech(500), text: '', signal: AbortSignal.abort() };
    await expect(detector.predict(aborted)).rejects.toThrow();
    await detector.close();
  });

  test.each([
    ['no such file', '/nowhere/smart-turn.onnx'],
    ['no model', Uint8Array.of(1, 2, 3)],
  ])('%s -> file_unreadable', async (_, weights) => {
    const detector = smartTurn({ weights });
    await expect(detector.warmUp()).rejects.toMatchObject({ code: 'file_unreadable', param: 'weights' });
    await detector.close();
  });

  test('a threshold that is none', () => {
    expect(() => smartTurn({ weights: 'x', threshold: 1 })).toThrow(/threshold/);
  });
});

// Writes test/fixtures/speech/silero-v6.json: what onnxruntime-web says the Silero v6 model answers to the recording
// beside it (silero-v6.s16: mono PCM16 at 16 kHz), window by window. With --audio the recording is made anew first, by
// the built package's own voices. Needs the devDependency @ricky0123/vad-web, which brings onnxruntime-web.
import { readFile, writeFile } from 'node:fs/promises';
import * as ort from 'onnxruntime-web/wasm';
import { onnxPath } from './silero-weights.mjs';

const folder = new URL('../test/fixtures/speech/', import.meta.url);
const audioFile = new URL('silero-v6.s16', folder);
const [windowSamples, contextSamples, windows] = [512, 64, 160];

/** Two voices and a pause, over noise that rises; the noise comes from a fixed linear congruential generator. */
async function record() {
  const { speak } = await import('../dist/speech/embedded/index.js');
  const first = await speak('Good morning, can I see a doctor today?', { voice: 'slt' });
  const second = await speak('Yes, at half past two.', { voice: 'rms' });
  const pcm = new Int16Array(windows * windowSamples);
  pcm.set(first.pcm.subarray(0, 41_000), 6_000);
  pcm.set(second.pcm.subarray(0, 27_000), 54_000);
  let seed = 1;
  for (let i = 0; i < pcm.length; i++) {
    seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
    pcm[i] = Math.max(-32_768, Math.min(32_767, pcm[i] + (seed / 2 ** 31 - 1) * 900 * (i / pcm.length)));
  }
  await writeFile(audioFile, new Uint8Array(pcm.buffer));
}

if (process.argv.includes('--audio')) await record();
const bytes = await readFile(audioFile);
const pcm = new Int16Array(new Uint8Array(bytes).buffer);
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';
const session = await ort.InferenceSession.create(await readFile(onnxPath));
let state = new ort.Tensor('float32', new Float32Array(2 * 128), [2, 1, 128]);
const rate = new ort.Tensor('int64', [16_000n], []);
const input = new Float32Array(contextSamples + windowSamples);
const probabilities = [];
for (let at = 0; at + windowSamples <= pcm.length; at += windowSamples) {
  input.copyWithin(0, windowSamples);
  for (let i = 0; i < windowSamples; i++) input[contextSamples + i] = pcm[at + i] / 32_768;
  const tensor = new ort.Tensor('float32', input.slice(), [1, input.length]);
  const result = await session.run({ input: tensor, state, sr: rate });
  probabilities.push(Number(result.output.data[0].toPrecision(8)));
  state = result.stateN;
}
const fixture = {
  source: `Silero VAD v6 (MIT) run by onnxruntime-web ${ort.env.versions.web} (WASM), scripts/silero-reference.mjs`,
  audio: 'silero-v6.s16: mono PCM16 little-endian, 16 kHz',
  windowSamples,
  probabilities,
};
await writeFile(new URL('silero-v6.json', folder), `${JSON.stringify(fixture, null, 2)}\n`);
console.log(`${probabilities.length} windows, ${probabilities.filter((p) => p > 0.5).length} of them speech`);

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sherpaStt } from '../../../src/speech/sherpa/index.js';
import { wordsOf } from '../../../src/speech/sherpa/words.js';
import { Told } from '../services/marks.js';
import { onnxModel } from './onnx-bytes.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sherpa-'));
  await writeFile(join(folder, 'tiny.onnx'), loudness());
  await writeFile(join(folder, 'tokens.txt'), '▁loud 0\n<blk> 1\n');
  await writeFile(join(folder, 'broken.onnx'), Uint8Array.of(1, 2, 3));
});
afterAll(() => rm(folder, { recursive: true }));

/** A CTC model of NeMo's shape: the mean of the log mel features decides between a word and none. */
function loudness(): Uint8Array {
  return onnxModel({
    inputs: [
      { name: 'audio_signal', type: 'float', dims: ['N', 80, 'T'] },
      { name: 'length', type: 'int64', dims: ['N'] },
    ],
    outputs: [{ name: 'logprobs', type: 'float', dims: ['N', 'T', 2] }],
    constants: [
      { name: 'weights', type: 'float', dims: [1, 2], data: [1, -1] },
      // Silence has a mean of about -16, a loud sound one above -6.
      { name: 'bias', type: 'float', dims: [2], data: [10, -10] },
    ],
    nodes: [
      { op: 'ReduceMean', in: ['audio_signal'], out: ['mean'], with: { axes: [1], keepdims: 1 } },
      { op: 'Transpose', in: ['mean'], out: ['times'], with: { perm: [0, 2, 1] } },
      { op: 'MatMul', in: ['times', 'weights'], out: ['product'] },
      { op: 'Add', in: ['product', 'bias'], out: ['logits'] },
      { op: 'LogSoftmax', in: ['logits'], out: ['logprobs'], with: { axis: 2 } },
    ],
    metadata: { vocab_size: '1', subsampling_factor: '1', normalize_type: '' },
  });
}

const silence = (ms: number) => new Int16Array(ms * 16);
const noise = (ms: number) => Int16Array.from({ length: ms * 16 }, (_, n) => ((n * 7_919) % 40_000) - 20_000);

test('weights by path: utterances in order, with the times of their words', async () => {
  const model = { nemoCtc: { model: join(folder, 'tiny.onnx') }, tokens: join(folder, 'tokens.txt') };
  const stt = sherpaStt({ model });
  await stt.warmUp();
  const stream = stt.stream();
  const told = new Told(stream);
  for (const pcm of [silence(300), noise(300), silence(300), noise(300), silence(300)]) stream.push(pcm);
  stream.flush();
  stream.push(silence(500));
  stream.flush();
  await told.until(2);
  expect(told.outcomes).toEqual(['loud loud', '']);
  const [first] = told.ends;
  if (first?.t !== 'final') throw new Error('no words');
  expect(first.words.map(({ text, fromMs }) => [text, Math.round(fromMs / 100)])).toEqual([
    ['loud', 3],
    ['loud', 9],
  ]);
  await stt.close();
});

test('a file that is missing is told at once, one that is no model when it is loaded', async () => {
  const tokens = join(folder, 'tokens.txt');
  expect(() => sherpaStt({ model: { nemoCtc: { model: '/nowhere/m.onnx' }, tokens } })).toThrow(
    expect.objectContaining({ code: 'file_unreadable', param: 'model.nemoCtc.model' }),
  );
  const stt = sherpaStt({ model: { nemoCtc: { model: join(folder, 'broken.onnx') }, tokens } });
  await expect(stt.warmUp()).rejects.toMatchObject({ code: 'file_unreadable', param: 'model' });
  await stt.close();
});

test.each([
  [
    ['▁he', 'llo', '▁you'],
    [0.1, 0.2, 0.5],
    ['hello 1100-1500', 'you 1500-2100'],
  ],
  [
    [' a', ' b'],
    [0, 1],
    ['a 1000-1600', 'b 2000-2600'],
  ],
  [[], [], []],
])('tokens %j -> words', (tokens, timestamps, words) => {
  expect(
    wordsOf({ text: '', tokens, timestamps }, 1_000).map(
      ({ text, fromMs, toMs }) => `${text} ${fromMs}-${toMs}`,
    ),
  ).toEqual(words);
});

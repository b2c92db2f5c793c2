import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kokoroTts } from '../../../src/speech/kokoro/index.js';
import { Spoken } from '../../speech/services/spoken.js';
import { onnxModel } from '../../speech/weights/onnx-bytes.js';
import { useLocalRuntime } from '../../speech/weights/wasm-runtime.js';

useLocalRuntime();

/** Speech as long as there are phonemes, each of 240 samples; faster with the speed. */
const voice = () =>
  onnxModel({
    inputs: [
      { name: 'input_ids', type: 'int64', dims: [1, 'S'] },
      { name: 'style', type: 'float', dims: [1, 256] },
      { name: 'speed', type: 'float', dims: [1] },
    ],
    outputs: [{ name: 'waveform', type: 'float', dims: [1, 'T'] }],
    constants: [
      { name: 'block', type: 'float', dims: [1, 1, 240], data: Array(240).fill(0.001) },
      { name: 'shape', type: 'int64', dims: [2], data: [1, -1] },
      { name: 'axis', type: 'int64', dims: [1], data: [2] },
    ],
    nodes: [
      { op: 'Cast', in: ['input_ids'], out: ['ids'], with: { to: 1 } },
      { op: 'ReduceSum', in: ['style'], out: ['total'], with: { keepdims: 0 } },
      { op: 'Sub', in: ['total', 'total'], out: ['zero'] },
      { op: 'Add', in: ['ids', 'zero'], out: ['tinted'] },
      { op: 'Div', in: ['tinted', 'speed'], out: ['loudness'] },
      { op: 'Unsqueeze', in: ['loudness', 'axis'], out: ['places'] },
      { op: 'Mul', in: ['places', 'block'], out: ['blocks'] },
      { op: 'Reshape', in: ['blocks', 'shape'], out: ['waveform'] },
    ],
  });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kokoro-'));
  await mkdir(join(folder, 'onnx'));
  // Every phoneme is the one token that there is.
  const tokenizer = {
    version: '1.0',
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: { type: 'Split', pattern: { Regex: '' }, behavior: 'Isolated', invert: false },
    post_processor: null,
    decoder: null,
    model: { type: 'WordLevel', vocab: { $: 0, a: 1 }, unk_token: 'a' },
  };
  const files = {
    'config.json': { model_type: 'style_text_to_speech_2' },
    'tokenizer_config.json': {
      tokenizer_class: 'PreTrainedTokenizer',
      model_max_length: 512,
      unk_token: 'a',
    },
    'tokenizer.json': tokenizer,
  };
  for (const [name, content] of Object.entries(files))
    await writeFile(join(folder, name), JSON.stringify(content));
  await writeFile(join(folder, 'onnx', 'model.onnx'), voice());
});
afterAll(() => rm(folder, { recursive: true }));

test('a folder of weights: clauses are spoken in order, through phonemes', async () => {
  const tts = kokoroTts({ folder, dtype: 'fp32' });
  await tts.warmUp();
  const stream = tts.stream({ speed: 0.5 });
  const spoken = new Spoken(stream);
  stream.push('Good morning to you. Tea?');
  stream.finish();
  await spoken.ended;
  expect(spoken.end).toEqual({ t: 'done' });
  expect(spoken.clauses).toEqual(['Good morning to you. ', 'Tea?']);
  const lengths = spoken.events.flatMap((event) => (event.t === 'audio' ? [event.pcm.length / 240] : []));
  expect(lengths.length).toBe(2);
  // More letters, more phonemes; each block is as loud as its token, over the speed.
  expect(lengths[0]).toBeGreaterThan((lengths[1] ?? 0) * 2);
  const [first] = spoken.events.flatMap((event) => (event.t === 'audio' ? [event.pcm[0]] : []));
  expect(first).toBe(Math.round(0.002 * 32_767));
  await tts.close();
});

test('a voice that there is not, and no folder', async () => {
  expect(() => kokoroTts({ folder: '/nowhere' })).toThrow(
    expect.objectContaining({ code: 'file_unreadable', param: 'folder' }),
  );
  const tts = kokoroTts({ folder, dtype: 'fp32' });
  const stream = tts.stream({ voice: 'nobody' });
  const spoken = new Spoken(stream);
  stream.push('Tea?');
  stream.finish();
  await spoken.ended;
  expect(spoken.end).toMatchObject({ t: 'failed', error: { code: 'option_invalid', param: 'voice' } });
  await tts.close();
});

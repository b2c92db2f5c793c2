import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { whisperStt } from '../../../src/speech/transformers/index.js';
import { Told } from '../../speech/services/marks.js';
import { onnxModel } from '../../speech/weights/onnx-bytes.js';
import { useLocalRuntime } from '../../speech/weights/wasm-runtime.js';

useLocalRuntime();

/** Ids: two words, the end, the start, and what says that there are no times. */
const vocabulary = ['Ġloud', 'Ġquiet', '<|endoftext|>', '<|startoftranscript|>', '<|notimestamps|>'];
const size = vocabulary.length;

/** The mean of the features, once for each place of the encoder's output. */
const encoder = () =>
  onnxModel({
    inputs: [{ name: 'input_features', type: 'float', dims: ['N', 80, 3_000] }],
    outputs: [{ name: 'last_hidden_state', type: 'float', dims: ['N', 1_500, 1] }],
    constants: [{ name: 'places', type: 'float', dims: [1, 1_500, 1], data: Array(1_500).fill(0) }],
    nodes: [
      { op: 'ReduceMean', in: ['input_features'], out: ['mean'], with: { axes: [1, 2], keepdims: 1 } },
      { op: 'Add', in: ['places', 'mean'], out: ['last_hidden_state'] },
    ],
  });

/** What follows the last token: a word by the loudness, and after a word the end. */
function decoder(): Uint8Array {
  const row = (scores: Record<number, number>) => Array.from({ length: size }, (_, id) => scores[id] ?? -100);
  const end = row({ 2: 100 });
  const word = row({ 0: 0, 1: 0 });
  const bias = [end, end, end, word, word].flat();
  const none = Array(size).fill(0);
  const byLoudness = Array.from({ length: size }, (_, id) => (id === 0 ? 50 : id === 1 ? -50 : 0));
  const slope = [none, none, none, byLoudness, byLoudness].flat();
  return onnxModel({
    inputs: [
      { name: 'input_ids', type: 'int64', dims: ['N', 'S'] },
      { name: 'encoder_hidden_states', type: 'float', dims: ['N', 1_500, 1] },
    ],
    outputs: [{ name: 'logits', type: 'float', dims: ['N', 'S', size] }],
    constants: [
      { name: 'bias', type: 'float', dims: [size, size], data: bias },
      { name: 'slope', type: 'float', dims: [size, size], data: slope },
    ],
    nodes: [
      { op: 'ReduceMean', in: ['encoder_hidden_states'], out: ['mean'], with: { axes: [1, 2], keepdims: 1 } },
      { op: 'Gather', in: ['bias', 'input_ids'], out: ['first'] },
      { op: 'Gather', in: ['slope', 'input_ids'], out: ['second'] },
      { op: 'Mul', in: ['second', 'mean'], out: ['scaled'] },
      { op: 'Add', in: ['first', 'scaled'], out: ['logits'] },
    ],
  });
}

const files = () => ({
  'config.json': {
    model_type: 'whisper',
    architectures: ['WhisperForConditionalGeneration'],
    is_encoder_decoder: true,
    vocab_size: size,
    d_model: 1,
    encoder_layers: 0,
    decoder_layers: 0,
    encoder_attention_heads: 1,
    decoder_attention_heads: 1,
    max_source_positions: 1_500,
    max_target_positions: 8,
    decoder_start_token_id: 3,
    bos_token_id: 2,
    eos_token_id: 2,
    pad_token_id: 2,
  },
  'generation_config.json': {
    is_multilingual: false,
    decoder_start_token_id: 3,
    eos_token_id: 2,
    pad_token_id: 2,
    no_timestamps_token_id: 4,
    max_length: 8,
  },
  'preprocessor_config.json': {
    feature_extractor_type: 'WhisperFeatureExtractor',
    processor_class: 'WhisperProcessor',
    feature_size: 80,
    sampling_rate: 16_000,
    hop_length: 160,
    chunk_length: 30,
    n_fft: 400,
    n_samples: 480_000,
    nb_max_frames: 3_000,
  },
  'tokenizer_config.json': { tokenizer_class: 'WhisperTokenizer', clean_up_tokenization_spaces: false },
  'tokenizer.json': {
    version: '1.0',
    added_tokens: vocabulary.slice(2).map((content, index) => ({
      id: index + 2,
      content,
      special: true,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
    })),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])),
      merges: [],
      unk_token: '<|endoftext|>',
    },
  },
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'whisper-'));
  await mkdir(join(folder, 'onnx'));
  for (const [name, content] of Object.entries(files()))
    await writeFile(join(folder, name), JSON.stringify(content));
  await writeFile(join(folder, 'onnx', 'encoder_model.onnx'), encoder());
  await writeFile(join(folder, 'onnx', 'decoder_model_merged.onnx'), decoder());
});
afterAll(() => rm(folder, { recursive: true }));

/** Whisper's features are relative to the loudest: noise is even, a click is not. */
const noise = (ms: number) => Int16Array.from({ length: ms * 16 }, (_, n) => ((n * 7_919) % 40_000) - 20_000);
const click = (ms: number) => Int16Array.from({ length: ms * 16 }, (_, n) => (n === 800 ? 20_000 : 0));

test('a folder of weights: utterances in order, by the features that Whisper wants', async () => {
  const stt = whisperStt({ folder, dtype: 'fp32' });
  await stt.warmUp();
  const stream = stt.stream();
  const told = new Told(stream);
  stream.push(noise(29_000));
  stream.flush();
  stream.push(click(1_000));
  stream.flush();
  await told.until(2);
  expect(told.outcomes).toEqual(['loud', 'quiet']);
  await stt.close();
});

test('no folder, and a folder whose weights are missing', async () => {
  expect(() => whisperStt({ folder: '/nowhere' })).toThrow(
    expect.objectContaining({ code: 'file_unreadable', param: 'folder' }),
  );
  const stt = whisperStt({ folder, dtype: 'q4' });
  await expect(stt.warmUp()).rejects.toMatchObject({ code: 'file_unreadable', param: 'folder' });
  await stt.close();
});

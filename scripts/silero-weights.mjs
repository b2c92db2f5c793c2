// Reads the 16 kHz branch of the Silero v6 voice activity model out of its ONNX file and writes its parameters as
// one little-endian f32 file for our own runner (src/speech/embedded/vad/silero-model.ts), in this order:
//   4 x conv weight [out][tap * in], conv bias [out]; LSTM weight_ih [512][128], weight_hh [512][128],
//   bias_ih + bias_hh [512]; decoder weight [128], decoder bias [1].
// Usage: node scripts/silero-weights.mjs [output folder]; needs the devDependency @ricky0123/vad-web.
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
export const onnxPath = path.join(root, 'node_modules/@ricky0123/vad-web/dist/silero_vad_v6.onnx');
const sha256 = /^1a153a22.*8e3$/;

const notice = `silero-v6.bin holds the parameters of the 16 kHz branch of the Silero VAD model, version 6
(https://github.com/snakers4/silero-vad), rearranged by scripts/silero-weights.mjs. Its licence:

MIT License

Copyright (c) 2020-present Silero Team

Permission is hereby granted, free of charge, to any person obtaining a copy
of this software and associated documentation files (the "Software"), to deal
in the Software without restriction, including without limitation the rights
to use, copy, modify, merge, publish, distribute, sublicense, and/or sell
copies of the Software, and to permit persons to whom the Software is
furnished to do so, subject to the following conditions:

The above copyright notice and this permission notice shall be included in all
copies or substantial portions of the Software.

THE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR
IMPLIED, INCLUDING BUT NOT LIMITED TO THE WARRANTIES OF MERCHANTABILITY,
FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT. IN NO EVENT SHALL THE
AUTHORS OR COPYRIGHT HOLDERS BE LIABLE FOR ANY CLAIM, DAMAGES OR OTHER
LIABILITY, WHETHER IN AN ACTION OF CONTRACT, TORT OR OTHERWISE, ARISING FROM,
OUT OF OR IN CONNECTION WITH THE SOFTWARE OR THE USE OR OTHER DEALINGS IN THE
SOFTWARE.
`;

/** Fields of one protobuf message as [number, value]: a number for varints, bytes for everything with a length. */
function* fields(bytes) {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const wire = key & 7;
    if (wire === 0) yield [key >>> 3, varint()];
    else if (wire === 2) {
      const length = varint();
      yield [key >>> 3, bytes.subarray(at, (at += length))];
    } else at += wire === 1 ? 8 : 4;
  }
}

const all = (bytes, number) => [...fields(bytes)].filter(([n]) => n === number).map(([, value]) => value);
const text = (bytes) => (bytes === undefined ? '' : Buffer.from(bytes).toString());

/** Every tensor of a graph by name: initialisers and Constant nodes. Field numbers are those of onnx.proto3. */
function tensors(graph) {
  const found = new Map();
  const keep = (name, tensor) => {
    const raw = all(tensor, 9)[0];
    if (all(tensor, 2)[0] === 1 && raw !== undefined)
      found.set(name, new Float32Array(new Uint8Array(raw).buffer));
  };
  for (const tensor of all(graph, 5)) keep(text(all(tensor, 8)[0]), tensor);
  for (const node of all(graph, 1)) {
    if (text(all(node, 4)[0]) !== 'Constant') continue;
    for (const attribute of all(node, 5)) {
      const tensor = all(attribute, 5)[0];
      if (tensor !== undefined) keep(text(all(node, 2)[0]), tensor);
    }
  }
  return found;
}

/** The subgraph that the top-level If takes for 16 kHz. */
function branch16k(model) {
  const graph = all(model, 7)[0];
  for (const node of all(graph, 1)) {
    if (text(all(node, 4)[0]) !== 'If') continue;
    for (const attribute of all(node, 5))
      if (text(all(attribute, 1)[0]) === 'then_branch') return all(attribute, 6)[0];
  }
  throw new Error('silero_vad_v6.onnx: no If node with a then_branch');
}

/** All parameters, in the order of the runner. */
export function extract(onnx) {
  const named = tensors(branch16k(onnx));
  const take = (suffix, length) => {
    const hits = [...named].filter(([name]) => name.endsWith(suffix));
    if (hits.length !== 1 || hits[0][1].length !== length)
      throw new Error(
        `silero_vad_v6.onnx: ${suffix}: ${hits.length} tensors of ${hits[0]?.[1].length} values`,
      );
    return hits[0][1];
  };
  const parts = [];
  const channels = [129, 128, 64, 64, 128];
  for (let layer = 0; layer < 4; layer++) {
    const [cin, cout] = [channels[layer], channels[layer + 1]];
    const stored = take(`encoder.${layer}.reparam_conv.weight`, cout * cin * 3); // [out][in][tap]
    const packed = new Float32Array(stored.length);
    for (let o = 0; o < cout; o++)
      for (let i = 0; i < cin; i++)
        for (let k = 0; k < 3; k++) packed[(o * 3 + k) * cin + i] = stored[(o * cin + i) * 3 + k];
    parts.push(packed, take(`encoder.${layer}.reparam_conv.bias`, cout));
  }
  parts.push(take('rnn.weight_ih', 512 * 128), take('rnn.weight_hh', 512 * 128));
  const hidden = take('rnn.bias_hh', 512);
  parts.push(take('rnn.bias_ih', 512).map((value, i) => value + hidden[i]));
  parts.push(take('decoder.decoder.2.weight', 128), take('decoder.decoder.2.bias', 1));
  return Buffer.concat(parts.map((part) => Buffer.from(part.buffer)));
}

export async function writeSileroWeights(folder = path.join(root, 'dist/speech/embedded')) {
  const onnx = await readFile(onnxPath);
  const digest = createHash('sha256').update(onnx).digest('hex');
  if (!sha256.test(digest)) throw new Error(`${onnxPath} is not the Silero v6 model (sha256 ${digest})`);
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'silero-v6.bin'), extract(onnx));
  await writeFile(path.join(folder, 'silero-v6.LICENSE.txt'), notice);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href)
  await writeSileroWeights(process.argv[2]);

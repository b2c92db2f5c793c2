import { readFileSync } from 'node:fs';
import { ConfigError } from '../../../core/index.js';
import { compiledFile } from '../compiled-file.js';

/** Channels between the layers of the encoder: spectrum bins in, LSTM inputs out. */
export const channels = [129, 128, 64, 64, 128] as const;
export const hidden = 128;

/** Parameters of the model; convolution weights are [out][tap][in] with 3 taps, LSTM gates in the order i, f, g, o. */
export interface SileroWeights {
  conv: { weight: Float32Array; bias: Float32Array }[];
  inputGates: Float32Array;
  hiddenGates: Float32Array;
  gateBias: Float32Array;
  outWeight: Float32Array;
  outBias: number;
}

let loaded: SileroWeights | undefined;

/** Reads `silero-v6.bin`, once per thread. Throws `file_unreadable` when it is missing or not of the size written by scripts/silero-weights.mjs. */
export function sileroWeights(): SileroWeights {
  loaded ??= parse(read());
  return loaded;
}

function read(): Float32Array {
  const file = compiledFile('silero-v6.bin');
  try {
    const bytes = readFileSync(file);
    return new Float32Array(new Uint8Array(bytes).buffer);
  } catch (cause) {
    const message = `the weights of the voice activity model are missing (${file}): run "npm run build"`;
    throw new ConfigError('file_unreadable', message, { cause });
  }
}

function parse(values: Float32Array): SileroWeights {
  let at = 0;
  const take = (length: number) => values.subarray(at, (at += length));
  const conv = [0, 1, 2, 3].map((layer) => {
    const cout = channels[layer + 1]!;
    return { weight: take(cout * 3 * channels[layer]!), bias: take(cout) };
  });
  const weights: SileroWeights = {
    conv,
    inputGates: take(4 * hidden * hidden),
    hiddenGates: take(4 * hidden * hidden),
    gateBias: take(4 * hidden),
    outWeight: take(hidden),
    outBias: take(1)[0] ?? Number.NaN,
  };
  if (at !== values.length)
    throw new ConfigError(
      'file_unreadable',
      `silero-v6.bin has ${values.length} values, not ${at}: run "npm run build"`,
    );
  return weights;
}

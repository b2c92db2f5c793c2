export { pcmFromBase64, pcmToBase64 } from './base64.js';
export { Framer } from './framer.js';
export { decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw } from './g711.js';
export { type Level, levelOf, silenceDbfs } from './level.js';
export { LoopedSound } from './looped-sound.js';
export {
  applyGain,
  concatPcm,
  interleave,
  mixToMono,
  pcmFromBytes,
  pcmFromFloat,
  pcmToBytes,
  pcmToFloat,
} from './pcm.js';
export { PlayoutLine, type PlayoutReport } from './playout-line.js';
export { Resampler, resamplerRatesHz } from './resampler.js';
export type { WavEncoding, WavFormat } from './wav-format.js';
export { parseWav, readWav, WavReader } from './wav-reader.js';
export { encodeWav, WavWriter, wavHeaderBytes } from './wav-writer.js';

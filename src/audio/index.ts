export { pcmFromBase64, pcmToBase64 } from './base64.js';
export { Framer } from './framer.js';
export { decodeALaw, decodeMuLaw, encodeALaw, encodeMuLaw } from './g711.js';
export { type Level, levelOf, silenceDbfs } from './level.js';
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
export { Resampler, resamplerRatesHz } from './resampler.js';

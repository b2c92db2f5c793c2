export { type BurstOptions, coughBurst, type TicKind, ticBurst, ticKinds } from './burst.js';
export { dtmfTone } from './dtmf.js';
export { atSpeechLevel, speechLevelDb } from './level.js';
export { burstLoss, dropFrames, type LossOptions } from './loss.js';
export { gainForSnr, type MixPart, mix } from './mix.js';
export { type NoiseKind, type NoiseOptions, noise, noiseKinds } from './noise.js';
export { resampled, TelephoneLine, telephone, telephoneRateHz } from './telephone.js';
export {
  type CallerVoice,
  callerVoices,
  type Manner,
  type SpokenLine,
  speakLine,
  speakSet,
  type VoiceLine,
} from './voice.js';

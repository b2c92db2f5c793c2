/** OpenAI's Realtime models. */
export { RealtimeModel } from './model.js';
export { defaultModel, type ModelFacts, models } from './models.js';
export type {
  InputAudioNoiseReduction,
  InputAudioTranscription,
  NoiseReductionType,
  RealtimeModelOptions,
  SemanticVadOptions,
  ServerVadOptions,
  TurnDetection,
} from './options.js';

/** Google's Gemini Live models. */
export type { PerTool } from '../../wire/gemini/index.js';
export { defaultModel, RealtimeModel } from './model.js';
export { type ModelFacts, modelFacts, type Surface, type ThinkingLevel, voices } from './models.js';
export type {
  ActivityDetection,
  RealtimeInputOptions,
  RealtimeModelOptions,
  ServerTool,
  SetupFields,
  ThinkingOptions,
  TranscriptionOptions,
  VertexOptions,
} from './options.js';

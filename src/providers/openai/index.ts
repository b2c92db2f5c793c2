/** OpenAI's Realtime models, at OpenAI and at Azure. */
export type { AzureOptions, DialectOptions } from './azure-options.js';
export { RealtimeModel } from './model.js';
export {
  defaultModel,
  type ModelFacts,
  models,
  type TranscriberFacts,
  transcribers,
} from './models.js';
export type {
  Connector,
  InputAudioNoiseReduction,
  InputAudioTranscription,
  McpTool,
  McpToolFilter,
  NoiseReductionType,
  RealtimeModelOptions,
  Reasoning,
  SemanticVadOptions,
  ServerVadOptions,
  StoredPrompt,
  Tracing,
  Truncation,
  TurnDetection,
  UpdatableOptions,
} from './options.js';
export { type OptionsUpdate, patchOfUpdate } from './update.js';

export { type GeminiClientOptions, geminiClientMachine } from './client.js';
export { durationToMs, msToDuration } from './convert/duration.js';
export { inputRateHz, outputRateHz } from './convert/pcm.js';
export type * from './messages.js';
export { type ModelTraits, type PerTool, type ToolBehavior, traitsOf, vertexTraits } from './models.js';
export {
  type Admission,
  type GeminiFaults,
  type GeminiServerOptions,
  geminiServerMachine,
} from './server.js';
export { type SetupRequest, setupFromRequest } from './setup-request.js';

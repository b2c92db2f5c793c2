/** Google's Gemini Live models. */
export { defaultModel, RealtimeModel } from './model.js';
export type { ActivityDetection, RealtimeModelOptions, SetupFields } from './options.js';

export type { AzureSpeechOptions } from './config.js';
export { type AzureSttOptions, azureStt } from './stt.js';
export { type AzureTtsOptions, azureTts } from './tts.js';

export type { AzureSpeechOptions } from './config.js';
export { type AzureSttOptions, azureStt } from './stt.js';

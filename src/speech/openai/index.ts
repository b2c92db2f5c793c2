export type { OpenAIServiceOptions } from './client.js';
export { openaiHttpStt } from './http-stt.js';
export { type OpenAIRealtimeSttOptions, openaiRealtimeStt } from './realtime-stt.js';
export type { OpenAISttOptions } from './stt-options.js';
export { type OpenAITtsOptions, openaiTts } from './tts.js';

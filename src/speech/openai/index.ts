export type { OpenAIServiceOptions } from './client.js';
export { type OpenAIHttpSttOptions, openaiHttpStt } from './http-stt.js';
export { type OpenAIRealtimeSttOptions, openaiRealtimeStt } from './realtime-stt.js';
export { type OpenAITtsOptions, openaiTts } from './tts.js';

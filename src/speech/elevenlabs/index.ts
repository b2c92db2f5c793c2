export { type ElevenLabsTtsOptions, elevenLabsTts } from './tts.js';

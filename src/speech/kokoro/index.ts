export { type KokoroTtsOptions, kokoroTts } from './tts.js';

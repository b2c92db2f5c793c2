export { type CartesiaTtsOptions, cartesiaTts } from './tts.js';

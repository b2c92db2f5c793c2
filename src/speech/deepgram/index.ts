export { type DeepgramSttOptions, deepgramStt } from './stt.js';

export { type SherpaSttOptions, sherpaStt } from './stt.js';

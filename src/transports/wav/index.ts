export type { WavTransportOptions } from './options.js';
export { createWavTransport, type WavTransport } from './wav-transport.js';

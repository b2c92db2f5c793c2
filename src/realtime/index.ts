export type * from './capabilities.js';
export type * from './contract.js';
export type * from './model.js';
export { type WireLinkOptions, wireLink } from './wire-link.js';

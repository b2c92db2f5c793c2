/** Pure functions that both machines of OpenAI's wire need. */
export * from './audio.js';
export * from './codes.js';
export * from './items.js';
export * from './session.js';
export * from './tools.js';
export * from './turns.js';
export * from './usage.js';
export { type OpenAIVendor, vendorOff } from './vendor.js';

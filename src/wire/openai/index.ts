/** OpenAI's Realtime wire: its messages, what both ends share, and the two machines. */
export * from './client/index.js';
export * from './convert/index.js';
export * from './dialects/index.js';
export type * from './events.js';
export * from './server/index.js';

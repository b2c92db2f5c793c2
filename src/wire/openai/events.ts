/**
 * The messages of OpenAI's GA Realtime API, both directions, as published types and captures have them (2026-11).
 * Nullables stand where the real server sends `null`, also where the published types forget it.
 */
export type * from './events-client.js';
export type * from './events-items.js';
export type * from './events-response.js';
export type * from './events-server.js';
export type * from './events-session.js';

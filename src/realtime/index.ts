export type * from './capabilities.js';
export type * from './contract.js';
export type { EngineNotice, ReplyOutcome } from './engine/state.js';
export type * from './events.js';
export type { Dialler, DialContext, FrameTap } from './model.js';
export { RealtimeModel } from './realtime-model.js';
export { type ChatUpdate, type GenerateReplyOptions, RealtimeSession, type SessionOptions } from './session.js';
export { wireLink, type WireLinkOptions } from './wire-link.js';

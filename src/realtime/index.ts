export type * from './capabilities.js';
export { withPatch } from './config.js';
export type * from './contract.js';
export type { EngineNotice, ReplyOutcome } from './engine/state.js';
export type * from './events.js';
export type { DialContext, Dialler, FrameTap } from './model.js';
export { RealtimeModel } from './realtime-model.js';
export {
  type ChatUpdate,
  type GenerateReplyOptions,
  RealtimeSession,
  type SessionOptions,
} from './session.js';
export { type WireLinkOptions, wireLink } from './wire-link.js';

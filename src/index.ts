export * from './agent/index.js';
export {
  ChatContext,
  type ChatItem,
  type ChatMessage,
  chatMessage,
  type Item,
  type ToolSpec,
  type Usage,
  type Word,
} from './chat/index.js';
export * from './core/index.js';
export {
  type Capabilities,
  type Config,
  type ConnOptions,
  type Dialler,
  type Patch,
  RealtimeModel,
  RealtimeSession,
} from './realtime/index.js';

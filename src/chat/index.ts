export {
  type ChatConfigUpdate,
  type ChatFunctionCall,
  type ChatFunctionOutput,
  type ChatHandoff,
  type ChatItem,
  type ChatMessage,
  type ChatPart,
  type ChatRole,
  chatMessage,
  type HeardState,
  instructionsItemId,
  isEmptyMessage,
  isSystemMessage,
  messageText,
} from './chat-item.js';
export { ChatContext } from './context.js';
export { fromItem, seedItems, toItem } from './convert.js';
export { applyDiff, type ChatDiff, diffChat, diffItems, sameContent } from './diff.js';
export type { Item, ItemPart, ToolChoice, ToolSpec, Usage, Word } from './item.js';
export type { ChatContextJSON, ChatItemJSON, ChatPartJSON } from './json.js';
export { type Divergence, RemoteConversation } from './remote-list.js';
export type { CopyOptions } from './select.js';

import { type ChatItem, isEmptyMessage, isSystemMessage } from './chat-item.js';

/** What a copy leaves out. */
export interface CopyOptions {
  /** Calls and their outputs. */
  excludeFunctionCall?: boolean;
  /** Messages of the roles `system` and `developer`. */
  excludeInstructions?: boolean;
  /** Messages without text, transcript or image. */
  excludeEmptyMessage?: boolean;
  excludeHandoff?: boolean;
  excludeConfigUpdate?: boolean;
  /** Keeps only calls of these functions, and their outputs. */
  tools?: Iterable<string>;
}

/** The items that the options leave, in order. An output without a name is judged by the call it answers. */
export function selectItems(items: readonly ChatItem[], options: CopyOptions): ChatItem[] {
  const tools = options.tools === undefined ? undefined : new Set(options.tools);
  const names = new Map<string, string>();
  const wanted = (item: ChatItem): boolean => {
    switch (item.kind) {
      case 'message':
        if (options.excludeInstructions && isSystemMessage(item)) return false;
        return !(options.excludeEmptyMessage && isEmptyMessage(item));
      case 'function_call':
        names.set(item.call, item.name);
        return !options.excludeFunctionCall && (tools === undefined || tools.has(item.name));
      case 'function_output': {
        const name = item.name ?? names.get(item.call);
        if (options.excludeFunctionCall) return false;
        return tools === undefined || (name !== undefined && tools.has(name));
      }
      case 'handoff':
        return !options.excludeHandoff;
      case 'config_update':
        return !options.excludeConfigUpdate;
    }
  };
  return items.filter(wanted);
}

import { ConfigError } from '../core/index.js';
import { type ChatItem, isSystemMessage } from './chat-item.js';

/**
 * The youngest items, at most `maxItems` in all: the first system message always, and no output without its call before it,
 * because wires refuse such a history.
 */
export function truncateItems(items: readonly ChatItem[], maxItems: number): readonly ChatItem[] {
  if (!Number.isInteger(maxItems) || maxItems < 1) {
    throw new ConfigError('option_invalid', `maxItems must be an integer of at least 1, not ${maxItems}.`, {
      param: 'maxItems',
    });
  }
  if (items.length <= maxItems) return items;
  const system = items.find(isSystemMessage);
  let from = items.length - maxItems;
  if (system !== undefined && items.indexOf(system) < from) from += 1;
  const calls = new Set<string>();
  const tail = items.slice(from).filter((item) => {
    if (item.kind === 'function_call') calls.add(item.call);
    return item.kind !== 'function_output' || calls.has(item.call);
  });
  return system === undefined || tail.includes(system) ? tail : [system, ...tail];
}

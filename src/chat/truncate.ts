import { ConfigError } from '../core/index.js';
import { type ChatItem, isSystemMessage } from './chat-item.js';

/**
 * The youngest items, at most `maxItems` in all: the first system message always, and no output whose call is gone,
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
  const gone = new Set<string>();
  for (let index = 0; index < from; index++) {
    const item = items[index]!;
    if (item.kind === 'function_call') gone.add(item.call);
  }
  const tail = items.slice(from).filter((item) => !(item.kind === 'function_output' && gone.has(item.call)));
  // An output that had no call to begin with must not stand first either.
  while (tail[0]?.kind === 'function_output') tail.shift();
  return system === undefined || tail.includes(system) ? tail : [system, ...tail];
}

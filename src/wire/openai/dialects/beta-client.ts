import type { ClientEvent } from '../events.js';
import { itemToBeta, itemToGa } from './beta-items.js';
import { gaNames } from './beta-names.js';
import { requestShape, responseShape, sessionShape } from './beta-shapes.js';
import type { ClientDialect } from './dialect.js';
import { asFields, type Fields } from './fields.js';

export interface BetaClientOptions {
  /** 0.6..1.2; sent with every update of the session. Default: left to the server. The GA wire has none. */
  temperature?: number;
}

/**
 * The beta dialect from the client's end, for one connection: Azure's preview versions, and servers that were made after
 * them. Fields without a place in it are left out (see the shapes); `betaRefusal` says which options those are.
 */
export function betaClientDialect(options: BetaClientOptions = {}): ClientDialect {
  return new BetaClient(options);
}

/** A server that never ends its items must not make the book of them grow. */
const maxUnfinished = 256;

class BetaClient implements ClientDialect {
  readonly #options: BetaClientOptions;
  /** Items that were told while the model was still writing them, with the item before each: they end with their output item. */
  readonly #unfinished = new Map<unknown, unknown>();

  constructor(options: BetaClientOptions) {
    this.#options = options;
  }

  read(event: Fields, type: string): readonly Fields[] {
    const name = gaNames.get(type);
    if (name !== undefined) return [{ ...event, type: name }];
    switch (type) {
      case 'session.created':
      case 'session.updated':
        return [
          withField(event, 'session', (session) => ({ type: 'realtime', ...sessionShape.ga(session) })),
        ];
      case 'conversation.item.created':
        return this.#created(event);
      case 'conversation.item.retrieved':
      case 'response.output_item.added':
        return [withItem(event)];
      case 'response.output_item.done':
        return this.#finished(withItem(event));
      case 'response.created':
      case 'response.done':
        return [withField(event, 'response', (response) => responseShape.ga(response))];
      default:
        return [event];
    }
  }

  write(event: ClientEvent): object {
    switch (event.type) {
      case 'session.update': {
        const { temperature } = this.#options;
        const session = sessionShape.flat({ ...event.session });
        return { ...event, session: temperature === undefined ? session : { ...session, temperature } };
      }
      case 'conversation.item.create':
        // Images and items of MCP go as they are: the server refuses what it does not know, which its caller is told.
        return { ...event, item: itemToBeta(event.item) ?? event.item };
      case 'response.create':
        return event.response === undefined
          ? event
          : { ...event, response: requestShape.flat({ ...event.response }) };
      default:
        return event;
    }
  }

  /** Beta tells of an item once: an item that is not being written is done with it. */
  #created(event: Fields): readonly Fields[] {
    const told = withItem(event);
    const added = { ...told, type: 'conversation.item.added' };
    const item = asFields(told.item);
    if (item?.status === 'in_progress') {
      this.#unfinished.set(item.id, event.previous_item_id);
      if (this.#unfinished.size > maxUnfinished)
        this.#unfinished.delete(this.#unfinished.keys().next().value);
      return [added];
    }
    return [added, { ...told, type: 'conversation.item.done' }];
  }

  /** Items out of band were never told as the conversation's, so they do not end there. */
  #finished(event: Fields): readonly Fields[] {
    const id = asFields(event.item)?.id;
    if (!this.#unfinished.has(id)) return [event];
    const previous = this.#unfinished.get(id);
    this.#unfinished.delete(id);
    return [
      event,
      {
        type: 'conversation.item.done',
        event_id: event.event_id,
        item: event.item,
        ...(previous === undefined ? {} : { previous_item_id: previous }),
      },
    ];
  }
}

function withItem(event: Fields): Fields {
  return { ...event, item: itemToGa(event.item) };
}

/** What is not an object stays as it is: the machine knows what to think of it. */
function withField(event: Fields, name: string, convert: (fields: Fields) => Fields): Fields {
  const fields = asFields(event[name]);
  return fields === undefined ? event : { ...event, [name]: convert(fields) };
}

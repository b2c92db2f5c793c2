import type { ClientEvent, ClientEventOf, ClientEventType } from '../events.js';
import type { Context } from './context.js';
import { problem } from './errors.js';
import type { Input } from './input.js';
import type { ClientItems } from './items.js';
import type { Responses } from './responses.js';
import type { SessionState } from './session.js';
import type { ToolServers } from './tool-servers.js';

/** The concerns of one session. */
export interface Concerns {
  context: Context;
  session: SessionState;
  items: ClientItems;
  input: Input;
  responses: Responses;
  toolServers: ToolServers;
}

type Handler<T extends ClientEventType> = (
  concerns: Concerns,
  event: ClientEventOf<T>,
  eventId: string | null,
) => void;

/** Who answers which client event. */
const handlers: { [T in ClientEventType]: Handler<T> } = {
  'session.update': ({ context, session, responses }, { session: update }, eventId) => {
    if (update.type !== 'realtime') {
      const message = 'This is a realtime session: its type cannot be changed.';
      return context.refuse(problem('invalid_value', message, 'session.type'), eventId);
    }
    session.update(update, eventId, { spoke: responses.spoke, responding: responses.active });
  },
  'input_audio_buffer.append': ({ input }, { audio }, eventId) => input.append(audio, eventId),
  'input_audio_buffer.commit': ({ input }, _event, eventId) => input.commit(eventId),
  'input_audio_buffer.clear': ({ input }, _event, eventId) => input.clear(eventId),
  'output_audio_buffer.clear': ({ context }, _event, eventId) => {
    const message =
      'output_audio_buffer.clear works over WebRTC and SIP only: here the client owns its playout.';
    context.refuse(problem('invalid_event', message, 'type'), eventId);
  },
  'conversation.item.create': ({ items, session }, event, eventId) =>
    items.create(event, eventId, session.inputFormat),
  'conversation.item.retrieve': ({ items }, { item_id }, eventId) => items.retrieve(item_id, eventId),
  'conversation.item.delete': ({ items }, { item_id }, eventId) => items.delete(item_id, eventId),
  'conversation.item.truncate': ({ items }, event, eventId) => items.truncate(event, eventId),
  'response.create': ({ responses, toolServers }, { response }, eventId) => {
    if (responses.create(response ?? {}, eventId)) toolServers.mention(response?.tools ?? []);
  },
  'response.cancel': ({ responses }, { response_id }, eventId) =>
    responses.cancel(response_id ?? undefined, eventId),
};

export function handle(concerns: Concerns, event: ClientEvent, eventId: string | null): void {
  const handler: (concerns: Concerns, event: never, eventId: string | null) => void = handlers[event.type];
  // The table pairs each type with its own handler.
  handler(concerns, event as never, eventId);
}

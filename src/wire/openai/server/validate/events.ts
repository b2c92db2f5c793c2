import type { ClientEvent, ClientEventType, RealtimeSessionUpdate } from '../../events.js';
import { type Problem, problem } from '../errors.js';
import {
  arrayOf,
  boolean,
  type Check,
  isRecord,
  missing,
  number,
  object,
  oneOf,
  orNull,
  string,
  stringRecord,
  wrongType,
} from './check.js';
import { inputItem, newItem } from './item.js';
import {
  format,
  instructions,
  maxOutputTokens,
  modalities,
  prompt,
  reasoning,
  sessionUpdate,
  toolChoice,
  tools,
  voice,
} from './session.js';

const maxEventIdLength = 512;
const itemId = string(512, 1);

const response = object(
  {},
  {
    audio: object({}, { output: object({}, { format, voice }) }),
    conversation: oneOf('auto', 'none'),
    input: arrayOf(inputItem),
    instructions,
    max_output_tokens: maxOutputTokens,
    metadata: orNull(stringRecord(16, 64, 512)),
    output_modalities: modalities,
    parallel_tool_calls: boolean,
    prompt,
    reasoning,
    tool_choice: toolChoice,
    tools,
  },
);

const index = number(0, Number.MAX_SAFE_INTEGER, true);

function event(required: Record<string, Check>, optional: Record<string, Check> = {}): Check {
  return object(required, { ...optional, type: string(), event_id: string() });
}

/** What each client event may hold. A `null` where nothing is meant is taken as absent in a few places, as clients send it. */
const checks: Record<ClientEventType, Check> = {
  'session.update': event({ session: sessionUpdate }),
  'input_audio_buffer.append': event({ audio: string() }),
  'input_audio_buffer.commit': event({}),
  'input_audio_buffer.clear': event({}),
  'output_audio_buffer.clear': event({}),
  'conversation.item.create': event({ item: newItem }, { previous_item_id: orNull(itemId) }),
  'conversation.item.retrieve': event({ item_id: itemId }),
  'conversation.item.delete': event({ item_id: itemId }),
  'conversation.item.truncate': event({ item_id: itemId, content_index: index, audio_end_ms: index }),
  'response.create': event({}, { response: orNull(response) }),
  'response.cancel': event({}, { response_id: orNull(itemId) }),
};

export type Read =
  | { event: ClientEvent; eventId: string | null }
  | { problem: Problem; eventId: string | null };

/** One client event out of what was parsed, or what is wrong with it; `eventId` is there to be repeated in the error. */
export function readClientEvent(parsed: unknown): Read {
  if (!isRecord(parsed)) {
    return { problem: problem('invalid_event', 'An event must be a JSON object.'), eventId: null };
  }
  const { type, event_id } = parsed;
  let eventId: string | null = null;
  if (event_id !== undefined && event_id !== null) {
    if (typeof event_id !== 'string') {
      return { problem: wrongType('event_id', 'a string', event_id), eventId };
    }
    const found = string(maxEventIdLength)(event_id, 'event_id');
    if (found !== null) return { problem: found, eventId };
    eventId = event_id;
  }
  if (type === undefined) {
    return { problem: problem('invalid_event', "The 'type' field is missing.", 'type'), eventId };
  }
  const check =
    typeof type === 'string' && Object.hasOwn(checks, type) ? checks[type as ClientEventType] : undefined;
  if (check === undefined) {
    const shown = typeof type === 'string' ? `'${type.slice(0, 64)}'` : 'that is not a string';
    return { problem: problem('invalid_event', `Unknown event type ${shown}.`, 'type'), eventId };
  }
  // The most frequent event skips the walk over its fields.
  if (type === 'input_audio_buffer.append' && typeof parsed.audio !== 'string') {
    return {
      problem: parsed.audio === undefined ? missing('audio') : wrongType('audio', 'a string', parsed.audio),
      eventId,
    };
  }
  if (event_id === null) delete parsed.event_id;
  const found = check(parsed, '');
  // The checks above are the proof of this type; there is no other place where a parsed frame becomes an event.
  return found === null ? { event: parsed as ClientEvent, eventId } : { problem: found, eventId };
}

/** The `session` of an update or of a client secret. */
export function readSession(parsed: unknown): { session: RealtimeSessionUpdate } | { problem: Problem } {
  const found = sessionUpdate(parsed, 'session');
  return found === null ? { session: parsed as RealtimeSessionUpdate } : { problem: found };
}

import type { NewItem } from './events-items.js';
import type { ResponseRequest } from './events-response.js';
import type { SessionUpdate } from './events-session.js';

/** Fields of each client event besides `type` and `event_id`. */
export interface ClientEventFields {
  'session.update': { session: SessionUpdate };
  /** `audio`: base64 in the session's input format, at most 15 MiB. Not acknowledged. */
  'input_audio_buffer.append': { audio: string };
  'input_audio_buffer.commit': object;
  'input_audio_buffer.clear': object;
  /** WebRTC and SIP only. */
  'output_audio_buffer.clear': object;
  /** `previous_item_id`: absent = append, `root` = first. */
  'conversation.item.create': { item: NewItem; previous_item_id?: string };
  'conversation.item.retrieve': { item_id: string };
  'conversation.item.delete': { item_id: string };
  /** `audio_end_ms`: an integer, the last millisecond that is kept. */
  'conversation.item.truncate': { item_id: string; content_index: number; audio_end_ms: number };
  'response.create': { response?: ResponseRequest };
  'response.cancel': { response_id?: string };
}

export type ClientEventType = keyof ClientEventFields;

/** One client event by its type. `event_id`: at most 512 characters; an error caused by it repeats it. */
export type ClientEventOf<T extends ClientEventType> = T extends ClientEventType
  ? { type: T; event_id?: string } & ClientEventFields[T]
  : never;

export type ClientEvent = ClientEventOf<ClientEventType>;

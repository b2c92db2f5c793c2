import type { WireItem } from './events-items.js';
import type { ResponsePart, WireResponse } from './events-response.js';
import type { Session } from './events-session.js';

/** Which part of which item of which response. */
export interface PartIds {
  response_id: string;
  item_id: string;
  output_index: number;
  content_index: number;
}

interface CallIds {
  response_id: string;
  item_id: string;
  output_index: number;
}

export interface LogProb {
  token: string;
  logprob: number;
  bytes: number[];
}

export type TranscriptionUsage =
  | {
      type: 'tokens';
      total_tokens: number;
      input_tokens: number;
      output_tokens: number;
      input_token_details?: { text_tokens?: number; audio_tokens?: number };
    }
  | { type: 'duration'; seconds: number };

export interface ErrorBody {
  /** `invalid_request_error`, `server_error`, … */
  type: string;
  code: string | null;
  message: string;
  /** Path of the field at fault. */
  param: string | null;
  /** Of the client event that caused it, where it had one. */
  event_id: string | null;
}

export interface WireRateLimit {
  name: 'requests' | 'tokens';
  limit: number;
  remaining: number;
  reset_seconds: number;
}

/** Fields of each server event besides `type` and `event_id`. */
export interface ServerEventFields {
  'session.created': { session: Session };
  'session.updated': { session: Session };
  'conversation.created': { conversation: { id?: string; object?: 'realtime.conversation' } };

  'conversation.item.added': { previous_item_id?: string | null; item: WireItem };
  'conversation.item.done': { previous_item_id?: string | null; item: WireItem };
  /** The older name of `added` and `done`, still in the union. */
  'conversation.item.created': { previous_item_id?: string | null; item: WireItem };
  'conversation.item.retrieved': { item: WireItem };
  'conversation.item.deleted': { item_id: string };
  'conversation.item.truncated': { item_id: string; content_index: number; audio_end_ms: number };

  'conversation.item.input_audio_transcription.delta': {
    item_id: string;
    content_index?: number;
    delta?: string;
    logprobs?: LogProb[] | null;
  };
  'conversation.item.input_audio_transcription.completed': {
    item_id: string;
    content_index: number;
    transcript: string;
    usage: TranscriptionUsage;
    languages?: { code: string }[];
    logprobs?: LogProb[] | null;
  };
  'conversation.item.input_audio_transcription.segment': {
    item_id: string;
    content_index: number;
    id: string;
    speaker: string;
    start: number;
    end: number;
    text: string;
  };
  'conversation.item.input_audio_transcription.failed': {
    item_id: string;
    content_index: number;
    error: { type?: string; code?: string | null; message?: string; param?: string | null };
  };

  /** Positions count all audio written in the session; the prefix padding is included. */
  'input_audio_buffer.speech_started': { audio_start_ms: number; item_id: string };
  /** The silence window is included. */
  'input_audio_buffer.speech_stopped': { audio_end_ms: number; item_id: string };
  'input_audio_buffer.committed': { item_id: string; previous_item_id?: string | null };
  'input_audio_buffer.cleared': object;
  'input_audio_buffer.timeout_triggered': { audio_start_ms: number; audio_end_ms: number; item_id: string };
  /** SIP only; the one event without an `event_id`. */
  'input_audio_buffer.dtmf_event_received': { event: string; received_at: number };

  /** WebRTC and SIP only, as the next two. */
  'output_audio_buffer.started': { response_id: string };
  'output_audio_buffer.stopped': { response_id: string };
  'output_audio_buffer.cleared': { response_id: string };

  'response.created': { response: WireResponse };
  'response.done': { response: WireResponse };
  'response.output_item.added': { response_id: string; output_index: number; item: WireItem };
  'response.output_item.done': { response_id: string; output_index: number; item: WireItem };
  'response.content_part.added': PartIds & { part: ResponsePart };
  'response.content_part.done': PartIds & { part: ResponsePart };
  'response.output_text.delta': PartIds & { delta: string };
  'response.output_text.done': PartIds & { text: string };
  'response.output_audio_transcript.delta': PartIds & { delta: string };
  'response.output_audio_transcript.done': PartIds & { transcript: string };
  /** `delta`: base64 in the response's output format. */
  'response.output_audio.delta': PartIds & { delta: string };
  'response.output_audio.done': PartIds;
  'response.function_call_arguments.delta': CallIds & { call_id: string; delta: string };
  'response.function_call_arguments.done': CallIds & { call_id: string; name: string; arguments: string };

  'mcp_list_tools.in_progress': { item_id: string };
  'mcp_list_tools.completed': { item_id: string };
  'mcp_list_tools.failed': { item_id: string };
  'response.mcp_call_arguments.delta': CallIds & { delta: string; obfuscation?: string | null };
  'response.mcp_call_arguments.done': CallIds & { arguments: string };
  'response.mcp_call.in_progress': { item_id: string; output_index: number };
  'response.mcp_call.completed': { item_id: string; output_index: number };
  'response.mcp_call.failed': { item_id: string; output_index: number };

  'rate_limits.updated': { rate_limits: WireRateLimit[] };
  error: { error: ErrorBody };
}

export type ServerEventType = keyof ServerEventFields;

/** One server event by its type. */
export type ServerEventOf<T extends ServerEventType> = T extends ServerEventType
  ? { type: T } & (T extends 'input_audio_buffer.dtmf_event_received' ? object : { event_id: string }) &
      ServerEventFields[T]
  : never;

export type ServerEvent = ServerEventOf<ServerEventType>;

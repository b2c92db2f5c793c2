import type { ItemReference, NewItem, WireItem } from './events-items.js';
import type {
  AudioFormat,
  Modality,
  Reasoning,
  StoredPrompt,
  Tool,
  Voice,
  WireToolChoice,
} from './events-session.js';

export type WireResponseStatus = 'in_progress' | 'completed' | 'cancelled' | 'incomplete' | 'failed';

export interface StatusDetails {
  type: 'completed' | 'cancelled' | 'incomplete' | 'failed';
  reason?: 'turn_detected' | 'client_cancelled' | 'max_output_tokens' | 'content_filter';
  error?: { type?: string; code?: string | null; message?: string };
}

interface Modalities {
  text_tokens?: number;
  audio_tokens?: number;
  image_tokens?: number;
}

/** Tokens of one response over the whole context. */
export interface WireUsage {
  total_tokens?: number;
  input_tokens?: number;
  output_tokens?: number;
  input_token_details?: Modalities & { cached_tokens?: number; cached_tokens_details?: Modalities };
  output_token_details?: { text_tokens?: number; audio_tokens?: number };
}

/** Up to 16 pairs; keys of at most 64 characters, values of at most 512. */
export type Metadata = Record<string, string>;

/** As it stands in `response.created` and `response.done`. */
export interface WireResponse {
  id: string;
  object: 'realtime.response';
  status: WireResponseStatus;
  /** `null` while it runs. */
  status_details: StatusDetails | null;
  /** `[]` in `response.created`. */
  output: WireItem[];
  /** `null` when out of band. */
  conversation_id: string | null;
  output_modalities: Modality[];
  max_output_tokens: number | 'inf';
  audio: { output: { format: AudioFormat; voice: string } };
  metadata: Metadata | null;
  /** `null` until it is done; may stay so when cancelled. */
  usage: WireUsage | null;
}

/** `response` of `response.create`: each field overrides the session for this response only. */
export interface ResponseRequest {
  audio?: { output?: { format?: AudioFormat; voice?: Voice } };
  /** `none` = out of band. */
  conversation?: 'auto' | 'none';
  /** Absent = the conversation; `[]` = nothing. */
  input?: (NewItem | ItemReference)[];
  instructions?: string;
  max_output_tokens?: number | 'inf';
  metadata?: Metadata | null;
  output_modalities?: Modality[];
  parallel_tool_calls?: boolean;
  prompt?: StoredPrompt | null;
  reasoning?: Reasoning;
  tool_choice?: WireToolChoice;
  tools?: Tool[];
}

/** A part inside `response.content_part.*`: the short names. */
export type ResponsePart =
  | { type: 'text'; text?: string }
  | { type: 'audio'; audio?: string; transcript?: string | null };

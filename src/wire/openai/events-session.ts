import type { Connector } from './connectors.js';

/** The session object of the GA Realtime API: what a server sends whole, and what a client sends in part. */

export type AudioFormat =
  /** Signed 16-bit little-endian mono; 24000 is the only rate. */
  | { type: 'audio/pcm'; rate: 24000 }
  /** G.711 mu-law at 8 kHz. */
  | { type: 'audio/pcmu' }
  /** G.711 A-law at 8 kHz. */
  | { type: 'audio/pcma' };

export type Modality = 'text' | 'audio';

/** A built-in voice by name, or a custom one. */
export type Voice = string | { id: string };

export interface NoiseReduction {
  type: 'near_field' | 'far_field';
  /** Absent in an update = keep. */
  strength?: number;
}

/** The side model that writes down what the user said; the realtime model hears the audio, not this text. */
export interface InputTranscription {
  model?: string;
  language?: string | null;
  languages?: string[] | null;
  prompt?: string | null;
  keywords?: string[] | null;
  delay?: 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | null;
}

export interface ServerVad {
  type: 'server_vad';
  /** 0..1 */
  threshold?: number;
  prefix_padding_ms?: number;
  silence_duration_ms?: number;
  /** `null` or 5000..30000 */
  idle_timeout_ms?: number | null;
  create_response?: boolean;
  interrupt_response?: boolean;
}

export interface SemanticVad {
  type: 'semantic_vad';
  /** `auto` is `medium`. */
  eagerness?: 'low' | 'medium' | 'high' | 'auto';
  create_response?: boolean;
  interrupt_response?: boolean;
}

export type TurnDetection = ServerVad | SemanticVad;

export interface FunctionTool {
  type: 'function';
  name: string;
  description?: string;
  /** A JSON Schema object. */
  parameters?: unknown;
}

interface McpToolFilter {
  read_only?: boolean;
  tool_names?: string[];
}

/** A tool server that the vendor calls by itself. */
export interface McpTool {
  type: 'mcp';
  server_label: string;
  server_url?: string;
  connector_id?: Connector;
  tunnel_id?: string;
  authorization?: string;
  headers?: Record<string, string> | null;
  allowed_tools?: string[] | McpToolFilter | null;
  require_approval?: 'always' | 'never' | { always?: McpToolFilter; never?: McpToolFilter } | null;
  server_description?: string;
  defer_loading?: boolean;
  allowed_callers?: ('direct' | 'programmatic')[] | null;
}

export type Tool = FunctionTool | McpTool;

export type WireToolChoice =
  | 'none'
  | 'auto'
  | 'required'
  | { type: 'function'; name: string }
  | { type: 'mcp'; server_label: string; name?: string | null };

export interface Reasoning {
  effort?: 'minimal' | 'low' | 'medium' | 'high' | 'xhigh';
}

export type Truncation =
  | 'auto'
  | 'disabled'
  | { type: 'retention_ratio'; retention_ratio: number; token_limits?: { post_instructions?: number } };

export type Tracing =
  | 'auto'
  | { workflow_name?: string; group_id?: string; metadata?: Record<string, unknown> }
  | null;

/** A prompt template stored at the vendor. */
export interface StoredPrompt {
  id: string;
  version?: string | null;
  variables?: Record<string, string> | null;
}

export type Include = 'item.input_audio_transcription.logprobs'[] | null;

export interface AudioInput {
  format: AudioFormat;
  noise_reduction: NoiseReduction | null;
  transcription: InputTranscription | null;
  turn_detection: TurnDetection | null;
}

export interface AudioOutput {
  format: AudioFormat;
  voice: Voice;
  /** 0.25..1.5 */
  speed: number;
}

/** As a server sends it: whole, with `null` for what is off. */
export interface RealtimeSession {
  type: 'realtime';
  object: 'realtime.session';
  id: string;
  /** Unix seconds. */
  expires_at: number;
  model: string;
  output_modalities: Modality[];
  instructions: string;
  tools: Tool[];
  tool_choice: WireToolChoice;
  /** 1..4096 or `inf` */
  max_output_tokens: number | 'inf';
  /** Reasoning models only. */
  parallel_tool_calls?: boolean;
  /** Reasoning models only. */
  reasoning?: Reasoning;
  truncation: Truncation;
  tracing: Tracing;
  prompt: StoredPrompt | null;
  include: Include;
  audio: { input: AudioInput; output: AudioOutput };
}

/** A session that only writes down what it hears. */
export interface TranscriptionSession {
  type: 'transcription';
  object: 'realtime.transcription_session';
  id: string;
  /** Unix seconds. */
  expires_at: number;
  include: Include;
  audio: { input: AudioInput };
}

export type Session = RealtimeSession | TranscriptionSession;

/** In an update every leaf is optional: absent = keep; `null` = off, where the session has a `null`. */
export interface AudioInputUpdate {
  format?: AudioFormat;
  noise_reduction?: Partial<NoiseReduction> | null;
  transcription?: InputTranscription | null;
  turn_detection?: TurnDetection | null;
}

/** `session` of `session.update`. Without `type` it is refused. */
export interface RealtimeSessionUpdate {
  type: 'realtime';
  model?: string;
  output_modalities?: Modality[];
  instructions?: string;
  tools?: Tool[];
  tool_choice?: WireToolChoice;
  max_output_tokens?: number | 'inf';
  parallel_tool_calls?: boolean;
  reasoning?: Reasoning;
  truncation?: Truncation;
  tracing?: Tracing;
  prompt?: StoredPrompt | null;
  include?: Include;
  audio?: { input?: AudioInputUpdate; output?: Partial<AudioOutput> };
}

export interface TranscriptionSessionUpdate {
  type: 'transcription';
  include?: Include;
  audio?: { input?: AudioInputUpdate };
}

export type SessionUpdate = RealtimeSessionUpdate | TranscriptionSessionUpdate;

import type { Clock, Socket } from '../../core/index.js';
import type { ConnectOptions } from '../../net/index.js';
import type { ToolChoice } from '../../realtime/index.js';

/** How the user's words are written down, beside the model, which hears the audio itself. */
export interface InputAudioTranscription {
  /**
   * Default `gpt-transcribe`: the older five (`whisper-1`, `gpt-4o-*`) end on 2027-02-26, and `gpt-live-transcribe` and
   * `gpt-realtime-whisper` cannot be used while the server detects turns.
   */
  model?: string;
  /** ISO 639-1 or BCP 47. */
  language?: string;
  languages?: readonly string[];
  prompt?: string;
  keywords?: readonly string[];
  /** `gpt-realtime-whisper` only. */
  delay?: 'minimal' | 'low' | 'medium' | 'high' | 'xhigh';
}

export type NoiseReductionType = 'near_field' | 'far_field';

export interface InputAudioNoiseReduction {
  type: NoiseReductionType;
  strength?: number;
}

interface ServerReaction {
  /** The server answers a finished turn by itself. Default true. */
  createResponse?: boolean;
  /** The server stops its response when the user begins to speak. Default true. */
  interruptResponse?: boolean;
}

/** Ends a turn after a stretch of silence. */
export interface ServerVadOptions extends ServerReaction {
  type: 'server_vad';
  /** 0..1 */
  threshold?: number;
  prefixPaddingMs?: number;
  silenceDurationMs?: number;
  /** 5000..30000: the model speaks first when nobody has for so long. `null` = never. */
  idleTimeoutMs?: number | null;
}

/** Ends a turn when the words sound finished. */
export interface SemanticVadOptions extends ServerReaction {
  type: 'semantic_vad';
  /** How soon: it waits at most 8, 4 or 2 seconds for `low`, `medium`, `high`. `auto` is `medium`. */
  eagerness?: 'low' | 'medium' | 'high' | 'auto';
}

export type TurnDetection = ServerVadOptions | SemanticVadOptions;

export interface RealtimeModelOptions {
  /** Default `gpt-realtime-2.1`. A name that is not known here is passed on. */
  model?: string;
  /** Default `marin`. Custom voices by their id. */
  voice?: string;
  /** `['text']` for text alone; anything with `'audio'` for speech, whose transcript comes along. Default speech. */
  modalities?: readonly ('text' | 'audio')[];
  toolChoice?: ToolChoice;
  /** `http(s)` or `ws(s)`; path and query are kept. Default: `OPENAI_BASE_URL`, else OpenAI's own. */
  baseUrl?: string;
  /** A key, or what gives one at each connection. Default: `OPENAI_API_KEY`. Not needed where `baseUrl` is this machine. */
  apiKey?: string | (() => string | Promise<string>);
  /** `null` = no transcription. */
  inputAudioTranscription?: InputAudioTranscription | null;
  /** Default `null` = none. */
  inputAudioNoiseReduction?: NoiseReductionType | InputAudioNoiseReduction | null;
  /** Default `{ type: 'semantic_vad' }`. `null`: the caller commits each turn and asks for each reply. */
  turnDetection?: TurnDetection | null;
  /** 0.25..1.5, of the finished speech. Default 1. */
  speed?: number;
  /** 1..4096 or `inf`; counts tool calls too. Default `inf`. */
  maxResponseOutputTokens?: number | 'inf';
  /** `timeoutMs`: from the call to the open socket. Default 10,000. */
  connOptions?: { timeoutMs?: number };
  organization?: string;
  project?: string;
  /** Certificates (PEM) to trust instead of the system's. */
  ca?: string | readonly string[];
  /** Sent with the connection; wins over ours. */
  headers?: Record<string, string>;
  /** Opens the socket instead of the network, for tests and proxies. */
  connect?: (url: string, options: ConnectOptions & { clock: Clock }) => Promise<Socket>;
}

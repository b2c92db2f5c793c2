import type { Clock, Socket } from '../../core/index.js';
import type { ConnectOptions } from '../../net/index.js';
import type { ConnOptions, ToolChoice } from '../../realtime/index.js';
import type { Connector } from '../../wire/openai/connectors.js';
import type { AzureOptions, DialectOptions } from './azure-options.js';

export type { Connector } from '../../wire/openai/connectors.js';

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

/** How the server shortens a conversation that has become too long for the model. */
export type Truncation =
  /** The oldest items go. */
  | 'auto'
  /** The response fails instead. */
  | 'disabled'
  | {
      /** 0..1: so much of the conversation is kept. Fewer and larger cuts keep the vendor's cache useful. */
      retentionRatio: number;
      /** `postInstructions`: what instructions and tools leave to the conversation; it is cut when it holds more. */
      tokenLimits?: { postInstructions?: number };
    };

/** `auto`: under the vendor's default names. It cannot be changed once it is on. */
export type Tracing =
  | 'auto'
  | { workflowName?: string; groupId?: string; metadata?: Record<string, unknown> };

export interface Reasoning {
  effort?: 'minimal' | 'low' | 'medium' | 'high' | 'xhigh';
}

/** A prompt template stored at the vendor. */
export interface StoredPrompt {
  id: string;
  version?: string | null;
  variables?: Record<string, string> | null;
}

export interface McpToolFilter {
  readOnly?: boolean;
  toolNames?: readonly string[];
}

/**
 * A tool server (MCP) that the vendor calls by itself. Its calls are told as those of owner `provider` and are not ours to
 * answer. One of `serverUrl`, `connectorId` and `tunnelId` says where it is.
 */
export interface McpTool {
  /** Our name of the server; unique in a session. */
  serverLabel: string;
  serverUrl?: string;
  /** A service that the vendor is connected to. */
  connectorId?: Connector;
  tunnelId?: string;
  /** A token for the server or connector. */
  authorization?: string;
  /** Sent to the server with each call. */
  headers?: Record<string, string>;
  /** Default: all. */
  allowedTools?: readonly string[] | McpToolFilter;
  /** Whether a call waits for an `approve`. Default `always`. */
  requireApproval?: 'always' | 'never' | { always?: McpToolFilter; never?: McpToolFilter };
  serverDescription?: string;
  deferLoading?: boolean;
  allowedCallers?: readonly ('direct' | 'programmatic')[];
}

export interface RealtimeModelOptions extends AzureOptions, DialectOptions {
  /** Default `gpt-realtime-2.1`. A name that is not known here is passed on. */
  model?: string;
  /** Default `marin`. Custom voices by their id, `voice_…`. */
  voice?: string | { id: string };
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
  /** Models with `facts.reasoning` only, as the next. Default: the vendor's, `{ effort: 'low' }`. */
  reasoning?: Reasoning;
  /** The model may ask for several tools at once. */
  parallelToolCalls?: boolean;
  /** Default `auto`. */
  truncation?: Truncation;
  /** Default `null` = none. */
  tracing?: Tracing | null;
  /** Default `null` = none. */
  prompt?: StoredPrompt | null;
  /** What the server shall tell besides; it stands in the raw form of the events. */
  include?: readonly 'item.input_audio_transcription.logprobs'[] | null;
  mcpTools?: readonly McpTool[];
  /** Default `{ maxRetries: 3, intervalMs: 2000, timeoutMs: 10_000 }`. */
  connOptions?: ConnOptions;
  /** A session changes to another connection after so long. Default `null`: before the vendor's limit of 60 minutes. */
  maxSessionDurationMs?: number | null;
  organization?: string;
  project?: string;
  /** Certificates (PEM) to trust instead of the system's. */
  ca?: string | readonly string[];
  /** Sent with the connection; wins over ours. */
  headers?: Record<string, string>;
  /** Opens the socket instead of the network, for tests and proxies. */
  connect?: (url: string, options: ConnectOptions & { clock: Clock }) => Promise<Socket>;
}

/** The options that sessions may be given while they are open. */
export type UpdatableOptions = Pick<
  RealtimeModelOptions,
  | 'voice'
  | 'modalities'
  | 'toolChoice'
  | 'inputAudioTranscription'
  | 'inputAudioNoiseReduction'
  | 'turnDetection'
  | 'speed'
  | 'maxResponseOutputTokens'
  | 'reasoning'
  | 'parallelToolCalls'
  | 'truncation'
  | 'tracing'
  | 'prompt'
  | 'include'
  | 'mcpTools'
>;

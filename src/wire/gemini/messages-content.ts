/** Bytes with their type. `data` is standard base64. */
export interface Blob {
  data?: string;
  /** `audio/pcm;rate=16000`, `image/jpeg`, … */
  mimeType?: string;
}

/** One turn of the talk, or a system instruction. Live knows the roles `user` and `model` only. */
export interface Content {
  role?: 'user' | 'model';
  parts?: Part[];
}

/** A part holds one kind of thing. On sessions with audio output a `text` part is a thought, not speech. */
export interface Part {
  text?: string;
  thought?: boolean;
  thoughtSignature?: string;
  inlineData?: Blob;
  fileData?: { fileUri?: string; mimeType?: string };
  functionCall?: FunctionCall;
  functionResponse?: FunctionResponse;
  executableCode?: Record<string, unknown>;
  codeExecutionResult?: Record<string, unknown>;
}

/** `id` is absent on Vertex. */
export interface FunctionCall {
  id?: string;
  name?: string;
  args?: Record<string, unknown>;
}

/** In `response` the keys `output` and `error` have a meaning of their own. */
export interface FunctionResponse {
  id?: string;
  name?: string;
  response?: Record<string, unknown>;
  scheduling?: 'SILENT' | 'WHEN_IDLE' | 'INTERRUPT';
  willContinue?: boolean;
  parts?: Record<string, unknown>[];
}

/** Exactly one member is set per entry of the list. */
export interface Tool {
  functionDeclarations?: FunctionDeclaration[];
  googleSearch?: Record<string, unknown>;
  codeExecution?: Record<string, unknown>;
  urlContext?: Record<string, unknown>;
  googleMaps?: Record<string, unknown>;
  computerUse?: Record<string, unknown>;
  fileSearch?: Record<string, unknown>;
  mcpServers?: Record<string, unknown>[];
}

/** `parameters` is an OpenAPI subset with upper-case types, `parametersJsonSchema` a JSON Schema; one of the two. */
export interface FunctionDeclaration {
  name?: string;
  description?: string;
  parameters?: Record<string, unknown>;
  parametersJsonSchema?: unknown;
  response?: Record<string, unknown>;
  responseJsonSchema?: unknown;
  behavior?: 'BLOCKING' | 'NON_BLOCKING' | 'UNSPECIFIED';
}

/** Deltas to concatenate; some models send the whole line at once. `finished` does not come in practice. */
export interface Transcription {
  text?: string;
  finished?: boolean;
  languageCode?: string;
  speakerLabel?: string;
  words?: { word?: string; startOffset?: string; endOffset?: string }[];
  /** Durations as text: `"0.440s"`. */
  startOffset?: string;
  endOffset?: string;
}

export interface ModalityTokenCount {
  modality?: 'TEXT' | 'IMAGE' | 'VIDEO' | 'AUDIO' | 'DOCUMENT' | (string & {});
  tokenCount?: number;
}

/**
 * Token counts of one turn; the prompt is the whole context. Totals may leave the thoughts out, and details need not add
 * up. Vertex says `candidates…` where the Gemini API says `response…`.
 */
export interface UsageMetadata {
  promptTokenCount?: number;
  cachedContentTokenCount?: number;
  responseTokenCount?: number;
  candidatesTokenCount?: number;
  toolUsePromptTokenCount?: number;
  thoughtsTokenCount?: number;
  totalTokenCount?: number;
  promptTokensDetails?: ModalityTokenCount[];
  cacheTokensDetails?: ModalityTokenCount[];
  responseTokensDetails?: ModalityTokenCount[];
  candidatesTokensDetails?: ModalityTokenCount[];
  toolUsePromptTokensDetails?: ModalityTokenCount[];
  trafficType?: string;
  serviceTier?: string;
}

import type { Blob, Content, FunctionResponse, Tool } from './messages-content.js';

/** A client's frame: a JSON object with exactly one of these keys. */
export type ClientMessage =
  | { setup: Setup }
  | { clientContent: ClientContent }
  | { realtimeInput: RealtimeInput }
  | { toolResponse: ToolResponse }
  | { contextUpdate: ContextUpdate };

/** The first frame, once. Fields are left out rather than null or empty: the service refuses some of those. */
export interface Setup {
  /** `models/NAME`; on Vertex the long name of the publisher's model. */
  model: string;
  generationConfig?: GenerationConfig;
  systemInstruction?: Content;
  tools?: Tool[];
  realtimeInputConfig?: RealtimeInputConfig;
  /** `{}` asks for handles. `transparent` is for Vertex only. */
  sessionResumption?: { handle?: string; transparent?: boolean };
  /** Token counts are int64: text from JavaScript, numbers from Python. */
  contextWindowCompression?: {
    triggerTokens?: string | number;
    slidingWindow?: { targetTokens?: string | number };
  };
  inputAudioTranscription?: TranscriptionConfig;
  outputAudioTranscription?: TranscriptionConfig;
  proactivity?: { proactiveAudio?: boolean; proactiveVideo?: boolean };
  historyConfig?: { initialHistoryInClientContent?: boolean };
  explicitVadSignal?: boolean;
  avatarConfig?: {
    avatarName?: string;
    customizedAvatar?: { imageMimeType?: string; imageData?: string };
    audioBitrateBps?: number;
    videoBitrateBps?: number;
  };
  safetySettings?: Record<string, unknown>[];
  labels?: Record<string, string>;
}

/** What Live takes of a generation's settings. */
export interface GenerationConfig {
  responseModalities?: ('AUDIO' | 'TEXT' | 'VIDEO')[];
  temperature?: number;
  topP?: number;
  topK?: number;
  maxOutputTokens?: number;
  mediaResolution?:
    | 'MEDIA_RESOLUTION_UNSPECIFIED'
    | 'MEDIA_RESOLUTION_LOW'
    | 'MEDIA_RESOLUTION_MEDIUM'
    | 'MEDIA_RESOLUTION_HIGH';
  seed?: number;
  candidateCount?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  speechConfig?: SpeechConfig;
  thinkingConfig?: {
    includeThoughts?: boolean;
    thinkingBudget?: number;
    thinkingLevel?: 'MINIMAL' | 'LOW' | 'MEDIUM' | 'HIGH';
  };
  enableAffectiveDialog?: boolean;
  translationConfig?: { targetLanguageCode?: string; echoTargetLanguage?: boolean };
}

export interface SpeechConfig {
  voiceConfig?: {
    prebuiltVoiceConfig?: { voiceName?: string };
    replicatedVoiceConfig?: Record<string, unknown>;
  };
  languageCode?: string;
}

export interface TranscriptionConfig {
  languageCodes?: string[];
  customVocabulary?: string[];
  wordTimestamp?: boolean;
  diarization?: boolean;
  mode?: 'VERBATIM' | 'SMART';
  sourceText?: string;
  languageHints?: Record<string, unknown>;
  languageAuto?: Record<string, unknown>;
  adaptationPhrases?: string[];
}

export interface RealtimeInputConfig {
  automaticActivityDetection?: {
    disabled?: boolean;
    startOfSpeechSensitivity?:
      | 'START_SENSITIVITY_UNSPECIFIED'
      | 'START_SENSITIVITY_HIGH'
      | 'START_SENSITIVITY_LOW';
    endOfSpeechSensitivity?: 'END_SENSITIVITY_UNSPECIFIED' | 'END_SENSITIVITY_HIGH' | 'END_SENSITIVITY_LOW';
    prefixPaddingMs?: number;
    silenceDurationMs?: number;
  };
  activityHandling?: 'ACTIVITY_HANDLING_UNSPECIFIED' | 'START_OF_ACTIVITY_INTERRUPTS' | 'NO_INTERRUPTION';
  turnCoverage?:
    | 'TURN_COVERAGE_UNSPECIFIED'
    | 'TURN_INCLUDES_ONLY_ACTIVITY'
    | 'TURN_INCLUDES_ALL_INPUT'
    | 'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO';
  interimTranscriptTimestampEnabled?: boolean;
}

/** Adds turns in order. `turnComplete: true` asks for a reply, `false` waits for more. */
export interface ClientContent {
  turns?: Content[];
  turnComplete?: boolean;
}

/** Exactly one member per message. Not ordered against `clientContent`. */
export interface RealtimeInput {
  audio?: Blob;
  video?: Blob;
  /** A user's text that starts a reply. */
  text?: string;
  /** Only with automatic detection disabled. */
  activityStart?: Record<string, never>;
  activityEnd?: Record<string, never>;
  /** Flushes what is cached; only with automatic detection on. */
  audioStreamEnd?: boolean;
  /** Deprecated; the JavaScript SDK still sends its `media` so. */
  mediaChunks?: Blob[];
}

export interface ToolResponse {
  functionResponses?: FunctionResponse[];
}

/** Replaces the system instruction or the tools in mid-session; an empty list clears the tools. */
export interface ContextUpdate {
  systemInstruction?: Content;
  tools?: { tools?: Tool[] };
}

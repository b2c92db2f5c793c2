import type { Clock, Socket } from '../../core/index.js';
import type { ConnectOptions } from '../../net/index.js';
import type { ConnOptions } from '../../realtime/index.js';
import type { PerTool, RealtimeInputConfig, Setup, Tool } from '../../wire/gemini/index.js';

/** How the service finds the turns. Absent fields: the service's defaults. */
export interface ActivityDetection {
  startOfSpeechSensitivity?: 'high' | 'low';
  endOfSpeechSensitivity?: 'high' | 'low';
  /** Speech before this much of it does not start a turn. */
  prefixPaddingMs?: number;
  /** Silence that ends a turn. */
  silenceDurationMs?: number;
  /** The service stops its reply when the user begins to speak. Default true; false is `NO_INTERRUPTION`. */
  interruptResponse?: boolean;
}

/** What holds for turns however they are found. */
export interface RealtimeInputOptions {
  activityHandling?: 'START_OF_ACTIVITY_INTERRUPTS' | 'NO_INTERRUPTION';
  /** What of the input belongs to a turn. Default: the model's own. */
  turnCoverage?:
    | 'TURN_INCLUDES_ONLY_ACTIVITY'
    | 'TURN_INCLUDES_ALL_INPUT'
    | 'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO';
}

/** How words are written down, of either side. */
export interface TranscriptionOptions {
  /** BCP 47. */
  language?: string;
  languages?: readonly string[];
  /** Words that the service shall know. */
  customVocabulary?: readonly string[];
  /** Each word with its place in the audio. */
  wordTimestamps?: boolean;
}

export interface ThinkingOptions {
  /** Tokens; 0 = off, -1 = as many as it likes. 2.5 models. */
  budget?: number;
  /** 3.1 and 3.8 extended thinking; which of them the model takes is in its table. */
  level?: 'minimal' | 'low' | 'medium' | 'high';
  /** Thoughts come as `said` of stage `thought`. */
  includeThoughts?: boolean;
}

/** Google Cloud instead of the Gemini API. Without a project: express mode, by `apiKey`. */
export interface VertexOptions {
  /** Default: `GOOGLE_CLOUD_PROJECT`, unless `apiKey` is given. */
  project?: string;
  /** A region, `global`, or a multi-region (`us`, `eu`). Default: `GOOGLE_CLOUD_LOCATION`, else `global`. */
  location?: string;
  /** OAuth access token; a function is asked at each connection. Needed where there is a project. */
  accessToken?: string | (() => string | Promise<string>);
}

/** Tools that the service runs by itself, by their names on the wire. */
export type ServerTool = Exclude<keyof Tool, 'functionDeclarations'>;

/** Fields of the setup that have no option of their own, in the wire's names; they go over what the options say. */
export type SetupFields = Omit<Partial<Setup>, 'model' | 'systemInstruction' | 'realtimeInputConfig'> & {
  realtimeInputConfig?: Pick<RealtimeInputConfig, 'turnCoverage'>;
};

export interface RealtimeModelOptions {
  /** Default `gemini-3.8-live`. A name that is not known here is taken to be like it, and no option is refused for it. */
  model?: string;
  /** Default: the model's own. */
  voice?: string;
  /** Default: `GOOGLE_API_KEY`, else `GEMINI_API_KEY`. Ephemeral tokens (`auth_tokens/…`) too. Not needed where `baseUrl` is this machine. */
  apiKey?: string | (() => string | Promise<string>);
  vertex?: VertexOptions;
  /** `http(s)` or `ws(s)`, with or without a path. Default: `GOOGLE_GEMINI_BASE_URL` (`GOOGLE_VERTEX_BASE_URL`), else Google's own. */
  baseUrl?: string;
  /** Default `v1beta`; `v1alpha` for ephemeral tokens, affective dialog and proactivity; `v1beta1` on Vertex. */
  apiVersion?: 'v1' | 'v1beta' | 'v1alpha' | 'v1beta1';
  /** `['text']` where the model can. Default speech. */
  modalities?: readonly ['audio'] | readonly ['text'];
  /** BCP 47, of the speech. Native audio models choose by themselves. */
  languageCode?: string;
  temperature?: number;
  topP?: number;
  topK?: number;
  maxOutputTokens?: number;
  seed?: number;
  presencePenalty?: number;
  frequencyPenalty?: number;
  mediaResolution?: 'low' | 'medium' | 'high';
  thinking?: ThinkingOptions;
  /** Answers in the tone of what it hears. 2.5 models. */
  affectiveDialog?: boolean;
  /** The model may leave alone what is not meant for it. 2.5 models; always so on 3.8. */
  proactivity?: boolean;
  googleSearch?: boolean;
  /** Other tools of the service, in the wire's form: `[{ urlContext: {} }]`. */
  serverTools?: readonly Omit<Tool, 'functionDeclarations'>[];
  /** Whether the model waits for the result of a call. Default: it does, where it can. */
  toolBehavior?: PerTool<'BLOCKING' | 'NON_BLOCKING'>;
  /**
   * When the result of a NON_BLOCKING call is spoken of. Default: the service's `WHEN_IDLE`. A result that is answered
   * with `then: 'wait'` goes as `SILENT` whatever is said here.
   */
  toolScheduling?: PerTool<'WHEN_IDLE' | 'INTERRUPT'>;
  /** The service's own transcript of the user. Default on; `null` = none. */
  inputAudioTranscription?: TranscriptionOptions | null;
  /** The transcript of the model's speech. Default on; `null` = none. */
  outputAudioTranscription?: TranscriptionOptions | null;
  /** `null`: the caller marks each turn. */
  turnDetection?: ActivityDetection | null;
  realtimeInput?: RealtimeInputOptions;
  /** Default on, with the service's numbers, which lets a talk last; `null` = off: 15 minutes of audio. */
  contextWindowCompression?: { triggerTokens?: number; targetTokens?: number } | null;
  /** Handles with which a new connection goes on where this one was. Default on. `transparent`: Vertex only. */
  sessionResumption?: boolean | { transparent?: boolean };
  safetySettings?: readonly Readonly<Record<string, unknown>>[];
  labels?: Readonly<Record<string, string>>;
  /** Vertex only: the service reports speech edges, and the session needs no `vad`. */
  explicitVadSignal?: boolean;
  /** The translating model only. */
  translation?: { targetLanguage: string; echoTargetLanguage?: boolean };
  setup?: SetupFields;
  /** Retries of a lost or failed connection; `timeoutMs`: from the call to the open socket. Default 10,000. */
  connOptions?: ConnOptions;
  /** A session changes to another connection after so long at the latest. Default: when the service announces the end. */
  maxSessionDurationMs?: number;
  /** Certificates (PEM) to trust instead of the system's. */
  ca?: string | readonly string[];
  /** Sent with the connection; wins over ours. */
  headers?: Record<string, string>;
  /** Opens the socket instead of the network, for tests and proxies. */
  connect?: (url: string, options: ConnectOptions & { clock: Clock }) => Promise<Socket>;
}

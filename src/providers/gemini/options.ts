import type { Clock, Socket } from '../../core/index.js';
import type { ConnectOptions } from '../../net/index.js';
import type { RealtimeInputConfig, Setup } from '../../wire/gemini/index.js';

/** How the service finds the turns. Absent fields: the service's defaults. */
export interface ActivityDetection {
  startOfSpeechSensitivity?: 'high' | 'low';
  endOfSpeechSensitivity?: 'high' | 'low';
  /** Speech before this much of it does not start a turn. */
  prefixPaddingMs?: number;
  /** Silence that ends a turn. */
  silenceDurationMs?: number;
  /** The service stops its reply when the user begins to speak. Default true. */
  interruptResponse?: boolean;
}

/** Fields of the setup that have no option of their own, in the wire's names; they go over what the options say. */
export type SetupFields = Omit<Partial<Setup>, 'model' | 'systemInstruction' | 'realtimeInputConfig'> & {
  realtimeInputConfig?: Pick<RealtimeInputConfig, 'turnCoverage'>;
};

export interface RealtimeModelOptions {
  /** Default `gemini-3.8-live`. A name that is not known here is taken to be like it. */
  model?: string;
  /** Default: the model's own. */
  voice?: string;
  /** Default: `GOOGLE_API_KEY`, else `GEMINI_API_KEY`. Ephemeral tokens (`auth_tokens/…`) too. Not needed where `baseUrl` is this machine. */
  apiKey?: string | (() => string | Promise<string>);
  /** `http(s)` or `ws(s)`, with or without a path. Default: `GOOGLE_GEMINI_BASE_URL`, else Google's own. */
  baseUrl?: string;
  /** Default `v1beta`; `v1alpha` for ephemeral tokens. */
  apiVersion?: 'v1' | 'v1beta' | 'v1alpha';
  /** The service's own transcript of the user; `language` as BCP 47. Default on; `null` = none. */
  inputAudioTranscription?: { language?: string } | null;
  /** `null`: the caller marks each turn. */
  turnDetection?: ActivityDetection | null;
  /** `contextWindowCompression` is `{ slidingWindow: {} }` by default, which lets a talk last; `undefined` takes it out. */
  setup?: SetupFields;
  /** `timeoutMs`: from the call to the open socket. Default 10,000. */
  connOptions?: { timeoutMs?: number };
  /** Certificates (PEM) to trust instead of the system's. */
  ca?: string | readonly string[];
  /** Sent with the connection; wins over ours. */
  headers?: Record<string, string>;
  /** Opens the socket instead of the network, for tests and proxies. */
  connect?: (url: string, options: ConnectOptions & { clock: Clock }) => Promise<Socket>;
}

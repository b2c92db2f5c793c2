import type { Content, FunctionCall, Transcription, UsageMetadata } from './messages-content.js';

/** A server's frame. Several keys may be set at once; `{}` comes too. */
export interface ServerMessage {
  setupComplete?: { sessionId?: string; voiceConsentSignature?: { signature?: string } };
  serverContent?: ServerContent;
  toolCall?: { functionCalls?: FunctionCall[] };
  /** Calls that need no answer any more. */
  toolCallCancellation?: { ids?: string[] };
  usageMetadata?: UsageMetadata;
  /** `timeLeft` is a duration as text: `"50s"`. */
  goAway?: { timeLeft?: string };
  sessionResumptionUpdate?: {
    newHandle?: string;
    resumable?: boolean;
    lastConsumedClientMessageIndex?: string | number;
  };
  /** On the wire `type`; the SDK's type has `voiceActivityType`. */
  voiceActivity?: {
    type?: VoiceActivityType;
    voiceActivityType?: VoiceActivityType;
    audioOffset?: string;
  };
  voiceActivityDetectionSignal?: { vadSignalType?: string };
}

export type VoiceActivityType = 'ACTIVITY_START' | 'ACTIVITY_END' | (string & {});

/** May be empty: the service then has noticed speech, or is about to answer. */
export interface ServerContent {
  modelTurn?: Content;
  /** Everything has been produced; not sent for an interrupted generation. */
  generationComplete?: boolean;
  /** The turn is over; the service waits for the assumed end of playback. */
  turnComplete?: boolean;
  /** Unplayed audio is void; also with no generation in progress. */
  interrupted?: boolean;
  inputTranscription?: Transcription;
  interimInputTranscription?: Transcription;
  outputTranscription?: Transcription;
  groundingMetadata?: Record<string, unknown>;
  urlContextMetadata?: Record<string, unknown>;
  turnCompleteReason?: string;
  waitingForInput?: boolean;
  /** Extended thinking only: there a `turnComplete` may close a mere filler, and the talk goes on until `IDLE`. */
  interactionStatus?: 'IN_PROGRESS' | 'IDLE' | 'REQUIRES_ACTION' | (string & {});
}

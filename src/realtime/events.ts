import type { Item, Usage, Word } from '../chat/item.js';
import type { Ms, ReparteeError } from '../core/index.js';
import type { RateLimit } from './contract.js';
import type { ReplyOutcome } from './engine/state.js';
import type { SimpleEvents } from './simple-events.js';

/** Public events of a `RealtimeSession`: the ecosystem's names for the contract's events. */
export interface RealtimeEvents extends SimpleEvents {
  state_changed: { from: SessionState; to: SessionState };
  /** `atMs`: on the input line, where the wire says so. `itemId`: what the turn will be an item of, where it is known so early. */
  input_speech_started: { turnId: string; itemId?: string; atMs?: Ms };
  /** `discarded`: it was no turn, nothing comes of it. */
  input_speech_stopped: {
    turnId: string;
    itemId?: string;
    atMs?: Ms;
    discarded: boolean;
    userTranscriptionEnabled: boolean;
  };
  /** The turn's audio is now an item of the conversation. */
  input_audio_committed: { turnId: string; itemId: string };
  /** The whole text so far. */
  input_audio_transcription_updated: { itemId: string; turnId?: string; text: string };
  input_audio_transcription_completed: {
    itemId: string;
    turnId?: string;
    text: string;
    words?: Word[];
    language?: string;
    /** 0..1, where the wire tells. */
    confidence?: number;
  };
  input_audio_transcription_failed: { itemId: string; turnId?: string; message: string };
  /** The connection took so long that the oldest of the audio pushed meanwhile was dropped. */
  input_audio_dropped: { droppedMs: Ms };
  generation_created: GenerationCreated;
  /** Mono at the model's output rate; the receiver may keep it. Never of an interrupted response. */
  generation_audio: { responseId: string | null; itemId: string | null; part: number; pcm: Int16Array };
  generation_text: GenerationText;
  generation_part: {
    phase: 'started' | 'done';
    responseId: string | null;
    itemId: string;
    index: number;
    part: number;
    kind: 'audio' | 'text';
  };
  generation_call: GenerationCall;
  /** The model withdrew a call: abort the tool, send no answer. */
  generation_call_withdrawn: { callId: string };
  /** The provider asks before it runs a tool by itself: `approve` answers. `args` is JSON text. */
  mcp_approval_requested: { approvalId: string; callId?: string; server: string; name: string; args: string };
  generation_ended: GenerationEnded;
  /** A reply that was asked for, or due, and will not come. `asked`: the promise of its `generateReply` rejects with the same error. */
  reply_failed: { replyId: string; error: ReparteeError; asked: boolean };
  /** A turn without words, to which the server gave no answer. */
  turn_unanswered: { turnId: string };
  /** Each raises `epoch`. */
  interrupted: { by: 'us' | 'server'; epoch: number; responseId: string | null };
  remote_item_added: { previousItemId: string | null; item: Item };
  remote_item_removed: { itemId: string };
  /** `basis: 'sent'`: the server cannot be told, and still has all of it. */
  remote_item_truncated: { itemId: string; heardMs: Ms; basis: 'wire' | 'sent' };
  rate_limits_updated: { limits: RateLimit[] };
  /** The server says that it will end the connection then. Another one takes over before; nothing has to be done. */
  session_expiring: { inMs: Ms };
  /**
   * Another connection serves. `attempt`: 1 where the first try was good; `gapMs`: how long there was none (what was said
   * meanwhile is not lost); `replayedMs`: how much speech was sent again; `resumed`: the server went on by itself, instead of being told the history.
   */
  session_reconnected: { attempt: number; gapMs: Ms; replayedMs: Ms; resumed: boolean };
  /** No connection was had, or one that died at once (`attempt` 0); another try follows after `delayMs`. `attempt`: tries of this outage that failed. */
  session_retrying: { attempt: number; delayMs: Ms; code: string; message: string };
  /** A turn's audio was sent to another connection again. */
  input_replayed: { turnId: string; durationMs: Ms };
  /** The user's turn has ended and nothing has come of it. `then`: what is done about it. */
  dead_air: { turnId: string; waitedMs: Ms; then: 'fail' | 'ask' | 'say' | 'reconnect' };
  metrics_collected: GenerationMetrics;
  /** Something was used that is paid for. */
  usage_reported: UsageReport;
  /** Every frame from the model, decoded when read. Only made while somebody listens. */
  server_event_received: RawEvent;
  /** Every frame to the model. */
  client_event_queued: RawEvent;
  /** The same on OpenAI's wire, as the parsed JSON. */
  openai_server_event_received: unknown;
  openai_client_event_queued: unknown;
  error: ReparteeError;
  /** Last; once. `error` where it was not asked for. */
  closed: { code: string; message: string; error?: ReparteeError };
}

/** `reconnecting`: a link was lost, and another one is being made. */
export type SessionState = 'connecting' | 'open' | 'reconnecting' | 'closed';

export interface GenerationCreated {
  replyId: string;
  responseId: string;
  /** The turn it answers, where it answers one. */
  turnId?: string;
  /** Asked by `generateReply` or as the follow-up of tools, not by the server itself. */
  userInitiated: boolean;
  outOfBand: boolean;
  epoch: number;
}

export interface GenerationText {
  responseId: string | null;
  itemId: string | null;
  part: number;
  text: string;
  how: 'append' | 'replace' | 'final';
  stage: 'planned' | 'spoken' | 'thought';
  /** Times are milliseconds into the item's audio. */
  words?: Word[];
}

export interface GenerationCall {
  responseId: string | null;
  itemId?: string;
  callId: string;
  name: string;
  /** JSON text as the model wrote it; not validated. */
  args: string;
}

export interface GenerationEnded {
  replyId: string;
  responseId: string;
  outcome: ReplyOutcome;
  /** Why it was not completed, in the wire's words; '' otherwise. */
  reason: string;
  /** Tool calls of this response that we owe an answer. */
  calls: number;
  /** The reply goes on in another response: its connection was lost, or what the provider's tools found is to be told. */
  again?: boolean;
}

export interface GenerationMetrics {
  type: 'realtime_model';
  /** `provider/model`. */
  label: string;
  provider: string;
  model: string;
  /** Wall clock at the start of the response, milliseconds since the epoch. */
  timestampMs: number;
  responseId: string;
  /** The same: the vendor's id of what was done for us. */
  requestId: string;
  /** From the start of the response to its first audio or text; absent when there was none. */
  ttftMs?: Ms;
  durationMs: Ms;
  cancelled: boolean;
  /** Of its connection: from the dial until audio could flow. */
  connectionAcquiredMs?: Ms;
  /** Of the output, over `durationMs`; absent where the wire counts no tokens. */
  tokensPerSecond?: number;
  /** Tokens in and out, by kind. */
  usage?: Usage;
}

export interface RawEvent {
  /** The frame as it crossed the wire. */
  readonly frame: string | Uint8Array;
  /** The parsed JSON; undefined where it is none. Parsed on first reading. */
  readonly event: unknown;
}

export interface UsageReport {
  /** What it was used for: a response, the whole connection so far, the writing down of the user's words, or a part of a pipeline. */
  of: 'response' | 'session' | 'transcription' | 'stt' | 'llm' | 'tts';
  /** `provider/model`; of a pipeline's part its own name. */
  model: string;
  /** `total`: of the connection, or of the response that ended last, in place of what was reported of it before. */
  mode: 'delta' | 'total';
  usage: Usage;
}

import type { ChatItem, Word } from '../chat/index.js';
import type { DtmfKey, Ms, ReparteeError } from '../core/index.js';
import type { GenerationMetrics, RawEvent, RealtimeEvents } from '../realtime/index.js';
import type { Agent } from './agents/agent.js';
import type { KeysEnded } from './channels/key-machine.js';
import type { Span, TranscriptSource } from './ears/transcript.js';
import type { AgentActivity, InterruptedBy, UserActivity } from './machine/state.js';
import type { SpeechHandle } from './mouth/speech-handle.js';
import type { Decision, InterruptionFeatures, Reason } from './policy/state.js';
import type { ToolEvents } from './tools/events.js';
import type { SessionUsage } from './usage/accounts.js';
import type { LimitEvents } from './usage/limits/call-limits.js';
import type { CallMetrics } from './usage/meter/metrics.js';
import type { MeterEffect } from './usage/meter/state.js';

/** Public events of an `AgentSession`. */
export interface AgentEvents extends ToolEvents, LimitEvents {
  /** `speaking`: from the first audio of what it says until all of that was played, gaps between frames included. */
  agent_state_changed: { from: AgentActivity; to: AgentActivity };
  user_state_changed: { from: UserActivity; to: UserActivity };
  /**
   * Words of the user, by one ear; `transcript` is the whole text so far of the turn. `isRecord`: from the ear whose words the
   * history keeps; who shows one text only shows that. `itemId`: absent while the turn is no item. `words`, `span`: times
   * on the session's input line.
   */
  user_input_transcribed: {
    turnId: string;
    itemId?: string;
    transcript: string;
    isFinal: boolean;
    source: TranscriptSource;
    isRecord: boolean;
    span?: Span;
    /** 0..1 */
    confidence?: number;
    words?: Word[];
    language?: string;
  };
  /** Words of the agent: what was heard so far, and what of the text known so far was not. */
  agent_output_transcribed: {
    itemId: string;
    heard: string;
    rest: string;
    interrupted: boolean;
    isFinal: boolean;
  };
  /** An item is final: a user's words are known or will never be, an agent's message was heard, partly heard or not at all, a tool was called. */
  conversation_item_added: { item: ChatItem };
  /** An item has its place in the order of speaking; its text may follow. */
  conversation_item_reserved: { itemId: string; role: 'user' | 'assistant' };
  /** What was taken for a turn of the user was none, or an answer is given again: its place is free. */
  conversation_item_released: { itemId: string };
  /** Another agent is in charge: handed over, or a task began or is over. Its `onEnter` follows. */
  agent_changed: { from: Agent; to: Agent };
  /** A reply was asked for, or words were given to say, or the model begins a reply: the answer to a `turn`, or unasked (`wire`). */
  speech_created: { speech: SpeechHandle; source: 'generate_reply' | 'say' | 'turn' | 'wire' };
  /**
   * The output guardrail did not pass `text`: the reply was `stopped`, or `replaced` by other words; or it took too long, and was
   * `played_late`, unjudged.
   */
  guardrail_tripped: {
    itemId: string;
    responseId: string;
    action: 'stopped' | 'replaced' | 'played_late';
    text: string;
  };
  /**
   * The model wrote although it was to speak, or spoke although it was to write. `played`: as it is; `spoken`: by the session's
   * `tts`; `asked_again`: for speech, once; `kept`: as text that nobody hears.
   */
  modality_mismatch: {
    responseId: string;
    asked: 'audio' | 'text';
    got: 'audio' | 'text';
    then: 'played' | 'spoken' | 'asked_again' | 'kept';
  };
  /** The agent was stopped while it spoke or was about to. `epoch`: how many interruptions there were, with this one. */
  speech_interrupted: { by: InterruptedBy; epoch: number };
  /**
   * What was decided about a voice while the agent had the floor (`dismiss`: about a turn while it had not), and why. `atMs`: the
   * session's clock. Only with the option `interruption`.
   */
  interruption_decided: {
    decision: Decision;
    reason: Reason;
    turnId?: string;
    atMs: Ms;
    features: InterruptionFeatures;
  };
  /** Another connection to the model serves; what was said meanwhile is not lost. As the model's session tells it. */
  session_reconnected: RealtimeEvents['session_reconnected'];
  /** A try to connect to the model failed, and another one follows. As the model's session tells it. */
  session_retrying: RealtimeEvents['session_retrying'];
  /** The user's turn has ended and nothing has come of it. As the model's session tells it, once a turn. */
  dead_air: RealtimeEvents['dead_air'];
  /** The caller pressed a key of the telephone. */
  dtmf_pressed: { key: DtmfKey };
  /** The keys that belong together, in their order. `ended`: why these are all. */
  dtmf_received: { digits: string; ended: KeysEnded };
  /** Something was used that is paid for: all that the call has used so far, and what it costs. */
  usage_updated: SessionUsage;
  /** A response's own counts as the model's session tells them, or something that was measured of the call. */
  metrics_collected: GenerationMetrics | MeterEffect;
  /** All that was measured of the call, once, right before `close`. */
  call_metrics: CallMetrics;
  /** Every frame to and from the model; only made where somebody listens before `start`. */
  realtime_event: RawEvent & { direction: 'in' | 'out' };
  error: ReparteeError;
  /** Last; once. `error` where it was not asked for. */
  close: { reason: string; error?: ReparteeError };
}

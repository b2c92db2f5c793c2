import type { Clock, Ids, Ms } from '../core/index.js';
import type { VAD } from '../speech/contracts.js';
import type { Item, Overrides, Patch, ToolSpec } from './contract.js';
import type { ConnOptions } from './model.js';
import type { VideoOptions } from './video.js';

export interface SessionOptions {
  /** What differs from the model's own settings. */
  config?: Patch;
  history?: readonly Item[];
  /** Length of the audio chunks sent, in milliseconds. Default 20. */
  chunkMs?: Ms;
  /** How long a reply may take to begin, from when it was sent or is due; time without a connection does not count. Default 10,000. */
  replyTimeoutMs?: Ms;
  /** How long a command may stay unanswered; time without a connection does not count. Default 10,000. */
  commandTimeoutMs?: Ms;
  /** How frames of `pushVideo` are chosen and made to fit. */
  video?: VideoOptions;
  /** How long each try to connect may take, until audio may flow. Default 30,000. */
  openTimeoutMs?: Ms;
  /** Retries of each outage and of the first connection, where they differ from the model's own. */
  connOptions?: Pick<ConnOptions, 'maxRetries' | 'intervalMs'>;
  /**
   * How much of what the user says is kept for another connection, at most: from the start of the first turn whose words are not
   * known and whose answer was not heard. Default 60,000. What is dropped is told by `input_audio_dropped`.
   */
  replayMs?: Ms;
  /**
   * How long one connection serves; another one takes over before, in a pause where there is one. The model's own limit holds
   * where that is shorter. Default: the model's option, else its limit alone.
   */
  maxSessionDurationMs?: Ms;
  /**
   * What becomes of a reply that was partly heard when its connection was lost. `leave` (default): it stays as heard;
   * `continue`: the model is asked to go on, and told what was heard. One of which nothing was heard comes again by itself.
   */
  partialReply?: 'leave' | 'continue';
  /**
   * Who asks for the reply that speaks of what the provider's own tools found (`capabilities.hostedTools`). `auto` (default): the
   * session, after a response that ran them and said nothing, and after `approve`; `asked`: whoever uses it.
   */
  hostedReply?: 'auto' | 'asked';
  /**
   * What is done, once a turn, when nothing comes of it for `afterMs` (default: `replyTimeoutMs`). `fail` (default): its reply fails;
   * `ask`: the model is asked for it; `say`: it speaks `text`, where it can (`capabilities.say`), else `fail`; `reconnect`: another
   * connection hears the turn again.
   */
  deadAir?: { then: 'fail' | 'ask' | 'say' | 'reconnect'; afterMs?: Ms; text?: string };
  /** 0 to 1, for the jitter of retries. Default `Math.random`. */
  random?: () => number;
  /** Required where the wire reports no speech edges (`capabilities.speech`). */
  vad?: VAD;
  clock?: Clock;
  ids?: Ids;
}

export interface GenerateReplyOptions {
  instructions?: string;
  tools?: ToolSpec[];
  toolChoice?: Overrides['toolChoice'];
  modalities?: ['audio'] | ['text'];
  /** Items that this reply alone sees instead of the conversation. */
  input?: Item[];
  /** Beside the conversation: neither heard by default nor kept. */
  outOfBand?: boolean;
  metadata?: Record<string, string>;
  /**
   * How long its response may take to begin, from this call on; then it rejects with `reply_timeout`, and is stopped should
   * it still begin. No longer than the session's `replyTimeoutMs`, which is the default.
   */
  timeoutMs?: Ms;
  /** The reply whose tools were answered: this one continues it. */
  continues?: string;
  /** The id that the reply shall have, for whoever must know it beforehand; unique in the session. Not `reply_…`: those are the session's own. */
  replyId?: string;
}

export interface TruncateOptions {
  itemId: string;
  /** Place of the part in the item. Default 0. */
  part?: number;
  /** Milliseconds of its audio that were played; rounded down. */
  heardMs: Ms;
  /** The words of it, for wires that keep only those. An item of text is replaced by them. */
  heardText?: string;
  /** Without `audio`, or where the item is known to be text: the server's item is made equal to `heardText`. */
  modalities?: readonly ('text' | 'audio')[];
}

export interface AnswerOptions {
  callId: string;
  name: string;
  output: string;
  isError?: boolean;
  /** Further results of the same response follow. */
  more?: boolean;
  /** What the wire shall do after it. Default `auto`: as it always does. */
  then?: 'speak' | 'wait' | 'auto';
}

/** What `updateChatCtx` could do; `diverged` names the items on which the server now differs. */
export interface ChatUpdate {
  applied: string[];
  diverged: {
    itemId: string;
    want: 'present' | 'absent';
    /** `outdated`: it is there, with other content or in another place. */
    have: 'present' | 'absent' | 'outdated' | 'unknown';
    reason: string;
  }[];
}

import type { RealtimeEvents } from '../../src/realtime/index.js';

/** A tool call as the application saw it. */
export interface Call {
  turn: number;
  place: number;
  callId: string;
  output: string;
  withdrawn: boolean;
  /** Of the promise of its answer. */
  settled: 'open' | 'answered' | Error;
}

export type Happening = {
  [K in keyof RealtimeEvents]: { name: K; event: RealtimeEvents[K]; atMs: number };
}[keyof RealtimeEvents];

/** Who goes through a story, and what that leaves behind. */
export interface Talker {
  /** Public events of the session, in their order, audio aside. */
  readonly happenings: readonly Happening[];
  readonly calls: readonly Call[];
  /** Promises that have not settled. */
  readonly unsettled: ReadonlySet<string>;
  readonly rejected: readonly { what: string; error: unknown }[];
  /** Words of the model as they were heard: how many samples of each, in the order of first hearing. */
  readonly heard: ReadonlyMap<string, number>;
  /** Turns that are in the conversation as far as the caller can know. */
  readonly brought: ReadonlySet<number>;
  /** Turns after whose answer the application asked for more. */
  readonly asked: ReadonlySet<number>;
  /** Turns whose answer a fault has cut off. */
  readonly left: ReadonlySet<number>;
  readonly outputRateHz: number;
  /** The session is over. */
  readonly ended: boolean;
  /** What the application's own history says, where it keeps one: `u0`, `a0w0 a0w1`. */
  history?(): { role: string; text: string }[];
  run(): Promise<void>;
  close(): Promise<void>;
}

export const talkerEvents = [
  'state_changed',
  'dead_air',
  'input_replayed',
  'session_retrying',
  'session_reconnected',
  'input_speech_started',
  'input_speech_stopped',
  'input_audio_committed',
  'input_audio_transcription_completed',
  'input_audio_transcription_failed',
  'input_audio_dropped',
  'generation_created',
  'generation_call',
  'generation_call_withdrawn',
  'generation_ended',
  'reply_failed',
  'turn_unanswered',
  'interrupted',
  'remote_item_added',
  'remote_item_truncated',
  'rate_limits_updated',
  'session_expiring',
  'error',
  'closed',
] as const satisfies readonly (keyof RealtimeEvents)[];

export function describeHappening({ name, event }: Happening): string {
  if (name === 'error') return `error ${event.code}: ${event.message}`;
  if (name === 'closed') return `closed ${event.code}: ${event.message}`;
  return `${name} ${JSON.stringify(event)}`;
}

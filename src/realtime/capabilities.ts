import type { Config, Ms } from './contract.js';

/** What a link can do, computed from model and options; never a boolean that lies. */
export interface Capabilities {
  /** Speech edges that the wire reports. `none`: a local VAD is required. */
  speech: 'edges' | 'start-only' | 'none';
  acks: 'wire' | 'none';
  cancel: 'yes' | 'by-text' | 'no';
  /** A commit of less audio is refused by the server. Absent = it takes any. */
  minCommitMs?: Ms;
  /** Whether the server can be told how much of an item was heard. */
  cut: 'audio-ms' | 'none';
  remove: boolean;
  history: 'any' | 'append' | 'opening';
  /** `before-audio`: until the model has spoken. `reopen`: by a new connection. */
  configure: { [K in keyof Config]: 'live' | 'before-audio' | 'reopen' | 'never' };
  autoReply: 'switchable' | 'always' | 'never';
  autoCut: 'switchable' | 'always' | 'never';
  /** `auto`: the model goes on by itself once its calls are answered. */
  toolReply: 'auto' | 'asked';
  /** Overrides of one reply that the wire carries. */
  perReply: readonly ('instructions' | 'tools' | 'toolChoice' | 'output' | 'voice' | 'input' | 'outOfBand')[];
  say: boolean;
  video: boolean;
  /**
   * Whether a second connection may be open while the first one serves. `brief`: for seconds. `no-with-resume`: not where it
   * resumes the first; a session that can resume then lets the first one go before it makes the second.
   */
  overlap: 'free' | 'brief' | 'no-with-resume' | 'never';
  inputPacing: 'burst' | 'realtime';
  /** The wire wants audio (silence) at least this often; null = it does not mind. */
  idleNeedsAudioMs: Ms | null;
  transcript: 'delta' | 'whole' | 'cumulative' | 'none';
  duplex: 'half' | 'full';
  inputRateHz: number;
  outputRateHz: number;
  /** How long one connection serves; the session changes to another one before. null = no limit is known. */
  maxSessionMs: Ms | null;
  /** The provider itself calls tool servers that it is named (MCP): `call` events of owner `provider`, and `approval`. */
  hostedTools?: boolean;
  /** The server gives handles (`resumable`) with which another connection goes on where this one was. */
  resume: boolean;
}

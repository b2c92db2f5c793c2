import type { Clock, Frame, Ids } from '../core/index.js';
import type { Capabilities } from './capabilities.js';
import type { Config, Link, Ms } from './contract.js';

/** What a dial needs from its session. */
export interface DialContext {
  clock: Clock;
  ids: Ids;
  /** Aborted when the session is closed while dialling. */
  signal: AbortSignal;
  /** Sees every frame before it is decoded and after it is encoded; set only while somebody listens. */
  tap?: FrameTap;
}

export type FrameTap = (direction: 'in' | 'out', frame: Frame) => void;

/** How a connection is made. What is absent has the engine's default. */
export interface ConnOptions {
  /** Further tries after the first one of an outage has failed. Default 3. */
  maxRetries?: number;
  /** Before the first further try; doubled with each, no more than 30,000, half of it chance. Default 2,000. */
  intervalMs?: Ms;
  /** From the dial to the open socket. */
  timeoutMs?: Ms;
}

/**
 * What a model must be to stand behind a session or a gateway: facts, its options as a `Config`, and `dial`, which does
 * everything up to an open link (REST call, URL, auth, socket) and has not sent `open`. It rejects with `ConnectionError`.
 * One model serves any number of sessions at once.
 */
export interface Dialler {
  readonly provider: string;
  readonly model: string;
  readonly capabilities: Capabilities;
  readonly defaults: Config;
  /** Read by the engine, but for `timeoutMs`, which is the dial's own. */
  readonly connOptions?: ConnOptions;
  /** A session changes to another connection before so long, where that is less than `capabilities.maxSessionMs`. */
  readonly maxSessionDurationMs?: Ms;
  /**
   * Throws `ConfigError` for what the model does not take. Sessions call it with the whole config before they open, and
   * before they send a change.
   */
  checkConfig?(config: Config): void;
  dial(context: DialContext): Promise<Link>;
}

import type { Clock, Frame, Ids } from '../core/index.js';
import type { Capabilities } from './capabilities.js';
import type { Config, Link } from './contract.js';

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
  dial(context: DialContext): Promise<Link>;
}

import type { Ms } from '../../core/index.js';

/** Up: from the client to the server. */
export type Direction = 'up' | 'down';

/** The wires whose events the proxy can read. */
export type FaultWire = 'openai' | 'gemini';

/**
 * When a fault happens: `afterMs` after the one before it (the first: after the start), at the `frames`-th frame from there in that
 * direction. With `match` only frames that contain it count, for `patienceMs` (default 5,000); from then on any frame does.
 */
export interface Moment {
  afterMs: Ms;
  dir: Direction;
  frames: number;
  match?: string;
  patienceMs?: Ms;
}

/** What the next dials meet, one each; those after them succeed. */
export type DialFault =
  /** `network`: nothing listens there. A number: the status of HTTP that answers the upgrade. */
  | { t: 'refuse'; how: 'network' | number }
  /** Nobody answers; the dialler's own timeout ends it. */
  | { t: 'hang' }
  /** Succeeds late. */
  | { t: 'slow'; ms: Ms }
  /** Opens, and nothing passes in either direction; the network ends it after `ms`. */
  | { t: 'mute'; ms: Ms }
  /** Opens, and drops before the `frames`-th frame from the server. */
  | { t: 'fall'; frames: number };

export type FaultBody =
  /** The network is gone. `at`: how much of the frame at hand has passed, 0..1; cut inside, it never arrives; at 1 it does. */
  | { t: 'drop'; at: number; then: DialFault[] }
  /** The server closes. 1005 and 1006 are what a client is told of a close without a code, and of none. */
  | { t: 'close'; code: number; reason: string; then: DialFault[] }
  /** Nothing passes any more and no close comes; the network notices after `forMs`. */
  | { t: 'half_open'; dir: Direction | 'both'; forMs: Ms; then: DialFault[] }
  /** The server's time is over: OpenAI says so and closes; Gemini says so `leftMs` before it closes. */
  | { t: 'expire'; leftMs: Ms; then: DialFault[] }
  /** Each frame comes later, by as much as chance adds to `ms`; the order stays. */
  | { t: 'delay'; dir: Direction | 'both'; ms: Ms; jitterMs: Ms; forMs: Ms }
  /** Frames trickle. */
  | { t: 'trickle'; dir: Direction; bytesPerSecond: number; forMs: Ms }
  /** The next event from the server that may come twice does (`mayRepeat`). */
  | { t: 'duplicate' }
  /** The next two events from the server that do not depend on each other change places (`maySwap`). */
  | { t: 'reorder' }
  /** The server says this too. */
  | { t: 'inject'; frames: string[] };

export type Fault = { moment: Moment } & FaultBody;

/** Faults in the order in which they happen. Plain JSON: what is printed can be played again. */
export interface FaultPlan {
  seed: number;
  /** What the first dials meet, before anything has happened. */
  first?: DialFault[];
  faults: Fault[];
}

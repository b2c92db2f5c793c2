/** Milliseconds; finite, >= 0, may have a fraction. */
export type Ms = number;

/** A timer that has an owner. `cancel` after it fired, or twice, does nothing. */
export interface Timer {
  cancel(): void;
}

/** The only source of time of the shells; machines get `nowMs` as a parameter instead. */
export interface Clock {
  /** Monotonic milliseconds since an arbitrary origin. */
  now(): Ms;
  /** Wall clock, milliseconds since the epoch; for `createdAt` only, never for durations. */
  wallNow(): Ms;
  /** Calls `run` once when `now()` has reached `atMs`; never before the present call stack has ended. */
  at(atMs: Ms, run: () => void): Timer;
}

import type { Ms } from '../../core/index.js';
import type { Direction, Fault, FaultPlan } from './faults.js';

const defaultPatienceMs = 5_000;

/** Which fault is next, and whether it happens at this frame. Decides only: time and frames come in. */
export class Schedule {
  readonly #faults: readonly Fault[];
  #next = 0;
  #sinceMs: Ms;
  #seen = 0;

  constructor(plan: FaultPlan, startMs: Ms) {
    this.#faults = plan.faults;
    this.#sinceMs = startMs;
  }

  /** Faults that have not happened. */
  get left(): number {
    return this.#faults.length - this.#next;
  }

  /** The fault that happens at this frame, once. */
  due(dir: Direction, text: () => string, nowMs: Ms): Fault | undefined {
    const fault = this.#faults[this.#next];
    if (fault === undefined) return undefined;
    const { afterMs, frames, match, patienceMs = defaultPatienceMs, ...moment } = fault.moment;
    const waitedMs = nowMs - this.#sinceMs - afterMs;
    if (moment.dir !== dir || waitedMs < 0) return undefined;
    const fits = match === undefined || waitedMs > patienceMs || text().includes(match);
    if (!fits) return undefined;
    this.#seen += 1;
    if (this.#seen < frames) return undefined;
    this.#next += 1;
    this.#seen = 0;
    this.#sinceMs = nowMs;
    return fault;
  }
}

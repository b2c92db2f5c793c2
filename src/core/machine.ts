/**
 * A machine: `state` is plain JSON and changed in place, effects are pushed to `fx`, an array that the runner owns and
 * reuses. The only clock is in the input. No closures, Maps or classes in state.
 */
export type Step<S, I, F> = (state: S, input: I, fx: F[]) => void;

/** The same machine seen as a pure function: clones the state, runs one input, gives `[state, effects]`. For tests and replay. */
export function pure<S, I, F>(step: Step<S, I, F>): (state: S, input: I) => [S, F[]] {
  return (state, input) => {
    const next = structuredClone(state);
    const effects: F[] = [];
    step(next, input, effects);
    return [next, effects];
  };
}

/**
 * The runner of a machine: one queue, run to completion, effects performed after each input. `perform` may feed further
 * inputs; they wait their turn. It is called after every input, also with no effects.
 */
export class Runner<S, I, F> {
  readonly state: S;
  readonly #step: Step<S, I, F>;
  readonly #perform: (effects: readonly F[]) => void;
  /** Made when something has to wait. */
  #queue: I[] | undefined;
  readonly #effects: F[] = [];
  #running = false;

  constructor(state: S, step: Step<S, I, F>, perform: (effects: readonly F[]) => void) {
    this.state = state;
    this.#step = step;
    this.#perform = perform;
  }

  input(input: I): void {
    if (this.#running) {
      this.#queue ??= [];
      this.#queue.push(input);
      return;
    }
    this.#running = true;
    try {
      this.#run(input);
      while (this.#queue !== undefined && this.#queue.length > 0) this.#run(this.#queue.shift() as I);
    } finally {
      if (this.#effects.length > 0) this.#effects.length = 0;
      this.#running = false;
    }
  }

  #run(input: I): void {
    this.#step(this.state, input, this.#effects);
    this.#perform(this.#effects);
    // Most inputs have no effects, and setting a length is not free.
    if (this.#effects.length > 0) this.#effects.length = 0;
  }

  /** An input is being run: another one would wait. */
  get isRunning(): boolean {
    return this.#running;
  }

  /** Forgets what waits. */
  clear(): void {
    this.#queue = undefined;
  }
}

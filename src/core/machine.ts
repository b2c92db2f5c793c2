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

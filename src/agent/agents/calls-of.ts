import { none } from '../../core/none.js';

/** Calls that a model has asked for, and those that it was told of otherwise, until they are answered. */
export class CallsOf {
  #asked: readonly string[] = none;
  #told: readonly string[];

  constructor(told: readonly string[]) {
    this.#told = told;
  }

  asked(call: string): void {
    this.#asked = this.#asked.concat(call);
  }

  /** It is no open call of the model any more. False: it was none. */
  closed(call: string): boolean {
    const isOpen = this.#asked.includes(call);
    if (isOpen) this.#asked = this.#asked.filter((other) => other !== call);
    return isOpen;
  }

  /** The model knows of its result already; asked once. */
  wasTold(call: string): boolean {
    const isTold = this.#told.includes(call);
    if (isTold) this.#told = this.#told.filter((other) => other !== call);
    return isTold;
  }
}

import { byId, type Ms } from '../../core/index.js';
import { allBut } from '../../core/none.js';
import { isForCaller } from '../machine/step.js';
import type { SessionHost } from '../session-host.js';
import { Lanes, type LineEnd } from './lanes.js';
import { Recital, type Script } from './recital.js';

/** How many of the last ones are remembered. */
const memoryLimit = 32;

/** What speaks beside the model, and keeps everybody's words apart. There is none until it is needed. */
export class Mouth {
  readonly lanes: Lanes;
  readonly #host: SessionHost;
  readonly #to: LineEnd;
  #recitals: readonly Recital[] = [];
  /** Responses that have ended while some of them was held back. */
  readonly #ending = new Set<string>();
  /** A cut may come after the end. */
  #last: readonly Recital[] = [];

  constructor(host: SessionHost, to: LineEnd) {
    this.#host = host;
    this.#to = to;
    this.lanes = new Lanes(host, to);
  }

  recite(script: Script): void {
    const recital = new Recital(this.#host, this.lanes, script);
    this.#recitals = this.#recitals.concat(recital);
    this.#last = this.#last.concat(recital).slice(-memoryLimit);
    recital.begin();
  }

  /** An item was cut; undefined: it is none of ours. */
  cut(item: string, heardMs: Ms): Promise<void> | undefined {
    return this.#last.find((recital) => recital.item === item)?.cut(heardMs);
  }

  /** A response has said all. False: its audio went to the line by itself. */
  end(response: string): boolean {
    const { dub, guardrail } = this.#host.speaking;
    if (guardrail?.isHolding(response) === true) {
      this.#ending.add(response);
      return true;
    }
    return dub.isSpeaking(response) || this.lanes.end(response);
  }

  /** What was held back of a response may be heard. */
  passed(response: string): void {
    if (this.#ending.has(response) && !this.end(response)) this.#to.flush(response);
    if (this.#host.speaking.guardrail?.isHolding(response) !== true) this.#ending.delete(response);
  }

  /** The floor has changed: what was interrupted stops, and what waits may begin. */
  tidy(): void {
    const { state } = this.#host;
    for (const recital of this.#recitals) {
      const { response } = recital;
      // One that begins while the machine is at work is unknown to it for a moment.
      recital.known ||= byId(state.responses, response) !== undefined;
      if (!recital.known) continue;
      if (!isForCaller(state, response)) recital.stop();
      if (byId(state.responses, response) === undefined) {
        this.#recitals = allBut(this.#recitals, recital);
      }
    }
    this.#host.speaking.dub.tidy();
    this.#host.speaking.guardrail?.tidy();
    for (const response of this.#ending) if (!isForCaller(state, response)) this.#ending.delete(response);
    this.lanes.tidy();
  }

  /** The call is over. */
  close(): void {
    for (const recital of this.#recitals) recital.close();
    this.#recitals = [];
    this.#host.speaking.dub.close();
    this.#host.speaking.guardrail?.close();
    this.lanes.clear();
  }
}

import type { Ms } from '../../core/index.js';
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
  #recitals: readonly Recital[] = [];
  /** A cut may come after the end. */
  #last: readonly Recital[] = [];

  constructor(host: SessionHost, to: LineEnd) {
    this.#host = host;
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
    return this.#host.speaking.dub.isSpeaking(response) || this.lanes.end(response);
  }

  /** The floor has changed: what was interrupted stops, and what waits may begin. */
  tidy(): void {
    const { state } = this.#host;
    for (const recital of this.#recitals) {
      const { response } = recital;
      // One that begins while the machine is at work is unknown to it for a moment.
      recital.known ||= state.responses[response] !== undefined;
      if (!recital.known) continue;
      if (!isForCaller(state, response)) recital.stop();
      if (state.responses[response] === undefined) {
        this.#recitals = this.#recitals.filter((other) => other !== recital);
      }
    }
    this.#host.speaking.dub.tidy();
    this.lanes.tidy();
  }

  /** The call is over. */
  close(): void {
    for (const recital of this.#recitals) recital.close();
    this.#recitals = [];
    this.#host.speaking.dub.close();
    this.lanes.clear();
  }
}

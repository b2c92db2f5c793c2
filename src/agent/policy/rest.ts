import { byId, type Ms, type Timer } from '../../core/index.js';
import type { SessionHost } from '../session-host.js';

/** A model that answers by itself has this long to go on by itself. */
const patienceMs: Ms = 1_500;

/**
 * What a model had not said when its wire stopped it for nothing: asked for, once what was received of it has been decided to be
 * heard, unless the model goes on by itself.
 */
export class Rest {
  readonly #host: SessionHost;
  /** The message that was cut off; `undefined`: none was, or all of it had been received. */
  #item: string | undefined;
  #timer: Timer | undefined;

  constructor(host: SessionHost) {
    this.#host = host;
  }

  /** The wire has stopped this response. */
  cut(response: string | null): void {
    const { items, responses } = this.#host.state;
    for (const item of items) {
      const isMeant = response === null || item.response === response;
      if (isMeant && !item.done && byId(responses, item.response)?.ended === false) this.#item = item.id;
    }
  }

  /** The model speaks again. */
  replied(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** The caller has the floor. */
  forget(): void {
    this.replied();
    this.#item = undefined;
  }

  ask(): void {
    const item = this.#item;
    this.#item = undefined;
    if (item === undefined) return;
    const { clock, model } = this.#host;
    const waitMs = model().capabilities.autoReply === 'always' ? patienceMs : 0;
    this.#timer?.cancel();
    this.#timer = clock.at(clock.now() + waitMs, () => this.#ask(item));
  }

  close(): void {
    this.replied();
  }

  #ask(item: string): void {
    this.#timer = undefined;
    const { conversation } = this.#host;
    const message = conversation.history.get(item);
    const said = message?.kind === 'message' ? message.parts.map(wordsOf).join(' ').trim() : '';
    this.#host.reply({
      instructions: `A noise cut you off. Go on exactly where you stopped; say nothing twice, and do not mention it. You had said: "${said}"`,
    });
  }
}

function wordsOf(part: { kind: string; transcript?: string | null; text?: string }): string {
  return part.transcript ?? part.text ?? '';
}

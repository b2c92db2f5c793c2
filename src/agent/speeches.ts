import type { AgentEvents } from './events.js';
import { SpeechHandle } from './speech-handle.js';

type Created = AgentEvents['speech_created'];

/** The handles of replies under way, by reply id. */
export class Speeches {
  readonly #open = new Map<string, SpeechHandle>();
  readonly #stop: (replyId: string) => void;
  readonly #onCreated: (created: Created) => void;

  constructor(stop: (replyId: string) => void, onCreated: (created: Created) => void) {
    this.#stop = stop;
    this.#onCreated = onCreated;
  }

  /** A reply that was just asked for, or whose first response begins: a known one is the same speech going on. */
  begin(replyId: string, source: Created['source']): SpeechHandle {
    const known = this.#open.get(replyId);
    if (known !== undefined) return known;
    const speech = new SpeechHandle(replyId, () => this.#stop(replyId));
    this.#open.set(replyId, speech);
    this.#onCreated({ speech, source });
    return speech;
  }

  end(replyId: string, interrupted: boolean): void {
    this.#open.get(replyId)?.ended(interrupted);
    this.#open.delete(replyId);
  }

  endAll(): void {
    for (const replyId of [...this.#open.keys()]) this.end(replyId, true);
  }
}

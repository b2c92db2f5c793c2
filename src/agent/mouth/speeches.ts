import type { AgentEvents } from '../events.js';
import { SpeechHandle } from './speech-handle.js';

type Created = AgentEvents['speech_created'];

/** Replies that ended a while ago are not heard of any more. */
const endedLimit = 64;

/** The handles of replies under way. */
export class Speeches {
  /** Nearly always none or one. */
  #open: readonly SpeechHandle[] = [];
  /** The last ones that ended: what was interrupted before it began may still begin, to be stopped. */
  #ended: Set<string> | undefined;
  readonly #stop: (replyId: string) => void;
  readonly #tell: (name: 'speech_created', created: Created) => void;

  constructor(stop: (replyId: string) => void, tell: (name: 'speech_created', created: Created) => void) {
    this.#stop = stop;
    this.#tell = tell;
  }

  /** A reply was just asked for. */
  ask(replyId: string): SpeechHandle {
    return this.#create(replyId, 'generate_reply');
  }

  /** A response of a reply begins: of a known one, it is the same speech going on. */
  begin(replyId: string, source: Created['source']): void {
    if (this.#get(replyId) === undefined && !this.#ended?.has(replyId)) this.#create(replyId, source);
  }

  #create(replyId: string, source: Created['source']): SpeechHandle {
    const speech = new SpeechHandle(replyId, () => this.#stop(replyId));
    this.#open = this.#open.concat(speech);
    this.#tell('speech_created', { speech, source });
    return speech;
  }

  end(replyId: string, interrupted: boolean): void {
    const speech = this.#get(replyId);
    if (speech === undefined) return;
    this.#open = this.#open.filter((other) => other !== speech);
    this.#ended ??= new Set();
    this.#ended.add(replyId);
    if (this.#ended.size > endedLimit) this.#ended.delete(this.#ended.keys().next().value as string);
    speech.ended(interrupted);
  }

  endAll(): void {
    for (const { replyId } of this.#open) this.end(replyId, true);
  }

  #get(replyId: string): SpeechHandle | undefined {
    return this.#open.find((speech) => speech.replyId === replyId);
  }
}

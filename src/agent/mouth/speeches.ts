import { type ReparteeError, StateError } from '../../core/index.js';
import { allBut, none } from '../../core/none.js';
import type { AgentEvents } from '../events.js';
import type { SessionHost } from '../session-host.js';
import { SpeechHandle, type SpeechTraits } from './speech-handle.js';

type Created = AgentEvents['speech_created'];

/** Speeches that have not begun; one more is refused. */
const waitingLimit = 64;
/** Replies that ended a while ago are not heard of any more. */
const endedLimit = 64;

/** The handles of replies under way. */
export class Speeches {
  /** Nearly always none or one. */
  #open: readonly SpeechHandle[] = none;
  #count = 0;
  /** What begins each of those whose turn has not come. */
  #begins: Map<string, () => void> | undefined;
  /** The last ones that ended: what was interrupted before it began may still begin, to be stopped. */
  #ended: readonly string[] = none;
  readonly #host: Pick<SessionHost, 'input' | 'emit'>;

  constructor(host: Pick<SessionHost, 'input' | 'emit'>) {
    this.#host = host;
  }

  /** Grows with every speech that is asked for, and every response that begins. */
  get count(): number {
    return this.#count;
  }

  /**
   * A reply was just asked for; `begin` is called when its turn has come, if it is still wanted. StateError `illegal_command` where
   * too many wait already.
   */
  ask(
    replyId: string,
    source: Created['source'],
    traits: SpeechTraits,
    begin: (speech: SpeechHandle) => void,
  ): SpeechHandle {
    if ((this.#begins?.size ?? 0) >= waitingLimit) {
      throw new StateError('illegal_command', `More than ${waitingLimit} speeches wait for their turn`);
    }
    const speech = this.#create(replyId, source, traits);
    if (!speech.done) {
      this.#begins ??= new Map();
      this.#begins.set(replyId, () => begin(speech));
    }
    return speech;
  }

  /** Its turn has come. */
  start(replyId: string): void {
    const begin = this.#begins?.get(replyId);
    this.#begins?.delete(replyId);
    begin?.();
  }

  /** A response of a reply begins: of a known one, it is the same speech going on. */
  begin(replyId: string, source: Created['source']): void {
    this.#count += 1;
    if (this.get(replyId) === undefined && !this.#ended.includes(replyId)) this.#create(replyId, source, {});
  }

  get(replyId: string): SpeechHandle | undefined {
    return this.#open.find((speech) => speech.replyId === replyId);
  }

  failed(replyId: string, error: ReparteeError): void {
    this.get(replyId)?.failed(error);
  }

  end(replyId: string, interrupted: boolean): void {
    this.#begins?.delete(replyId);
    const speech = this.get(replyId);
    if (speech === undefined) return;
    this.#open = allBut(this.#open, speech);
    this.#ended = this.#ended.slice(1 - endedLimit).concat(replyId);
    speech.ended(interrupted);
  }

  endAll(): void {
    for (const { replyId } of this.#open) this.end(replyId, true);
  }

  #create(replyId: string, source: Created['source'], traits: SpeechTraits): SpeechHandle {
    const stop = () => this.#host.input({ t: 'interrupt_reply', reply: replyId });
    const speech = new SpeechHandle(replyId, stop, traits);
    this.#open = this.#open.concat(speech);
    this.#count += 1;
    this.#host.emit('speech_created', { speech, source });
    return speech;
  }
}

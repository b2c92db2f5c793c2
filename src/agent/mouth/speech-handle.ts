import { type ReparteeError, StateError } from '../../core/index.js';

/** How soon a speech comes among those that wait; the one under way is not stopped by it. */
export type SpeechPriority = 'low' | 'normal' | 'high';

export interface SpeechTraits {
  /** Whether the caller's voice may stop it. Default true. */
  allowInterruptions?: boolean;
  /** Default `normal`. */
  priority?: SpeechPriority;
  /** Whether it becomes part of the conversation. Default true. */
  addToChatCtx?: boolean;
  /** The words were given, and are said as they are. Default false. */
  verbatim?: boolean;
}

/** A reply or a given text on its way: what `generateReply` and `say` return, and `speech_created` tells of. */
export class SpeechHandle {
  /** As in the events of the model's session. */
  readonly replyId: string;
  readonly allowInterruptions: boolean;
  readonly priority: SpeechPriority;
  readonly addToChatCtx: boolean;
  /** The words were given, and are said as they are. */
  readonly verbatim: boolean;
  /** Messages of the conversation that it has become so far. */
  readonly itemIds: string[] = [];
  /** The same as `waitForPlayout()`. */
  readonly finished: Promise<void>;
  readonly #stop: () => void;
  #finish: () => void = () => {};
  #done = false;
  #interrupted = false;
  #error: ReparteeError | undefined;

  constructor(replyId: string, stop: () => void, traits: SpeechTraits = {}) {
    const { allowInterruptions = true, priority = 'normal', addToChatCtx = true, verbatim = false } = traits;
    this.replyId = replyId;
    this.allowInterruptions = allowInterruptions;
    this.priority = priority;
    this.addToChatCtx = addToChatCtx;
    this.verbatim = verbatim;
    this.#stop = stop;
    this.finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  get done(): boolean {
    return this.#done;
  }

  /** It ended before all of it was heard: interrupted, failed, or cut off by the end of the session. */
  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** Why it failed, where it did; the session's `error` event tells it as well. */
  get error(): ReparteeError | undefined {
    return this.#error;
  }

  /** Resolves when all of it was heard, or it was interrupted, or it failed. Never rejects. */
  waitForPlayout(): Promise<void> {
    return this.finished;
  }

  /**
   * Stops it. While it waits or nothing of it is on its way to the caller, the others go on; else the whole floor is
   * taken, as by the session's `interrupt`. After the end it does nothing. StateError `illegal_command` for one that does
   * not allow interruptions, unless by `force`.
   */
  interrupt({ force = false }: { force?: boolean } = {}): void {
    if (this.#done) return;
    if (!this.allowInterruptions && !force) {
      throw new StateError(
        'illegal_command',
        'This speech allows no interruptions: only { force: true } stops it',
      );
    }
    this.#stop();
  }

  /** The session's own call. */
  became(itemId: string): void {
    if (!this.itemIds.includes(itemId)) this.itemIds.push(itemId);
  }

  /** The session's own call, before `ended`. */
  failed(error: ReparteeError): void {
    if (!this.#done) this.#error ??= error;
  }

  /** The session's own call. */
  ended(interrupted: boolean): void {
    if (this.#done) return;
    this.#done = true;
    this.#interrupted = interrupted || this.#error !== undefined;
    this.#finish();
  }
}

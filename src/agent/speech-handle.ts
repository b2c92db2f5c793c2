/** A reply on its way: what `generateReply` returns. */
export class SpeechHandle {
  #replyId: string | undefined;
  #done = false;
  #interrupted = false;
  readonly #finished: Promise<void>;
  #finish: () => void = () => {};
  readonly #stop: () => void;

  constructor(stop: () => void) {
    this.#stop = stop;
    this.#finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
  }

  /** Known once the model has begun. */
  get replyId(): string | undefined {
    return this.#replyId;
  }

  get done(): boolean {
    return this.#done;
  }

  get interrupted(): boolean {
    return this.#interrupted;
  }

  /** Resolves when all of it was heard, or it was interrupted, or it failed. Never rejects. */
  waitForPlayout(): Promise<void> {
    return this.#finished;
  }

  /** Stops it; after the end it does nothing. */
  interrupt(): void {
    if (!this.#done) this.#stop();
  }

  /** The session's own calls. */
  begun(replyId: string): void {
    this.#replyId = replyId;
  }

  ended(interrupted: boolean): void {
    if (this.#done) return;
    this.#done = true;
    this.#interrupted = interrupted;
    this.#finish();
  }
}

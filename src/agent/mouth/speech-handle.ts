/** A reply on its way: what `generateReply` returns, and `speech_created` tells of. */
export class SpeechHandle {
  /** As in the events of the model's session. */
  readonly replyId: string;
  readonly #stop: () => void;
  readonly #finished: Promise<void>;
  #finish: () => void = () => {};
  #done = false;
  #interrupted = false;

  constructor(replyId: string, stop: () => void) {
    this.replyId = replyId;
    this.#stop = stop;
    this.#finished = new Promise((resolve) => {
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

  /** Resolves when all of it was heard, or it was interrupted, or it failed. Never rejects. */
  waitForPlayout(): Promise<void> {
    return this.#finished;
  }

  /**
   * Stops it. While it waits or nothing of it is on its way to the caller, the others go on; else the whole floor is
   * taken, as by the session's `interrupt`. After the end it does nothing.
   */
  interrupt(): void {
    if (!this.#done) this.#stop();
  }

  /** The session's own call. */
  ended(interrupted: boolean): void {
    if (this.#done) return;
    this.#done = true;
    this.#interrupted = interrupted;
    this.#finish();
  }
}

import {
  type Clock,
  ConfigError,
  type Ms,
  type Picture,
  type ReparteeError,
  type Timer,
  toReparteeError,
} from '../core/index.js';

/** Where pictures come from: a camera, a canvas. `cameraPictures` and `canvasPictures` make them. */
export interface PictureSource {
  /** What is to be seen now; undefined while there is nothing yet. */
  take(): Promise<Picture | undefined>;
  /** Lets go of the camera. Safe to call twice. */
  stop(): void;
}

/** What is told of a loop's pictures. */
export interface PictureCounts {
  sent: number;
  /** Not sent: there was no connection, it did not keep up, the server takes none, or the picture was too large. */
  dropped: number;
}

export interface PictureLoopOptions {
  clock: Clock;
  fps: number;
  /** Bytes above which a picture is not sent. */
  maxBytes: number;
  /** False: it was not sent. */
  send(picture: Picture): boolean;
  failed(error: ReparteeError): void;
}

/** Takes a picture `fps` times a second, one at a time, until it is stopped. */
export class PictureLoop {
  readonly counts: PictureCounts = { sent: 0, dropped: 0 };
  readonly #source: PictureSource;
  readonly #options: PictureLoopOptions;
  readonly #everyMs: Ms;
  #dueMs: Ms;
  #timer: Timer | undefined;
  #stopped = false;
  #isFailing = false;

  /** ConfigError `option_invalid` for an `fps` that is not above 0 and at most 30. */
  constructor(source: PictureSource, options: PictureLoopOptions) {
    const { fps, clock } = options;
    if (!(fps > 0 && fps <= 30)) {
      throw new ConfigError('option_invalid', `fps is above 0 and at most 30, not ${fps}.`, { param: 'fps' });
    }
    this.#source = source;
    this.#options = options;
    this.#everyMs = 1_000 / fps;
    this.#dueMs = clock.now();
    void this.#turn();
  }

  /** Safe to call twice. */
  stop(): void {
    if (this.#stopped) return;
    this.#stopped = true;
    this.#timer?.cancel();
    this.#source.stop();
  }

  async #turn(): Promise<void> {
    try {
      const picture = await this.#source.take();
      if (this.#stopped) return;
      if (picture !== undefined) this.#show(picture);
      this.#isFailing = false;
    } catch (thrown) {
      // A camera that does not answer may do so again; it is told once.
      if (!this.#stopped && !this.#isFailing)
        this.#options.failed(toReparteeError(thrown, 'camera_missing', 'No picture was had: '));
      this.#isFailing = true;
    }
    if (this.#stopped) return;
    const nowMs = this.#options.clock.now();
    // What took longer than its turn skips those that it missed.
    this.#dueMs = Math.max(this.#dueMs + this.#everyMs, nowMs);
    this.#timer = this.#options.clock.at(this.#dueMs, () => void this.#turn());
  }

  #show(picture: Picture): void {
    const { maxBytes, send } = this.#options;
    if (picture.data.byteLength <= maxBytes && send(picture)) this.counts.sent += 1;
    else this.counts.dropped += 1;
  }
}

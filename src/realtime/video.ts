import { type Clock, ConfigError, type Ms } from '../core/index.js';
import {
  checkImage,
  downscale,
  type EncodedImage,
  isEncoded,
  type RawImage,
  type VideoFrame,
} from './image.js';
import { encodeJpeg } from './jpeg.js';

export interface VideoOptions {
  /** Frames a second that are sent; those above it are dropped. Default 1, which is what the models look at. */
  fps?: number;
  /** Raw frames are made smaller until no side is longer. Default 1,024. */
  maxSidePx?: number;
  /** Bytes of one encoded frame. Default 1,000,000: as base64 it stays far below every wire's limit of a message. */
  maxBytes?: number;
}

/** Worth trying one after the other until a frame is small enough. */
const qualities = [80, 60, 40, 20];

/** Decides which frames go out, and makes them fit. */
export class VideoLine {
  readonly fps: number;
  readonly #maxSidePx: number;
  readonly #maxBytes: number;
  readonly #clock: Clock;
  /** No frame goes out before. */
  #nextMs: Ms = -Infinity;
  #busy = false;
  #dropped = 0;

  constructor({ fps = 1, maxSidePx = 1_024, maxBytes = 1_000_000 }: VideoOptions, clock: Clock) {
    for (const [name, value] of Object.entries({ fps, maxSidePx, maxBytes })) {
      if (value > 0 && Number.isFinite(value)) continue;
      throw new ConfigError('option_invalid', `${name} must be above 0, not ${value}`, {
        param: `video.${name}`,
      });
    }
    this.fps = fps;
    this.#maxSidePx = maxSidePx;
    this.#maxBytes = maxBytes;
    this.#clock = clock;
  }

  /** Frames that came too soon, or while another one was being encoded. */
  get dropped(): number {
    return this.#dropped;
  }

  /**
   * The frame as it is to be sent; undefined where it is dropped. Rejects with `option_invalid` for what is no picture or
   * does not fit, `peer_missing` where raw pixels cannot be encoded.
   */
  async take(frame: VideoFrame): Promise<EncodedImage | undefined> {
    checkImage(frame);
    const nowMs = this.#clock.now();
    if (this.#busy || nowMs < this.#nextMs) {
      this.#dropped += 1;
      return undefined;
    }
    const intervalMs = 1_000 / this.fps;
    // From the time it was due, so that a camera's own rhythm does not make the frames fewer.
    const dueMs = nowMs - this.#nextMs < intervalMs ? this.#nextMs : nowMs;
    this.#nextMs = dueMs + intervalMs;
    if (isEncoded(frame)) {
      if (frame.data.length > this.#maxBytes) this.#tooLarge(frame.data.length);
      return frame;
    }
    this.#busy = true;
    try {
      return await this.#encode(frame);
    } finally {
      this.#busy = false;
    }
  }

  async #encode(frame: RawImage): Promise<EncodedImage> {
    const image = downscale(frame, this.#maxSidePx);
    let bytes = 0;
    for (const quality of qualities) {
      const data = await encodeJpeg(image, quality);
      if (data.length <= this.#maxBytes) return { data, mime: 'image/jpeg' };
      bytes = data.length;
    }
    return this.#tooLarge(bytes);
  }

  #tooLarge(bytes: number): never {
    const message = `A frame of ${bytes} bytes is over the limit of ${this.#maxBytes}`;
    throw new ConfigError('option_invalid', message, { param: 'video.maxBytes' });
  }
}

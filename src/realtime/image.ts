import { ConfigError } from '../core/index.js';

/** One picture of a camera or screen. Encoded ones pass as they are; raw ones are RGBA, 4 bytes a pixel, row by row. */
export type VideoFrame = EncodedImage | RawImage;

export interface EncodedImage {
  readonly data: Uint8Array;
  readonly mime: 'image/jpeg' | 'image/png';
}

export interface RawImage {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** Throws `option_invalid`, naming the field, for what is no picture. */
export function checkImage(frame: VideoFrame): void {
  const { data } = frame;
  if (!(data instanceof Uint8Array) && !(data instanceof Uint8ClampedArray))
    refuse('data', 'A frame has bytes');
  if (isEncoded(frame)) {
    const isOne =
      Object.hasOwn(magics, frame.mime) && magics[frame.mime].every((byte, at) => data[at] === byte);
    if (!isOne) refuse('mime', 'An encoded frame is a JPEG or PNG, and its bytes begin like one');
    return;
  }
  const { width, height } = frame;
  for (const [name, side] of [
    ['width', width],
    ['height', height],
  ] as const) {
    if (!Number.isInteger(side) || side < 1)
      refuse(name, `A frame has a whole number of pixels, not ${side}`);
  }
  const bytes = width * height * 4;
  if (data.length !== bytes) {
    refuse('data', `${width} x ${height} pixels of RGBA are ${bytes} bytes, not ${data.length}`);
  }
}

export function isEncoded(frame: VideoFrame): frame is EncodedImage {
  return 'mime' in frame;
}

/** The same picture with no side longer than `maxSidePx`: each pixel is the mean of those that it stands for. */
export function downscale(image: RawImage, maxSidePx: number): RawImage {
  const longest = Math.max(image.width, image.height);
  if (longest <= maxSidePx) return image;
  const width = Math.max(1, Math.round((image.width * maxSidePx) / longest));
  const height = Math.max(1, Math.round((image.height * maxSidePx) / longest));
  const data = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) {
    const rows = span(y, height, image.height);
    for (let x = 0; x < width; x++) mean(image, span(x, width, image.width), rows, data, (y * width + x) * 4);
  }
  return { data, width, height };
}

/** The first bytes of each format. */
const magics = { 'image/jpeg': [0xff, 0xd8, 0xff], 'image/png': [0x89, 0x50, 0x4e, 0x47] } as const;

type Span = readonly [from: number, to: number];

/** Which of `of` places the place `at` among `among` stands for; at least one. */
function span(at: number, among: number, of: number): Span {
  const from = Math.floor((at * of) / among);
  return [from, Math.max(from + 1, Math.floor(((at + 1) * of) / among))];
}

function mean(image: RawImage, [left, right]: Span, [top, bottom]: Span, out: Uint8Array, at: number): void {
  const count = (right - left) * (bottom - top);
  for (let channel = 0; channel < 4; channel++) {
    let sum = 0;
    for (let y = top; y < bottom; y++) {
      for (let x = left; x < right; x++) sum += image.data[(y * image.width + x) * 4 + channel]!;
    }
    out[at + channel] = Math.round(sum / count);
  }
}

function refuse(param: string, message: string): never {
  throw new ConfigError('option_invalid', message, { param });
}

import { ConfigError } from '../core/index.js';
import type { RawImage } from './image.js';

/** What a package must have to be the encoder: `quality` is 1..100. */
export interface JpegEncoder {
  encode(
    image: { data: Uint8Array | Uint8ClampedArray; width: number; height: number },
    quality: number,
  ): {
    data: Uint8Array;
  };
}

/** Encodes RGBA pixels as JPEG by the optional peer `jpeg-js`. Rejects with `peer_missing`. `quality`: 1..100. */
export async function encodeJpeg(
  { data, width, height }: RawImage,
  quality: number,
  load: () => Promise<JpegEncoder> = loadPeer,
): Promise<Uint8Array> {
  const { encode } = await found(load);
  return new Uint8Array(encode({ data, width, height }, quality).data);
}

async function loadPeer(): Promise<JpegEncoder> {
  const loaded = await import('jpeg-js');
  // CommonJS: loaders differ in whether its names are found beside `default`.
  return 'default' in loaded ? (loaded.default as JpegEncoder) : loaded;
}

async function found(load: () => Promise<JpegEncoder>): Promise<JpegEncoder> {
  try {
    return await load();
  } catch (cause) {
    const message =
      'Raw pixels become JPEG by the package jpeg-js: npm install jpeg-js, or push encoded frames';
    throw new ConfigError('peer_missing', message, { cause });
  }
}

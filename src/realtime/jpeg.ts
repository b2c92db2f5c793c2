import { ConfigError } from '../core/index.js';
import type { RawImage } from './image.js';

/** Encodes RGBA pixels as JPEG by the optional peer `jpeg-js`. Rejects with `peer_missing`. `quality`: 1..100. */
export async function encodeJpeg({ data, width, height }: RawImage, quality: number): Promise<Uint8Array> {
  const { encode } = await loadEncoder();
  return new Uint8Array(encode({ data, width, height }, quality).data);
}

async function loadEncoder(): Promise<typeof import('jpeg-js')> {
  try {
    const loaded = await import('jpeg-js');
    // CommonJS: loaders differ in whether its names are found beside `default`.
    return 'default' in loaded ? (loaded.default as typeof loaded) : loaded;
  } catch (cause) {
    const message =
      'Raw pixels become JPEG by the package jpeg-js: npm install jpeg-js, or push encoded frames';
    throw new ConfigError('peer_missing', message, { cause });
  }
}

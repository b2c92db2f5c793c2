/**
 * Base64 with whatever the platform does natively: `Buffer` in Node, `toBase64`/`fromBase64` where the engine has them,
 * else `btoa`/`atob`. Reading is as lenient as Node's: what is not base64 is skipped, so it never throws.
 */
interface NativeBase64 {
  toBase64?: () => string;
}
interface NativeFromBase64 {
  fromBase64?: (text: string) => Uint8Array;
}

const NodeBuffer: typeof Buffer | undefined = globalThis.Buffer;

export function bytesToBase64(bytes: Uint8Array): string {
  if (NodeBuffer !== undefined) {
    return NodeBuffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
  }
  const native = (bytes as NativeBase64).toBase64;
  if (native !== undefined) return native.call(bytes);
  let binary = '';
  // Arguments of a call are limited; 8 KiB at once is far below every engine's limit.
  for (let at = 0; at < bytes.length; at += 8192) {
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  }
  return btoa(binary);
}

/** The result starts at an even offset of its buffer, so that 16-bit samples may be read in place. */
export function base64ToBytes(text: string): Uint8Array {
  // Node's pool hands out slices at multiples of 8.
  if (NodeBuffer !== undefined) return NodeBuffer.from(text, 'base64');
  const clean = text
    .replace(/-/g, '+')
    .replace(/_/g, '/')
    .replace(/[^A-Za-z0-9+/]/g, '');
  const whole = clean.length % 4 === 1 ? clean.slice(0, -1) : clean;
  const native = (Uint8Array as NativeFromBase64).fromBase64;
  if (native !== undefined) return native.call(Uint8Array, whole);
  const binary = atob(whole);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at++) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

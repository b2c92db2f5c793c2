/** A frame of a WebSocket as a server would write it (RFC 6455 5.2). */
export function frame(
  opcode: number,
  payload: Uint8Array,
  { fin = true, mask = false }: { fin?: boolean; mask?: boolean } = {},
): Uint8Array {
  const { length } = payload;
  const size = length < 126 ? [length] : length < 65_536 ? [126, length >> 8, length & 255] : sizeOf(length);
  const header = [(fin ? 0x80 : 0) | opcode, ...size];
  if (mask) header[1] = (header[1] as number) | 0x80;
  return Uint8Array.from(Buffer.concat([Uint8Array.from(header), new Uint8Array(mask ? 4 : 0), payload]));
}

export function text(words: string): Uint8Array {
  return frame(0x1, Buffer.from(words));
}

function sizeOf(length: number): number[] {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(length));
  return [127, ...bytes];
}

/** A plain JSON object. */
export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON object in a frame of text or of UTF-8 bytes; undefined where there is none. */
export function parseObject(frame: string | Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(typeof frame === 'string' ? frame : new TextDecoder().decode(frame));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Arguments as the wire has them: an object; text that is not one becomes `{}`. */
export function objectFromText(text: string): JsonObject {
  return parseObject(text) ?? {};
}

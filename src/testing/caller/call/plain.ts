/** How deep an event is written down. */
const depthLimit = 6;

/** An event as plain JSON: errors by code and message, objects with an id by that, bytes and functions not at all. */
export function plain(value: unknown): Record<string, unknown> {
  const written = write(value, 0);
  return typeof written === 'object' && written !== null && !Array.isArray(written)
    ? (written as Record<string, unknown>)
    : written === undefined
      ? {}
      : { value: written };
}

function write(value: unknown, depth: number): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object' || depth > depthLimit || ArrayBuffer.isView(value)) return undefined;
  if (Array.isArray(value)) return value.map((one) => write(one, depth + 1) ?? null);
  if (value instanceof Error) {
    const code = 'code' in value ? { code: value.code } : {};
    return { name: value.name, ...code, message: value.message };
  }
  const proto: unknown = Object.getPrototypeOf(value);
  if (proto !== Object.prototype && proto !== null)
    return 'id' in value ? { id: write(value.id, depth) } : undefined;
  const out: Record<string, unknown> = {};
  for (const [name, one] of Object.entries(value)) {
    const written = write(one, depth + 1);
    if (written !== undefined) out[name] = written;
  }
  return out;
}

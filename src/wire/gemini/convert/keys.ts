/**
 * Fields whose insides belong to the application: their keys stay as they are, whatever their case.
 */
const opaque = new Set([
  'args',
  'response',
  'responseJsonSchema',
  'parameters',
  'parametersJsonSchema',
  'labels',
]);

/**
 * The same JSON value with protobuf's snake_case names as camelCase. The service takes both, and the Python SDK mixes
 * them within one frame. A null field is an absent field.
 */
export function normaliseKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normaliseKeys);
  if (typeof value !== 'object' || value === null) return value;
  const out: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) {
    if (inner === null) continue;
    const name = camelCase(key);
    out[name] = opaque.has(name) ? inner : normaliseKeys(inner);
  }
  return out;
}

/** `mime_type` -> `mimeType`. */
export function camelCase(name: string): string {
  return name.includes('_')
    ? name.replace(/_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
    : name;
}

/** `mimeType` -> `mime_type`, as the service writes paths in its errors. */
export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

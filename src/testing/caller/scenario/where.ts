/** The regular expression that a text between slashes is; undefined for everything else. Throws what `RegExp` throws. */
export function wherePattern(wanted: unknown): RegExp | undefined {
  const parts = typeof wanted === 'string' ? /^\/(.+)\/([a-z]*)$/s.exec(wanted) : null;
  return parts === null ? undefined : new RegExp(parts[1]!, parts[2]);
}

/** Whether `value` has all that is wanted: fields of objects, items of lists by place, patterns for texts, all else equal. */
export function has(value: unknown, wanted: unknown): boolean {
  const pattern = wherePattern(wanted);
  if (pattern !== undefined) return typeof value === 'string' && pattern.test(value);
  if (typeof wanted !== 'object' || wanted === null) return Object.is(value, wanted);
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(wanted) && !(Array.isArray(value) && value.length === wanted.length)) return false;
  return Object.entries(wanted).every(([name, one]) => has((value as Record<string, unknown>)[name], one));
}

/** Words only, in lower case, one blank between: what is compared of texts. */
export function plainWords(text: string): string {
  return text
    .toLowerCase()
    .replace(/[’']/g, '')
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
}

/** Names of fields whose text is a secret. */
const secretName = /authori[sz]ation|api[-_]?key|secret|password|credential|^(access_?)?token$|^key$|cookie/i;
/** Secrets within a text: keys of vendors, bearer tokens, tokens in addresses. */
const secrets = [
  /\b(sk|ek|rk|pk|xai|gsk|sess)[-_][A-Za-z0-9_-]{8,}/g,
  /\bAIza[A-Za-z0-9_-]{16,}/g,
  /\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)?/g,
  /\b(Bearer|Basic|Token)\s+[A-Za-z0-9._~+/=-]{8,}/gi,
  /([?&](?:key|api[-_]?key|token|access_token|sig|signature)=)[^&\s"]+/gi,
];
const removed = '[removed]';
/** Audio, pictures, ciphers: long, and without a space. */
const opaque = /^[A-Za-z0-9+/_-]{80,}={0,2}$/;
const textLimit = 2_000;
const depthLimit = 12;
const listLimit = 100;

/** A frame or value as it may be written down: without secrets, without audio and pictures, and of bounded size. A copy. */
export function redact(value: unknown, name = '', depth = 0): unknown {
  if (typeof value === 'string') return redactText(value, name);
  if (typeof value === 'bigint') return `${value}`;
  if (typeof value !== 'object' || value === null) return typeof value === 'function' ? undefined : value;
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (depth >= depthLimit) return '[deeper]';
  if (Array.isArray(value)) {
    const items = value.slice(0, listLimit).map((item) => redact(item, name, depth + 1));
    return value.length > listLimit ? [...items, `[${value.length - listLimit} more]`] : items;
  }
  const copy: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(value)) {
    // What may lie under the name of a secret is one, however it is put.
    copy[key] = secretName.test(key) && !isHarmless(field) ? removed : redact(field, key, depth + 1);
  }
  return copy;
}

function isHarmless(field: unknown): boolean {
  return field === null || typeof field === 'number' || typeof field === 'boolean' || field === undefined;
}

function redactText(text: string, name: string): string {
  if (opaque.test(text)) return `[${text.length} characters${name === '' ? '' : ` of ${name}`}]`;
  let clean = text;
  for (const secret of secrets) {
    clean = clean.replace(secret, (_, kept) => (/^[?&]/.test(String(kept)) ? `${kept}${removed}` : removed));
  }
  return clean.length > textLimit
    ? `${clean.slice(0, textLimit)}[${clean.length - textLimit} more characters]`
    : clean;
}

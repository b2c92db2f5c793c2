import { ConnectionError } from '../core/index.js';

const adviceByCode: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there. Start the server or correct the URL.',
  ENOTFOUND: 'the name does not resolve. Correct the URL or check the network.',
  EAI_AGAIN: 'the name does not resolve now. Check the network and its DNS.',
  EHOSTUNREACH: 'there is no route to it. Check the network.',
  ENETUNREACH: 'there is no route to it. Check the network.',
  ETIMEDOUT: 'it does not answer. Check the network and the firewall.',
  ECONNRESET:
    'it hung up. Check that the URL is that of a WebSocket server, and ws:// or wss:// as it wants.',
  EPROTO: 'it does not speak TLS there. Use ws:// or another port.',
  CERT_HAS_EXPIRED: 'its certificate has expired.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name. Correct the URL.',
};

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
]);

/** The server cannot be reached, or does not speak WebSocket. `where` is host:port. */
export function networkError(where: string, error: Error): ConnectionError {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const certificate = untrusted.has(code);
  const advice = certificate
    ? 'its certificate is not trusted. Pass the authority that signed it as `ca`.'
    : (adviceByCode[code] ?? `${error.message || code || 'unknown error'}.`);
  return new ConnectionError('connect_failed', `Cannot connect to ${where}: ${advice}`, {
    cause: error,
    ...(code === '' ? {} : { vendorCode: code }),
    // A certificate does not get better by trying again.
    ...(certificate || code.includes('CERT') || code === 'EPROTO' ? { retryable: false } : {}),
  });
}

/** The server answered the upgrade with a status of HTTP. `detail`: what it said, free of secrets; may be empty. */
export function statusError(where: string, status: number, detail: string): ConnectionError {
  const said = detail === '' ? '' : ` It says: ${detail}`;
  const vendorCode = String(status);
  if (status === 401 || status === 403) {
    const message = `${where} refused the credentials (HTTP ${status}). Check the API key and what it may use.${said}`;
    return new ConnectionError('auth_refused', message, { vendorCode });
  }
  const retryable = status === 408 || status === 429 || status >= 500;
  const message = `${where} answered the WebSocket upgrade with HTTP ${status}. Check the URL and its path.${said}`;
  return new ConnectionError('connect_failed', message, { vendorCode, retryable });
}

/** The message of a vendor's JSON error body, with every secret struck out; '' when there is none. */
export function errorDetail(body: string, secrets: readonly string[]): string {
  let detail = '';
  try {
    const parsed: unknown = JSON.parse(body);
    detail = messageOf(parsed) ?? '';
  } catch {
    return '';
  }
  for (const secret of secrets) {
    if (secret.length >= 4) detail = detail.split(secret).join('***');
  }
  return detail.slice(0, 300);
}

function messageOf(parsed: unknown): string | undefined {
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  if ('message' in parsed && typeof parsed.message === 'string') return parsed.message;
  return 'error' in parsed ? messageOf(parsed.error) : undefined;
}

import { ConnectionError, ProviderError, type ReparteeError } from '../../core/index.js';

/** Bytes of an error's body that are read. */
const maxBodyChars = 4000;

/** What a status other than 200 means, with what to do about it. */
export async function refusal(response: Response, model: string, url: string): Promise<ReparteeError> {
  const body = await bodyOf(response);
  const said = reasonIn(body);
  const details = { provider: 'chat-completions', vendorCode: said.code ?? String(response.status) };
  const because = said.message === '' ? '' : ` (${said.message})`;
  switch (response.status) {
    case 401:
    case 403:
      return new ConnectionError(
        'auth_refused',
        `${host(url)} refused the API key: check apiKey${because}.`,
        details,
      );
    case 404:
      return new ProviderError(
        'model_not_found',
        `${host(url)} has no model '${model}' at ${new URL(url).pathname}: check model and baseUrl${because}.`,
        details,
      );
    case 429: {
      if (said.code === 'insufficient_quota') {
        const message = `The account at ${host(url)} has no quota left: check its plan and billing${because}.`;
        return new ProviderError('quota_exhausted', message, details);
      }
      const after = response.headers.get('retry-after');
      const wait = after === null ? 'wait a little' : `wait ${after} s`;
      return new ProviderError(
        'rate_limited',
        `${host(url)} is asked too often: ${wait} and try again${because}.`,
        details,
      );
    }
    default: {
      const what = `${host(url)} answered with HTTP ${response.status}`;
      if (response.status >= 500) {
        return new ProviderError('provider_failed', `${what}: try again later${because}.`, details);
      }
      return new ProviderError(
        'provider_refused',
        `${what}: check the options of the model${because}.`,
        details,
      );
    }
  }
}

/** The network did not bring us to the server, or lost it. */
export function unreachable(thrown: unknown, url: string): ReparteeError {
  const code = networkCode(thrown);
  return new ConnectionError(
    'connect_failed',
    `Nothing answers at ${host(url)}${code === '' ? '' : ` (${code})`}: check that the server runs and that baseUrl is right.`,
    { cause: thrown },
  );
}

export function lost(thrown: unknown, url: string): ReparteeError {
  const message = `The connection to ${host(url)} ended in the middle of an answer: try again.`;
  return new ConnectionError('connection_lost', message, thrown === undefined ? {} : { cause: thrown });
}

export function late(begun: boolean, timeoutMs: number, url: string): ReparteeError {
  const message = `${host(url)} sent nothing for ${timeoutMs} ms: try again, or raise timeoutMs.`;
  return begun
    ? new ProviderError('reply_timeout', message)
    : new ConnectionError('connect_timeout', message);
}

function networkCode(thrown: unknown): string {
  const cause = thrown instanceof Error ? thrown.cause : undefined;
  if (typeof cause === 'object' && cause !== null && 'code' in cause) return String(cause.code);
  return '';
}

async function bodyOf(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return '';
  const decoder = new TextDecoder();
  let text = '';
  try {
    while (text.length < maxBodyChars) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // What came is all there is to tell.
  }
  void reader.cancel().catch(() => {});
  return text.slice(0, maxBodyChars);
}

function reasonIn(body: string): { message: string; code: string | undefined } {
  try {
    const { error } = JSON.parse(body) as { error?: { message?: unknown; code?: unknown } | string };
    if (typeof error === 'string') return { message: trimmed(error), code: undefined };
    return {
      message: trimmed(typeof error?.message === 'string' ? error.message : ''),
      code: typeof error?.code === 'string' ? error.code : undefined,
    };
  } catch {
    return { message: trimmed(body.replace(/<[^>]*>|\s+/g, ' ')), code: undefined };
  }
}

function trimmed(text: string): string {
  return text.trim().slice(0, 200).replace(/\.$/, '');
}

function host(url: string): string {
  return new URL(url).origin;
}

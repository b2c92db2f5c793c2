import { ConnectionError, type Ms } from '../../core/index.js';
import { networkError, statusError } from '../../net/connect-error.js';

const where = 'the.fault.proxy:443';

/** What `connectWebSocket` rejects with when nothing listens, or when the upgrade is answered with a status of HTTP. */
export function refusalError(how: 'network' | number): ConnectionError {
  if (how !== 'network') return statusError(where, how, '');
  const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  return networkError(where, refused);
}

/** What it rejects with when the far end does not answer in time. */
export function timeoutError(timeoutMs: Ms): ConnectionError {
  return new ConnectionError(
    'connect_timeout',
    `${where} did not open a WebSocket within ${timeoutMs} ms. Check the URL and the network.`,
  );
}

/** What it rejects with when its caller gives up. */
export function givenUpError(cause: unknown): ConnectionError {
  return new ConnectionError('connect_failed', `Connecting to ${where} was given up by the caller.`, {
    cause,
    retryable: false,
  });
}

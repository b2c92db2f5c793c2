import { ConnectionError, errorOf } from '../../core/index.js';
import { houseCode, readStatus } from '../../wire/openai/index.js';

/** What a refused upgrade means, by its HTTP status; anything else is what it was. */
export function classedByStatus(thrown: unknown, provider: string): unknown {
  if (!(thrown instanceof ConnectionError) || !/^\d{3}$/.test(thrown.vendorCode ?? '')) return thrown;
  const { code, disposition } = readStatus(Number(thrown.vendorCode));
  return errorOf(houseCode(code), thrown.message, {
    cause: thrown,
    provider,
    vendorCode: thrown.vendorCode ?? '',
    retryable: disposition !== 'fatal',
  });
}

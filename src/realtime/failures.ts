import { type ErrorCode, errorOf, errorTable, type ReparteeError } from '../core/index.js';

/** Codes of `refused` and of failed replies that mean one of ours; all others are `provider_refused`. */
const refusalCodes = new Map<string, ErrorCode>([
  ['reply_timeout', 'reply_timeout'],
  ['superseded', 'illegal_command'],
  ['connection_lost', 'connection_lost'],
  ['illegal_command', 'illegal_command'],
  ['command_timeout', 'provider_failed'],
  ['unsupported', 'unsupported'],
  ['rate_limit_exceeded', 'rate_limited'],
  ['inference_rate_limit_exceeded', 'rate_limited'],
  ['insufficient_quota', 'quota_exhausted'],
  ['model_not_found', 'model_not_found'],
]);

/** Vendors' codes of `closing` that mean one of ours; ours mean themselves, all others are `connection_lost`. */
const closingCodes = new Map<string, ErrorCode>([
  ['invalid_api_key', 'auth_refused'],
  ['session_expired', 'session_expired'],
  ['model_not_found', 'model_not_found'],
  ['insufficient_quota', 'quota_exhausted'],
]);

export function providerError(
  { code, message, param }: { code: string; message: string; param?: string },
  provider: string,
): ReparteeError {
  const details = { provider, vendorCode: code, ...(param === undefined ? {} : { param }) };
  return errorOf(refusalCodes.get(code) ?? 'provider_refused', message, details);
}

export function connectionError(code: string, message: string, provider: string): ReparteeError {
  const ours = Object.hasOwn(errorTable, code) ? (code as ErrorCode) : 'connection_lost';
  return errorOf(closingCodes.get(code) ?? ours, message, { provider, vendorCode: code });
}

import { describe, expect, test } from 'vitest';
import { connectionError, providerError } from '../../src/realtime/failures.js';

describe('what a link’s codes mean to the application', () => {
  test.each([
    ['invalid_api_key', 'auth_refused', false],
    ['auth_refused', 'auth_refused', false],
    ['insufficient_quota', 'quota_exhausted', false],
    ['session_expired', 'session_expired', true],
    ['1006', 'connection_lost', true],
    ['constructor', 'connection_lost', true],
  ])('closing %s is %s', (vendorCode, code, retryable) => {
    expect(connectionError(vendorCode, 'text', 'x')).toMatchObject({
      code,
      retryable,
      vendorCode,
      provider: 'x',
    });
  });

  test.each([
    ['rate_limit_exceeded', 'rate_limited'],
    ['superseded', 'illegal_command'],
    ['connection_lost', 'connection_lost'],
    ['item_not_found', 'provider_refused'],
  ])('refused %s is %s', (vendorCode, code) => {
    expect(providerError({ code: vendorCode, message: 'text', param: 'p' }, 'x')).toMatchObject({
      code,
      vendorCode,
      param: 'p',
    });
  });
});

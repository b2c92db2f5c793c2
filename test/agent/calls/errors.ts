import { ReparteeError } from '../../../src/core/index.js';

/** One of ours, with one of these codes, or with any. */
export function isReparteeError(error: unknown, ...codes: string[]): boolean {
  return error instanceof ReparteeError && (codes.length === 0 || codes.includes(error.code));
}

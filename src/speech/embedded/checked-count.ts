import { ConfigError } from '../../core/index.js';

/** A number of threads or decoders: `option_invalid` unless it is whole and from 1 to 16. */
export function checkedCount(param: string, count: number): number {
  if (Number.isInteger(count) && count >= 1 && count <= 16) return count;
  throw new ConfigError('option_invalid', `${param} must be a whole number from 1 to 16, not ${count}`, {
    param,
  });
}

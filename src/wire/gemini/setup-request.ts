import { isObject } from './convert/json.js';
import { camelCase, normaliseKeys } from './convert/keys.js';
import { clientProblem } from './fields-client.js';
import type { Setup } from './messages.js';

/** What a request for an ephemeral token asks for (protocol page, section 1.1). */
export interface SetupRequest {
  expireTime?: string;
  newSessionExpireTime?: string;
  uses?: number;
  /** What sessions of the token are set to. */
  setup?: Partial<Setup>;
  /** Paths of the fields that it locks; absent: all of them. */
  mask?: string[];
}

const known = ['expireTime', 'newSessionExpireTime', 'uses', 'bidiGenerateContentSetup', 'fieldMask', 'name'];

/** A token request in our words, or what is wrong with it in the service's. Names in either case. */
export function setupFromRequest(json: unknown): SetupRequest | { problem: string } {
  const body = normaliseKeys(json);
  if (!isObject(body)) return { problem: 'Invalid JSON payload received.' };
  const stray = Object.keys(body).find((name) => !known.includes(name));
  if (stray !== undefined) {
    return { problem: `Invalid JSON payload received. Unknown name "${stray}": Cannot find field.` };
  }
  const { expireTime, newSessionExpireTime, uses, bidiGenerateContentSetup: setup, fieldMask } = body;
  const request: SetupRequest = {};
  if (expireTime !== undefined) {
    if (!isTime(expireTime)) return { problem: "Invalid value at 'expire_time'." };
    request.expireTime = expireTime;
  }
  if (newSessionExpireTime !== undefined) {
    if (!isTime(newSessionExpireTime)) return { problem: "Invalid value at 'new_session_expire_time'." };
    request.newSessionExpireTime = newSessionExpireTime;
  }
  if (uses !== undefined) {
    const count = Number(uses);
    if (!Number.isInteger(count) || count < 0) return { problem: "Invalid value at 'uses'." };
    request.uses = count;
  }
  if (setup !== undefined) {
    const problem = clientProblem({ setup });
    if (problem !== undefined) return { problem };
    request.setup = setup as Partial<Setup>;
  }
  if (fieldMask !== undefined) {
    if (typeof fieldMask !== 'string') return { problem: "Invalid value at 'field_mask'." };
    request.mask = fieldMask
      .split(',')
      .map((path) => path.trim().split('.').map(camelCase).join('.'))
      .filter((path) => path !== '');
  }
  return request;
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && !Number.isNaN(Date.parse(value));
}

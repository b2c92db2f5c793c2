import { describe, expect, test } from 'vitest';
import type { DialFault, FaultBody, FaultWire } from '../../../src/testing/faults/index.js';
import { type Scene, scene, wires } from './scene.js';

const close = (code: number, reason = ''): FaultBody => ({ t: 'close', code, reason, then: [] });

/** Ends after which another try cannot help: told at once, by their own codes. */
const ends: Readonly<Record<FaultWire, readonly (readonly [FaultBody, string])[]>> = {
  openai: [
    [close(3000, 'invalid_request_error.invalid_api_key'), 'auth_refused'],
    [close(4004, 'invalid_request_error.model_not_found'), 'model_not_found'],
    [close(1013, 'insufficient_quota.insufficient_quota'), 'quota_exhausted'],
  ],
  gemini: [
    [close(1007, 'API key not valid. Please pass a valid API key.'), 'auth_refused'],
    [close(1008, 'models/none is not found for API version v1beta'), 'model_not_found'],
    [close(1007, 'Invalid JSON payload received. Unknown name "x"'), 'provider_refused'],
  ],
};

async function ended(one: Scene): Promise<string[]> {
  const { caller, clock } = one;
  caller.track('reply', caller.session.generateReply());
  caller.track(
    'instructions',
    caller.session.updateInstructions('Be kind.').catch(() => {}),
  );
  await caller.until(() => caller.ended);
  expect(caller.ended).toBe(true);
  await clock.advance(0);
  expect([...caller.unsettled]).toEqual([]);
  await caller.close();
  await clock.advance(60_000);
  one.gateway.close();
  expect([clock.pending, one.proxy.open, one.gateway.connections]).toEqual([0, 0, 0]);
  return one.of('closed').map(({ error }) => error?.code ?? 'no error');
}

describe.each(wires)('on the wire of %s', (wire) => {
  test.each(ends[wire])('%j ends the session: %s', async (body, code) => {
    const moment = { afterMs: 0, dir: 'down', frames: 2 } as const;
    const one = scene(wire, { turns: [{}], plan: { seed: 1, faults: [{ moment, ...body }] } });
    await one.caller.speak(0);
    expect(await ended(one)).toEqual([code]);
    expect(one.proxy.connections).toBe(1);
  });

  test.each<[DialFault, string]>([
    [{ t: 'refuse', how: 401 }, 'auth_refused'],
    [{ t: 'refuse', how: 403 }, 'auth_refused'],
    [{ t: 'refuse', how: 404 }, wire === 'openai' ? 'model_not_found' : 'connect_failed'],
  ])('a first dial that meets %j ends it: %s', async (dial, code) => {
    const one = scene(wire, { turns: [{}], plan: { seed: 1, first: [dial], faults: [] } });
    expect(await ended(one)).toEqual([code]);
    expect(one.proxy.connections).toBe(1);
  });
});

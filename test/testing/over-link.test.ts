import { expect, test } from 'vitest';
import type { Dialler, Link } from '../../src/realtime/index.js';
import { checkedLink, FakeClock, recordedModel } from '../../src/testing/index.js';
import { fullCapabilities, plainConfig } from '../realtime/full-capabilities.js';

const link: Link & { heardFromMs: number } = {
  heardFromMs: 1,
  reachedMs: 2,
  send: () => {},
  onEvent: () => {},
};

test('a link that is recorded or checked knows of the far end what the link behind it does', async () => {
  const model: Dialler = {
    provider: 'scripted',
    model: 'one',
    capabilities: fullCapabilities,
    defaults: plainConfig,
    dial: async () => link,
  };
  const { signal } = new AbortController();
  const context = { clock: new FakeClock(), ids: () => 'id', signal };
  const wrapped = [await recordedModel(model).dial(context), checkedLink(link)];
  expect(wrapped).toMatchObject([
    { heardFromMs: 1, reachedMs: 2 },
    { heardFromMs: 1, reachedMs: 2 },
  ]);
  link.heardFromMs = 3;
  expect(wrapped.map(({ heardFromMs }) => heardFromMs)).toEqual([3, 3]);
});

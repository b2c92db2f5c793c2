import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  ConfigError,
  ConnectionError,
  errorOf,
  errorTable,
  ProviderError,
  ReparteeError,
  StateError,
  ToolError,
  TransportError,
  UnsupportedError,
  WireError,
} from '../../src/core/index.js';

const classes = {
  ConfigError,
  ConnectionError,
  ProviderError,
  StateError,
  ToolError,
  TransportError,
  UnsupportedError,
  WireError,
};

const page = readFileSync(new URL('../../docs/errors.md', import.meta.url), 'utf8');

test('docs/errors.md has exactly the codes of the table, with class and retryable', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| (\w+) \| (yes|no) \| (.+) \|$/gm)].map(
    ([, code, name, retryable]) => [code, name, retryable === 'yes'],
  );
  const table = Object.entries(errorTable).map(([code, row]) => [code, row.class, row.retryable]);
  expect(rows.sort()).toEqual(table.sort());
});

test.each(Object.keys(errorTable) as (keyof typeof errorTable)[])(
  '%s makes an error of its class',
  (code) => {
    const error = errorOf(code, 'text', { cause: 1, provider: 'x' });
    expect(error).toBeInstanceOf(ReparteeError);
    expect(error).toBeInstanceOf(classes[errorTable[code].class]);
    expect(error).toMatchObject({
      name: errorTable[code].class,
      code,
      cause: 1,
      provider: 'x',
      retryable: errorTable[code].retryable,
    });
  },
);

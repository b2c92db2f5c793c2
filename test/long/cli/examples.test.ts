import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { run } from '../../../src/cli/run.js';

const folder = fileURLToPath(new URL('../../../examples/scenarios', import.meta.url));

it('the scenarios of the clinic pass, on a virtual clock', async () => {
  const out: string[] = [];
  const stop = new AbortController().signal;
  const terminal = {
    out: (line: string) => void out.push(line),
    err: (line: string) => void out.push(line),
    stop,
  };
  const code = await run(['test', folder], terminal);
  const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  expect(out.at(-1)).toBe(`${files.length} of ${files.length} runs passed`);
  expect(code).toBe(0);
}, 60_000);

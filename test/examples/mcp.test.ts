import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const program = fileURLToPath(new URL('../../examples/dist/mcp/main.js', import.meta.url));

test('the tools of an MCP server: listed, asked for approval, called, and spoken of', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, [program], { timeout: 15_000 });
  expect(stdout).toContain('approved: reserve_book {"title":"Dune"}');
  expect(stdout).toContain('reserve_book: failed');
  expect(stdout.trim().split('\n').at(-1)).toBe('All as it should be.');
});

import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';

/** A folder for the tests of a file, there while they run; a file asked for is in it by then. */
export function testFiles(): { folder: string; file(name: string, content: string): string } {
  const folder = join(tmpdir(), `repartee-test-${randomUUID()}`);
  const contents = new Map<string, string>();
  beforeAll(() => {
    for (const [path, content] of contents) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  return {
    folder,
    file(name, content) {
      const path = join(folder, name);
      contents.set(path, content);
      return path;
    },
  };
}

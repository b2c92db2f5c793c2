import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/**
 * Path of a file that only the build makes, in `dist/speech/embedded`. Code that runs straight from `src` (the tests)
 * uses the one in `dist`.
 */
export function compiledFile(name: string): string {
  const beside = fileURLToPath(new URL(`./${name}`, import.meta.url));
  if (existsSync(beside)) return beside;
  return fileURLToPath(new URL(`../../../dist/speech/embedded/${name}`, import.meta.url));
}

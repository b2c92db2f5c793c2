import { existsSync, mkdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './run.mjs';
import { filesBelow } from './sources.mjs';

// tsc leaves an output alone that would not change, so the age of dist says nothing; the age of this file does.
const stamp = path.join(root, '.cache/built');
const configs = ['package.json', 'package-lock.json', 'tsconfig.base.json'];

/** Remembers a build that began at `began`: a source saved while it ran counts as newer. */
export function writeStamp(began) {
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, '');
  utimesSync(stamp, began, began);
}

/** True when a source is newer than the last build, or one of `outputs` is missing. */
export function isStale(outputs) {
  if (!existsSync(stamp) || outputs.some((file) => !existsSync(path.join(root, file)))) return true;
  const builtMs = statSync(stamp).mtimeMs;
  const sources = [
    ...configs,
    ...['src', 'examples', 'web', 'scripts'].flatMap((folder) => filesBelow(folder)),
  ];
  return sources.some((file) => statSync(path.join(root, file)).mtimeMs > builtMs);
}

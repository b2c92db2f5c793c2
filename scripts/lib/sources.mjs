import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './run.mjs';

const skipped = new Set(['node_modules', 'dist', 'peers', '.cache']);

/** Files below a folder of the repository, as paths from its root; none if the folder is not there. */
export function filesBelow(folder, accept = () => true) {
  const absolute = path.join(root, folder);
  if (!existsSync(absolute)) return [];
  const found = [];
  for (const entry of readdirSync(absolute, { withFileTypes: true })) {
    const file = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!skipped.has(entry.name)) found.push(...filesBelow(file, accept));
    } else if (accept(file)) found.push(file);
  }
  return found.sort();
}

export const isTypeScript = (file) => /\.[cm]?tsx?$/.test(file) && !file.endsWith('.d.ts');

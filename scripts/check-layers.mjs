// Holds the code against the table of layers (scripts/lib/layers.mjs), and dist's declarations against optional peers.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { checkDeclarations, checkSources } from './lib/layer-rules.mjs';
import { workspaces } from './lib/layers.mjs';
import { root } from './lib/run.mjs';
import { filesBelow, isTypeScript } from './lib/sources.mjs';

const read = (files) =>
  Object.fromEntries(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
const peers = Object.keys(manifest.peerDependenciesMeta ?? {});

const sources = read(
  ['src', ...Object.keys(workspaces)].flatMap((folder) => filesBelow(folder, isTypeScript)),
);
const declarations = read(filesBelow('dist', (file) => file.endsWith('.d.ts')));
const breaches = [...checkSources(sources, peers), ...checkDeclarations(declarations, peers)];
for (const breach of breaches) console.error(breach);
const counted = `${Object.keys(sources).length} sources, ${Object.keys(declarations).length} declarations`;
console.log(
  `${counted}: ${breaches.length === 0 ? 'every import is in the table' : `${breaches.length} breaches`}`,
);
process.exit(breaches.length === 0 ? 0 : 1);

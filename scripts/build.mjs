// Builds everything: the library, the workspaces that have sources, the voice model's weights, the page.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { mustRunNode, root } from './lib/run.mjs';
import { filesBelow, isTypeScript } from './lib/sources.mjs';
import { writeStamp } from './lib/stamp.mjs';

const began = new Date();
if (existsSync(path.join(root, 'scripts/link-self.mjs'))) mustRunNode('scripts/link-self.mjs');
const workspaces = ['examples', 'bench'].filter((folder) => filesBelow(folder, isTypeScript).length > 0);
mustRunNode('tsc', ['-b', 'src', ...workspaces]);
if (existsSync(path.join(root, 'scripts/silero-weights.mjs'))) mustRunNode('scripts/silero-weights.mjs');
const hasPage = ['ts', 'mts', 'js', 'mjs'].some((end) =>
  existsSync(path.join(root, `web/vite.config.${end}`)),
);
if (hasPage) mustRunNode('vite', ['build', '--logLevel', 'warn'], { cwd: path.join(root, 'web') });
writeStamp(began);

// Packs the package, installs the tarball alone in an empty folder (no optional dependency, no peer), imports every
// subpath there and type-checks a strict file that imports them all, libraries included. Needs a finished build.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root, run, runNode } from './lib/run.mjs';

const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const folder = mkdtempSync(path.join(os.tmpdir(), 'repartee-exports-'));
const faults = [];

try {
  const manifest = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const tarball = pack();
  install(tarball);
  const installed = path.join(folder, 'node_modules', manifest.name);
  for (const file of Object.values(manifest.bin ?? {})) {
    if (!existsSync(path.join(installed, file))) faults.push(`bin ${file} is not in the package`);
  }
  for (const peer of Object.keys(manifest.peerDependencies ?? {})) {
    if (existsSync(path.join(folder, 'node_modules', peer)))
      faults.push(`${peer} was installed: the check proves nothing`);
  }
  const subpaths = Object.keys(manifest.exports).filter((subpath) => !subpath.endsWith('.json'));
  const names = subpaths.map((subpath) => manifest.name + subpath.slice(1));
  importAll(names);
  typeCheck(names);
  for (const fault of faults) console.error(fault);
  const held = `${names.length} subpaths imported and type-checked from ${path.basename(tarball)} alone`;
  console.log(faults.length === 0 ? held : `exports: ${faults.length} faults`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(faults.length === 0 ? 0 : 1);

function pack() {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(
    execFileSync(npm, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
  return path.join(folder, filename);
}

function install(tarball) {
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true, "type": "module" }\n');
  const flags = [
    '--omit=optional',
    '--legacy-peer-deps',
    '--no-audit',
    '--no-fund',
    '--prefer-offline',
    '--loglevel=error',
  ];
  const code = run(npm, ['install', tarball, ...flags], { cwd: folder });
  if (code !== 0) throw new Error('The tarball cannot be installed.');
}

/** Each in a process of its own, so that none finds what another has loaded; no import may leave the process hanging. */
function importAll(names) {
  for (const name of names) {
    const script = `await import(${JSON.stringify(name)})`;
    const options = { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 };
    try {
      execFileSync(process.execPath, ['--input-type=module', '-e', script], options);
    } catch (thrown) {
      const lines = String(thrown.stderr ?? '').split('\n');
      const reason =
        thrown.code === 'ETIMEDOUT' ? 'the process did not end' : lines.find((line) => /Error/.test(line));
      faults.push(`import ${name}: ${reason ?? thrown.message}`);
    }
  }
}

function typeCheck(names) {
  const lines = names.map((name, index) => `import * as entry${index} from '${name}';`);
  const used = names.map((_, index) => `entry${index}`).join(', ');
  writeFileSync(
    path.join(folder, 'all.ts'),
    `${lines.join('\n')}\nexport const entries: object[] = [${used}];\n`,
  );
  const compilerOptions = {
    target: 'ES2023',
    module: 'NodeNext',
    moduleResolution: 'NodeNext',
    lib: ['ES2023', 'DOM', 'DOM.Iterable'],
    types: ['node'],
    typeRoots: [path.join(root, 'node_modules/@types')],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  };
  writeFileSync(path.join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['all.ts'] }));
  if (runNode('tsc', ['-p', folder]) !== 0)
    faults.push('a strict user of the package does not type-check (see above)');
}

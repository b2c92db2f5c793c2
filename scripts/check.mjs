// npm run check: everything that must hold before a change goes in; stops at the first step that fails.
// --no-tests leaves the tests out.
import { performance } from 'node:perf_hooks';
import { runNode } from './lib/run.mjs';

const steps = [
  ['format', 'biome', ['format', '.']],
  ['lint', 'biome', ['lint', '.']],
  ['build', 'scripts/build.mjs', []],
  ['types', 'tsc', ['-b']],
  ['layers', 'scripts/check-layers.mjs', []],
  ['exports', 'scripts/check-exports.mjs', []],
  ['long tests', 'scripts/long-tests.mjs', []],
  ...(process.argv.includes('--no-tests')
    ? [['parity', 'scripts/check-parity.mjs', ['--collect']]]
    : [
        ['tests', 'scripts/test.mjs', []],
        ['parity', 'scripts/check-parity.mjs', []],
      ]),
];

for (const [name, script, args] of steps) {
  console.log(`check: ${name} (${[script, ...args].join(' ')})`);
  const began = performance.now();
  const code = runNode(script, args);
  if (code !== 0) {
    console.error(`check: ${name} failed`);
    process.exit(code);
  }
  console.log(`check: ${name} passed in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

// Holds docs/parity.md against the tests: each test that it names exists, and passed in the last whole run (`npm test`
// writes .cache/tests.json). Without a report, or with --collect, the tests are collected instead, and none has run.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { checkClaims, claimsOf, testsOfList, testsOfReport } from './lib/parity.mjs';
import { root, runNode, testReport } from './lib/run.mjs';

const page = readFileSync(path.join(root, 'docs/parity.md'), 'utf8');
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

function collect() {
  const file = path.join(root, '.cache/test-list.json');
  mkdirSync(path.dirname(file), { recursive: true });
  const code = runNode('vitest', ['list', `--json=${file}`]);
  if (code !== 0) process.exit(code);
  return testsOfList(read(file), root);
}

const hasRun = !process.argv.includes('--collect') && existsSync(testReport);
const tests = hasRun ? testsOfReport(read(testReport), root) : collect();
const breaches = checkClaims(page, tests);
for (const breach of breaches) console.error(`docs/parity.md, ${breach}`);
const claims = claimsOf(page).length;
const how = hasRun
  ? 'ran and passed'
  : 'exist; whether they pass, this did not see: no report of a whole run was used';
console.log(
  breaches.length === 0 ? `${claims} proofs: all ${how}` : `${claims} proofs, ${breaches.length} breaches`,
);
process.exit(breaches.length === 0 ? 0 : 1);

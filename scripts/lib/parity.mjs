const claim = /`(test\/[^`]+?\.test\.ts) > ([^`]+)`/g;

/** Every test that a page names as proof: `test/path.test.ts > name`, with its line. */
export function claimsOf(page) {
  const claims = [];
  for (const [index, line] of page.split('\n').entries()) {
    for (const [, file, name] of line.matchAll(claim)) claims.push({ line: index + 1, file, name });
  }
  return claims;
}

/** Rows without any proof, of tables whose last column is headed `test`. */
export function unprovedRows(page) {
  const rows = [];
  let isProof = false;
  for (const [index, line] of page.split('\n').entries()) {
    if (!line.startsWith('|')) isProof = false;
    else if (/\|\s*test\s*\|\s*$/.test(line)) isProof = true;
    else if (isProof && !/^[|\s:-]+$/.test(line) && claimsOf(line).length === 0) rows.push(index + 1);
  }
  return rows;
}

/** The JSON of vitest's reporter as `{ file, name, passed }`; names as `describe > test`. */
export function testsOfReport(report, root) {
  return report.testResults.flatMap(({ name: file, assertionResults }) =>
    assertionResults.map(({ ancestorTitles, title, status }) => ({
      file: relative(file, root),
      name: [...ancestorTitles, title].join(' > '),
      passed: status === 'passed',
    })),
  );
}

/** The JSON of `vitest list`: what would run. */
export function testsOfList(list, root) {
  return list.map(({ file, name }) => ({ file: relative(file, root), name, passed: undefined }));
}

/**
 * One line for each claim that no test backs. A claim names a test by its title, with or without those of its describes;
 * `passed: undefined` counts as proof (nothing ran), `false` (failed or skipped) does not.
 */
export function checkClaims(page, tests) {
  const breaches = unprovedRows(page).map((line) => `line ${line}: this row names no test`);
  for (const { line, file, name } of claimsOf(page)) {
    const named = tests.filter(
      (test) => test.file === file && (test.name === name || test.name.endsWith(` > ${name}`)),
    );
    if (named.length === 0)
      breaches.push(`line ${line}: there is no test '${name}' in ${file}, or it did not run`);
    else if (named.some(({ passed }) => passed === false))
      breaches.push(`line ${line}: '${name}' in ${file} did not pass`);
  }
  return breaches;
}

function relative(file, root) {
  const from = file.replaceAll('\\', '/');
  const base = root.replaceAll('\\', '/');
  return from.startsWith(base) ? from.slice(base.length).replace(/^\//, '') : from;
}

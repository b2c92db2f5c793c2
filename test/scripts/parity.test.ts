import { describe, expect, it } from 'vitest';
import {
  checkClaims,
  claimsOf,
  testsOfList,
  testsOfReport,
  unprovedRows,
} from '../../scripts/lib/parity.mjs';

const page = `# Parity
| theirs | ours | test |
| --- | --- | --- |
| \`a\` | \`a\` | \`test/x.test.ts > does a\`, \`test/y.test.ts > whole > does b\` |
| \`c\` | \`c\` | soon |

| theirs | in words |
| --- | --- |
| \`d\` | left out |
`;
const test = (file: string, name: string, passed?: boolean) => ({ file, name, passed });

describe('the page of parity', () => {
  it('names its proofs; a row of a table with tests has one', () => {
    expect(claimsOf(page)).toEqual([
      { line: 4, file: 'test/x.test.ts', name: 'does a' },
      { line: 4, file: 'test/y.test.ts', name: 'whole > does b' },
    ]);
    expect(unprovedRows(page)).toEqual([5]);
  });

  it.each([
    [
      'both ran',
      [test('test/x.test.ts', 'x > does a', true), test('test/y.test.ts', 'whole > does b', true)],
      1,
    ],
    ['both exist', [test('test/x.test.ts', 'does a'), test('test/y.test.ts', 'whole > does b')], 1],
    [
      'one failed',
      [test('test/x.test.ts', 'does a', false), test('test/y.test.ts', 'whole > does b', true)],
      2,
    ],
    [
      'one is of another file',
      [test('test/z.test.ts', 'does a', true), test('test/y.test.ts', 'whole > does b')],
      2,
    ],
    [
      'one has a longer name',
      [test('test/x.test.ts', 'x never does a', true), test('test/y.test.ts', 'whole > does b')],
      2,
    ],
    ['none', [], 3],
  ])('%s', (_name, tests, breaches) => {
    expect(checkClaims(page, tests)).toHaveLength(breaches);
  });

  it('reads what vitest wrote of a run, and of a list', () => {
    const report = {
      testResults: [
        {
          name: '/house/test/x.test.ts',
          assertionResults: [
            { ancestorTitles: ['x'], title: 'does a', status: 'passed' },
            { ancestorTitles: [], title: 'waits', status: 'skipped' },
          ],
        },
      ],
    };
    expect(testsOfReport(report, '/house')).toEqual([
      test('test/x.test.ts', 'x > does a', true),
      test('test/x.test.ts', 'waits', false),
    ]);
    const list = [{ file: '/house/test/x.test.ts', name: 'x > does a' }];
    expect(testsOfList(list, '/house')).toEqual([test('test/x.test.ts', 'x > does a')]);
  });
});

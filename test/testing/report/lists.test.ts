import { describe, expect, it } from 'vitest';
import {
  junitXml,
  passAll,
  passAt,
  type RunOutcome,
  scenarioOutcomes,
  tap,
} from '../../../src/testing/index.js';

const run = (scenario: string, seed: number, ...failures: string[]): RunOutcome => ({
  scenario,
  seed,
  passed: failures.length === 0,
  failures,
  durationMs: 1500,
});

describe('lists of results', () => {
  it('JUnit: a suite for each scenario, a case for each run, everything escaped', () => {
    expect(junitXml([run('a & "b"', 1), run('a & "b"', 2, 'x < y', 'and\u0007more'), run('c', 1)])).toBe(
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites tests="3" failures="1" errors="0" time="4.500">
  <testsuite name="a &amp; &quot;b&quot;" tests="2" failures="1" errors="0" time="3.000">
    <testcase name="seed 1" classname="a &amp; &quot;b&quot;" time="1.500"/>
    <testcase name="seed 2" classname="a &amp; &quot;b&quot;" time="1.500">
      <failure message="x &lt; y">x &lt; y
and\uFFFDmore</failure>
    </testcase>
  </testsuite>
  <testsuite name="c" tests="1" failures="0" errors="0" time="1.500">
    <testcase name="seed 1" classname="c" time="1.500"/>
  </testsuite>
</testsuites>
`,
    );
  });

  it('TAP: numbered, a hash is no directive', () => {
    expect(tap([run('one #1', 7), run('two', 8, 'a: "b"')])).toBe(`TAP version 14
1..2
ok 1 - one \\#1 \\# seed 7
  ---
  duration_ms: 1500
  ...
not ok 2 - two \\# seed 8
  ---
  duration_ms: 1500
  failures:
    - "a: \\"b\\""
  ...
`);
  });

  it.each([
    [10, 10, 3, 1, 1],
    [10, 0, 3, 0, 0],
    [4, 2, 1, 0.5, 0.5],
    [4, 2, 2, 5 / 6, 1 / 6],
    [4, 2, 4, 1, 0],
  ])('%i runs, %i passed: pass@%i', (n, c, k, at, all) => {
    expect(passAt(n, c, k)).toBeCloseTo(at, 10);
    expect(passAll(n, c, k)).toBeCloseTo(all, 10);
  });

  it('each scenario over its runs', () => {
    expect(scenarioOutcomes([run('a', 1), run('b', 1, 'x'), run('a', 2, 'y')])).toEqual([
      { scenario: 'a', runs: 2, passes: 1, passAt1: 0.5, passAtK: 1, passAllK: 0 },
      { scenario: 'b', runs: 1, passes: 0, passAt1: 0, passAtK: 0, passAllK: 0 },
    ]);
  });
});

import { type RunOutcome, scenarioOutcomes } from './run-outcome.js';

/** The runs as JUnit XML, as build servers read it: a suite for each scenario, a case for each run. Times are the calls' own. */
export function junitXml(runs: readonly RunOutcome[]): string {
  const failed = (some: readonly RunOutcome[]) => some.filter(({ passed }) => !passed).length;
  const seconds = (some: readonly RunOutcome[]) =>
    (some.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000).toFixed(3);
  const suites = scenarioOutcomes(runs).map(({ scenario }) => {
    const own = runs.filter((run) => run.scenario === scenario);
    const head = `  <testsuite name="${escaped(scenario)}" tests="${own.length}" failures="${failed(own)}" errors="0" time="${seconds(own)}">`;
    return [head, ...own.map(testCase), '  </testsuite>'].join('\n');
  });
  const totals = `tests="${runs.length}" failures="${failed(runs)}" errors="0" time="${seconds(runs)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase({ scenario, seed, failures, durationMs }: RunOutcome): string {
  const name = `name="seed ${seed}" classname="${escaped(scenario)}" time="${(durationMs / 1000).toFixed(3)}"`;
  if (failures.length === 0) return `    <testcase ${name}/>`;
  const [first = ''] = failures;
  const failure = `      <failure message="${escaped(first)}">${escaped(failures.join('\n'))}</failure>`;
  return [`    <testcase ${name}>`, failure, '    </testcase>'].join('\n');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(controls, '\uFFFD');
}

/** XML 1.0 has no place for them, escaped or not; line ends and tabs it has. */
const controls = /[^\P{Cc}\t\n\r]/gu;

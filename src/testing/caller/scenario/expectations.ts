import { type ConversationReport, metricAt } from '../../report/index.js';
import type { LogEntry } from '../../report/recording.js';
import { described } from './describe.js';
import type { Failure } from './failure.js';
import { callsThatFit, eventsThatFit, loggedWords, saysWords } from './judge.js';
import type { Expectation, ExpectedEvent, ExpectedMetric, ExpectedText } from './scenario.js';

/** What of a scenario's `expect` a whole call did not meet, each in a sentence. */
export function failedExpectations(
  expected: readonly Expectation[],
  log: readonly LogEntry[],
  report: ConversationReport,
): Failure[] {
  return expected.flatMap((one, expectation) => {
    const message = complaint(one, log, report);
    return message === undefined ? [] : [{ expectation, message }];
  });
}

function complaint(
  expected: Expectation,
  log: readonly LogEntry[],
  report: ConversationReport,
): string | undefined {
  if ('metric' in expected) return ofMetric(expected, report);
  if ('event' in expected) return ofEvent(expected, log);
  if ('calls' in expected) {
    const fit = callsThatFit(log, expected).length;
    const others = callsThatFit(log, { calls: expected.calls });
    const told =
      fit === 0 && others.length > 0
        ? `; it was called with ${others.map(({ args }) => JSON.stringify(args)).join(', ')}`
        : '';
    return ofCount(described(expected), fit, expected, told);
  }
  const isThere = saysWords(log, expected);
  if (isThere === (expected.absent !== true)) return undefined;
  return isThere
    ? `${described(expected)} is there, and should not be`
    : `${described(expected)} is missing; ${words(expected, log)}`;
}

function ofEvent(expected: ExpectedEvent, log: readonly LogEntry[]): string | undefined {
  const { after } = expected;
  const before = after === undefined ? -1 : log.findIndex(({ event }) => event === after);
  if (after !== undefined && before < 0) {
    return `${described(expected)}: the event '${after}' before it did not come`;
  }
  const from = log[before]?.atMs ?? 0;
  const until = from + (expected.withinMs ?? Number.POSITIVE_INFINITY);
  // By order: much may happen in the same millisecond.
  const fit = eventsThatFit(log.slice(before + 1), expected);
  const inTime = fit.filter(({ atMs }) => atMs <= until);
  const late =
    inTime.length === 0 && fit[0] !== undefined ? `; it came ${Math.round(fit[0].atMs - from)} ms after` : '';
  return ofCount(described(expected), inTime.length, expected, late);
}

function ofCount(
  what: string,
  count: number,
  { absent = false, times }: { absent?: boolean; times?: number },
  told: string,
): string | undefined {
  if (times !== undefined)
    return count === times ? undefined : `${what} came ${count} times, not ${times}${told}`;
  if (absent) return count === 0 ? undefined : `${what} came, and should not`;
  return count > 0 ? undefined : `${what} did not come${told}`;
}

function ofMetric(expected: ExpectedMetric, report: ConversationReport): string | undefined {
  const { metric, min, max, equals } = expected;
  const value = metricAt(report, metric);
  if (value === undefined) return `the figure '${metric}' is not in the report`;
  if (min !== undefined && !(value >= min)) return `${metric} is ${rounded(value)}, below ${min}`;
  if (max !== undefined && !(value <= max)) return `${metric} is ${rounded(value)}, above ${max}`;
  if (equals !== undefined && value !== equals) return `${metric} is ${rounded(value)}, not ${equals}`;
  return undefined;
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}

function words({ textContains, heard }: ExpectedText, log: readonly LogEntry[]): string {
  const said = loggedWords(log);
  if (textContains !== undefined) return `the agent's text was ${quoted(said.agent)}`;
  return heard !== undefined ? `heard was ${quoted(said.heard)}` : `understood was ${quoted(said.user)}`;
}

function quoted(texts: readonly string[]): string {
  const said = texts.map((text) => text.trim()).filter((text) => text !== '');
  return said.length === 0 ? 'nothing' : said.map((text) => JSON.stringify(text)).join(', ');
}

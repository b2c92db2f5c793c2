import { isDtmfKey } from '../../../core/index.js';
import { noiseKinds, ticKinds } from '../sound/index.js';
import type { Expectation, Step } from './scenario.js';
import type { ScenarioChecker } from './scenario-checker.js';

const mannerFields = ['voice', 'rate', 'pitch', 'levelDb'];
const kinds = [
  'say',
  'wait',
  'sendAfter',
  'overlapAt',
  'dtmf',
  'noise',
  'backchannel',
  'tic',
  'sideSpeech',
  'pause',
  'data',
  'expect',
  'hangup',
] as const;
type Kind = (typeof kinds)[number];

/** Reads a step as a file writes it: `say: "Hello"` for `say: { text: "Hello" }`, `hangup` for `hangup: {}`. */
export function readStep(check: ScenarioChecker, json: unknown, path: string): Step {
  if (typeof json === 'string') {
    check.oneOf(json, ['hangup', 'tic', 'backchannel'], path);
    return { [json]: {} } as Step;
  }
  const fields = check.object(json, path, kinds);
  const names = Object.keys(fields) as Kind[];
  const [kind] = names;
  if (kind === undefined || names.length > 1) check.fail(path, `must have one of ${kinds.join(', ')}`);
  const at = `${path}.${kind}`;
  return { [kind]: readers[kind](check, fields[kind], at) } as Step;
}

/** One for each kind; gives the step's fields without abbreviations. */
const readers: Record<Kind, (check: ScenarioChecker, json: unknown, path: string) => unknown> = {
  say(check, json, path) {
    const fields = spoken(check, json, path, ['intent']);
    check.text(fields.text, `${path}.text`);
    check.oneOf(fields.intent, ['turn', 'interruption'], `${path}.intent`);
    return fields;
  },
  wait(check, json, path) {
    const short = typeof json === 'number' ? { ms: json } : typeof json === 'string' ? { for: json } : json;
    const fields = check.object(short, path, ['ms', 'for', 'where', 'withinMs']);
    if ((fields.ms === undefined) === (fields.for === undefined))
      check.fail(path, "must have either 'ms' or 'for'");
    if (fields.ms !== undefined) return { ms: check.ms(fields.ms, `${path}.ms`) };
    check.text(fields.for, `${path}.for`);
    waiting(check, fields, path);
    return fields;
  },
  sendAfter(check, json, path) {
    const fields = check.object(json, path, ['event', 'delayMs', 'where', 'withinMs']);
    check.text(fields.event, `${path}.event`);
    check.ms(fields.delayMs, `${path}.delayMs`);
    waiting(check, fields, path);
    return fields;
  },
  overlapAt(check, json, path) {
    const fields = check.object(typeof json === 'number' ? { agentMs: json } : json, path, [
      'agentMs',
      'withinMs',
    ]);
    check.ms(fields.agentMs, `${path}.agentMs`);
    check.optionalMs(fields.withinMs, `${path}.withinMs`);
    return fields;
  },
  dtmf(check, json, path) {
    const short = typeof json === 'number' || typeof json === 'string' ? { keys: String(json) } : json;
    const fields = check.object(short, path, ['keys', 'gapMs', 'toneMs', 'audible']);
    const keys = check.text(fields.keys, `${path}.keys`);
    const odd = [...keys].find((key) => !isDtmfKey(key));
    if (odd !== undefined) check.fail(`${path}.keys`, `has '${odd}', which is no key: 0-9, *, # and A-D are`);
    for (const name of ['gapMs', 'toneMs']) check.optionalMs(fields[name], `${path}.${name}`);
    check.optionalFlag(fields.audible, `${path}.audible`);
    return fields;
  },
  noise(check, json, path) {
    const short = typeof json === 'string' ? { kind: json } : json;
    const fields = readNoise(check, short, path, ['ms']);
    check.optionalMs(fields.ms, `${path}.ms`);
    return fields;
  },
  backchannel: (check, json, path) => spoken(check, json ?? {}, path, []),
  tic(check, json, path) {
    const fields = check.object(typeof json === 'string' ? { kind: json } : (json ?? {}), path, [
      'kind',
      'peakDb',
    ]);
    check.oneOf(fields.kind, ticKinds, `${path}.kind`);
    check.optionalWithin(fields.peakDb, -90, 0, `${path}.peakDb`);
    return fields;
  },
  sideSpeech(check, json, path) {
    const fields = spoken(check, json, path, []);
    check.text(fields.text, `${path}.text`);
    return fields;
  },
  pause(check, json, path) {
    const fields = check.object(typeof json === 'number' ? { ms: json } : json, path, ['ms']);
    check.ms(fields.ms, `${path}.ms`);
    return fields;
  },
  data: (check, json, path) => check.object(json, path),
  expect: (check, json, path) => readExpectation(check, json, path, 'step'),
  hangup(check, json, path) {
    const fields = check.object(typeof json === 'string' ? { reason: json } : (json ?? {}), path, ['reason']);
    check.optionalText(fields.reason, `${path}.reason`);
    return fields;
  },
};

/** What is said and how: a text alone, or fields. */
function spoken(check: ScenarioChecker, json: unknown, path: string, more: readonly string[]) {
  const fields = check.object(typeof json === 'string' ? { text: json } : json, path, [
    'text',
    ...mannerFields,
    ...more,
  ]);
  if (fields.text !== undefined) check.text(fields.text, `${path}.text`);
  check.manner(fields, path);
  return fields;
}

function waiting(check: ScenarioChecker, fields: Record<string, unknown>, path: string): void {
  if (fields.where !== undefined) check.where(fields.where, `${path}.where`);
  check.optionalMs(fields.withinMs, `${path}.withinMs`);
}

/** A noise by kind and level; `more`: other fields that it may have there. */
export function readNoise(check: ScenarioChecker, json: unknown, path: string, more: readonly string[] = []) {
  const fields = check.object(json, path, ['kind', 'snrDb', 'levelDb', ...more]);
  check.text(fields.kind, `${path}.kind`);
  check.oneOf(fields.kind, noiseKinds, `${path}.kind`);
  check.optionalWithin(fields.snrDb, -30, 60, `${path}.snrDb`);
  check.optionalWithin(fields.levelDb, -90, 0, `${path}.levelDb`);
  if (fields.snrDb !== undefined && fields.levelDb !== undefined)
    check.fail(path, "has 'snrDb' or 'levelDb', not both");
  return fields;
}

const expectationFields: Record<string, readonly string[]> = {
  event: ['where', 'withinMs', 'after', 'absent', 'times'],
  calls: ['args', 'absent', 'times', 'withinMs'],
  textContains: ['absent', 'withinMs'],
  heard: ['absent', 'withinMs'],
  understood: ['absent', 'withinMs'],
  metric: ['min', 'max', 'equals'],
};

/** In a step, figures of the report are not known yet, and `after` and `times` have no meaning. */
export function readExpectation(
  check: ScenarioChecker,
  json: unknown,
  path: string,
  place: 'step' | 'call',
): Expectation {
  const kinds = Object.keys(expectationFields).filter((kind) => place === 'call' || kind !== 'metric');
  const given = Object.keys(check.object(json, path)).filter((name) => kinds.includes(name));
  const [kind] = given;
  if (kind === undefined || given.length > 1) check.fail(path, `must have one of ${kinds.join(', ')}`);
  const known = expectationFields[kind]!.filter(
    (name) => place === 'call' || (name !== 'after' && name !== 'times'),
  );
  // Words are expected of the whole call, unless a step says how long it waits for them.
  const usable = place === 'call' && kind !== 'event' ? known.filter((name) => name !== 'withinMs') : known;
  const fields = check.object(json, path, [kind, ...usable]);
  check.text(fields[kind], `${path}.${kind}`);
  for (const name of ['where', 'args']) {
    if (fields[name] !== undefined) check.where(fields[name], `${path}.${name}`);
  }
  check.optionalMs(fields.withinMs, `${path}.withinMs`);
  check.optionalText(fields.after, `${path}.after`);
  check.optionalFlag(fields.absent, `${path}.absent`);
  check.optionalCount(fields.times, `${path}.times`);
  for (const name of ['min', 'max', 'equals']) check.optionalNumber(fields[name], `${path}.${name}`);
  if (kind === 'metric' && ['min', 'max', 'equals'].every((name) => fields[name] === undefined)) {
    check.fail(path, "must say 'min', 'max' or 'equals'");
  }
  if (fields.absent === true && fields.times !== undefined)
    check.fail(path, "has 'absent' or 'times', not both");
  return fields as object as Expectation;
}

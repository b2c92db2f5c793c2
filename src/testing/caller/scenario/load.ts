import { resamplerRatesHz } from '../../../audio/index.js';
import { readExpectation, readNoise, readStep } from './read-step.js';
import type { Expectation, Scenario } from './scenario.js';
import { ScenarioChecker } from './scenario-checker.js';

const fieldsOfScenario = [
  'name',
  'seed',
  'agent',
  'clock',
  'caller',
  'line',
  'limitMs',
  'withinMs',
  'steps',
  'expect',
];

/**
 * Checks a scenario that came as JSON or YAML, and writes its abbreviations out. ConfigError `option_invalid` names the path at
 * fault, such as `steps[2].say.rate`. `name`: what the scenario is called where it does not say; without it, it must.
 */
export function loadScenario(json: unknown, name?: string): Scenario {
  const given = typeof json === 'object' && json !== null && 'name' in json ? json.name : name;
  const check = new ScenarioChecker(typeof given === 'string' ? `The scenario '${given}'` : 'The scenario');
  const fields = check.object(json, '', fieldsOfScenario);
  check.text(given, 'name');
  check.optionalCount(fields.seed, 'seed');
  check.optionalText(fields.agent, 'agent');
  check.oneOf(fields.clock, ['virtual', 'real'], 'clock');
  check.optionalWithin(fields.limitMs, 1, 3_600_000, 'limitMs');
  check.optionalMs(fields.withinMs, 'withinMs');
  if (fields.caller !== undefined) checkCaller(check, fields.caller);
  if (fields.line !== undefined) checkLine(check, fields.line);
  const steps = check
    .list(fields.steps, 'steps')
    .map((step, index) => readStep(check, step, `steps[${index}]`));
  const expect = check
    .list(fields.expect ?? [], 'expect')
    .map((one, index): Expectation => readExpectation(check, one, `expect[${index}]`, 'call'));
  return { ...(fields as Partial<Scenario>), name: given as string, steps, expect };
}

function checkCaller(check: ScenarioChecker, json: unknown): void {
  const fields = check.object(json, 'caller', ['voice', 'rate', 'pitch', 'levelDb', 'vary']);
  check.manner(fields, 'caller');
  if (fields.vary === undefined) return;
  const vary = check.object(fields.vary, 'caller.vary', ['rate', 'pitch', 'levelDb']);
  check.optionalWithin(vary.rate, 0, 0.5, 'caller.vary.rate');
  check.optionalWithin(vary.pitch, 0, 0.3, 'caller.vary.pitch');
  check.optionalWithin(vary.levelDb, 0, 30, 'caller.vary.levelDb');
}

function checkLine(check: ScenarioChecker, json: unknown): void {
  const fields = check.object(json, 'line', ['sampleRateHz', 'telephone', 'noise', 'echo', 'loss']);
  const rate = fields.sampleRateHz;
  if (rate !== undefined && !resamplerRatesHz.includes(rate as number)) {
    check.fail('line.sampleRateHz', `must be one of ${resamplerRatesHz.join(', ')}`);
  }
  check.optionalFlag(fields.telephone, 'line.telephone');
  if (fields.telephone === true && rate !== undefined && rate !== 8000) {
    check.fail('line.sampleRateHz', 'is 8000 on a telephone line');
  }
  if (fields.noise !== undefined) readNoise(check, fields.noise, 'line.noise');
  if (fields.echo !== undefined) {
    const echo = check.object(fields.echo, 'line.echo', ['levelDb', 'delayMs']);
    check.optionalWithin(echo.levelDb, -90, 6, 'line.echo.levelDb');
    check.optionalWithin(echo.delayMs, 0, 2000, 'line.echo.delayMs');
  }
  if (fields.loss !== undefined) {
    const loss = check.object(fields.loss, 'line.loss', ['rate', 'burstMs']);
    if (loss.rate === undefined) check.fail('line.loss.rate', 'is missing: a share of the frames');
    check.optionalWithin(loss.rate, 0, 0.9, 'line.loss.rate');
    check.optionalWithin(loss.burstMs, 20, 10_000, 'line.loss.burstMs');
  }
}

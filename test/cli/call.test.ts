import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parseWav } from '../../src/audio/index.js';
import { run, type Terminal } from '../../src/cli/run.js';
import { testFiles } from './files.js';

const { folder, file } = testFiles();

const desk = fileURLToPath(new URL('./desk.ts', import.meta.url));

async function command(...argv: string[]) {
  const [out, err]: [string[], string[]] = [[], []];
  const terminal: Terminal = {
    out: (line) => out.push(line),
    err: (line) => err.push(line),
    stop: new AbortController().signal,
  };
  const code = await run(argv, terminal);
  return { code, out, err, text: out.join('\n') };
}

const asksText = `name: asks for the hours
seed: 3
steps:
  - wait: agent_stopped
  - say: { text: When do you open?, voice: rms }
  - wait: agent_started
  - wait: agent_stopped
expect:
  - heard: we open at nine
`;
const asks = file('asks.yaml', asksText);
const expectsTooMuch = file(
  'wants.yaml',
  'steps:\n  - wait: agent_stopped\nexpect:\n  - heard: good night\n',
);

describe('repartee call', () => {
  it('tells the call, and writes recording, log and report', async () => {
    const out = join(folder, 'out');
    const { code, text, err } = await command('call', desk, '--scenario', asks, '--out', out);
    expect(err).toEqual([]);
    expect(code).toBe(0);
    expect(text).toMatch(/^asks for the hours, seed 3: \d\.\d s$/m);
    expect(text).toMatch(/^ +\d\.\d\d +caller +When do you open\?$/m);
    expect(text).toMatch(/^ +\d\.\d\d +agent +We open at nine\.$/m);
    expect(readdirSync(out).sort()).toEqual([
      'asks-for-the-hours.log.jsonl',
      'asks-for-the-hours.report.json',
      'asks-for-the-hours.wav',
    ]);
    const { report } = JSON.parse(readFileSync(join(out, 'asks-for-the-hours.report.json'), 'utf8'));
    const wav = parseWav(readFileSync(join(out, 'asks-for-the-hours.wav')));
    expect(wav.channels).toBe(2);
    expect((wav.pcm.length / 2 / wav.sampleRateHz) * 1000).toBeCloseTo(report.durationMs, 3);
    const log = readFileSync(join(out, 'asks-for-the-hours.log.jsonl'), 'utf8').trim().split('\n');
    const times = log.map((line) => JSON.parse(line).atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('what was not as expected is told, with exit code 1', async () => {
    const { code, err, text } = await command('call', desk, '--scenario', expectsTooMuch);
    expect(code).toBe(1);
    expect(err).toEqual(['failed: "good night" in the caller\'s ear is missing; heard was "Hello."']);
    expect(text).not.toContain('passed');
  });

  it.each<[string[], RegExp]>([
    [['call'], /^repartee call needs a scenario: --scenario FILE\.$/],
    [['call', 'a', 'b', '--scenario', asks], /takes one agent, not 'b' as well/],
    [['call', desk, '--scenario', '/nowhere.yaml'], /^The file \/nowhere\.yaml cannot be read\.$/],
    [['call', desk, '--scenario', file('bad.yaml', 'steps: [')], /bad\.yaml is not YAML: /],
    [
      ['call', desk, '--scenario', file('odd.yaml', 'steps:\n  - say: { text: Hi, speed: 2 }')],
      /^The scenario 'odd': steps\[0\]\.say\.speed is not a field; fields are text, voice, rate/,
    ],
    [['call', '--scenario', asks], /^Nobody is to be called: give a module or an address, or 'agent' in /],
    [['call', '/nowhere.js', '--scenario', asks], /^The module \/nowhere\.js cannot be imported: /],
    [
      ['call', file('none.mjs', 'export const x = 1;'), '--scenario', asks],
      /exports no callee: its default export/,
    ],
    [['call', 'http://127.0.0.1:1', '--scenario', asks], /127\.0\.0\.1:1/],
    [['call', desk, '--scenario', asks, '--seed', 'x'], /^--seed takes a number from 0/],
    [['test'], /^repartee test needs the folder of the scenarios\.$/],
    [['test', '/nowhere'], /^The folder \/nowhere cannot be read\.$/],
    [['test', folder, '--format', 'xml'], /^--format takes lines, tap, junit, json, not 'xml'\.$/],
    [['test', folder, '--repeat', '0'], /^--repeat takes a number from 1/],
    [['test', fileURLToPath(new URL('.', import.meta.url))], /^There is no scenario in /],
  ])('%j → one sentence, exit code 1', async (argv, message) => {
    const { code, err } = await command(...argv);
    expect(code).toBe(1);
    expect(err).toHaveLength(1);
    expect(err[0]).toMatch(message);
    expect(err[0]).not.toContain('\n');
  });
});

describe('repartee test', () => {
  const suite = join(folder, 'suite');
  file('suite/b.yaml', asksText);
  file('suite/a.json', JSON.stringify({ steps: [], expect: [{ metric: 'turn_count', equals: 1 }] }));
  file('suite/notes.txt', 'no scenario');

  it('lines: every run with its seed, each scenario over its runs; 1 where one failed', async () => {
    const { code, out } = await command('test', suite, '--agent', desk, '--repeat', '2', '--seed', '7');
    expect(code).toBe(1);
    expect(out).toEqual([
      'FAILED  a  (seed 7, 0.0 s)',
      '        turn_count is 0, not 1',
      'FAILED  a  (seed 8, 0.0 s)',
      '        turn_count is 0, not 1',
      expect.stringMatching(/^passed {2}asks for the hours {2}\(seed 7, \d\.\d s\)$/),
      expect.stringMatching(/^passed {2}asks for the hours {2}\(seed 8, \d\.\d s\)$/),
      'a: 0 of 2 (pass@1 0.00, pass@2 0.00, pass^2 0.00)',
      'asks for the hours: 2 of 2 (pass@1 1.00, pass@2 1.00, pass^2 1.00)',
      '2 of 4 runs passed',
    ]);
  });

  it('a call that cannot be made is a failed run', async () => {
    const { code, out } = await command('test', suite, '--agent', join(folder, 'none.mjs'));
    expect(code).toBe(1);
    expect(out[0]).toBe('FAILED  a  (seed 1, 0.0 s)');
    expect(out[1]).toMatch(/exports no callee/);
    expect(out.at(-1)).toBe('0 of 2 runs passed');
  });

  it('tap, junit and json tell the same; the same seed gives the same call', async () => {
    const [tap, junit, json, again] = await Promise.all(
      ['tap', 'junit', 'json', 'json'].map((format) =>
        command('test', suite, '--agent', desk, '--format', format),
      ),
    );
    expect(tap!.out.slice(0, 3)).toEqual(['TAP version 14', '1..2', 'not ok 1 - a \\# seed 1']);
    expect(tap!.out).toContain('ok 2 - asks for the hours \\# seed 3');
    expect(junit!.text).toContain('<testsuites tests="2" failures="1"');
    expect(junit!.text).toContain('<failure message="turn_count is 0, not 1">');
    const told = JSON.parse(json!.text);
    expect(told).toMatchObject({ schema: 'repartee.test-run', version: 1 });
    expect(told.runs.map((one: { passed: boolean }) => one.passed)).toEqual([false, true]);
    expect(again!.text).toBe(json!.text);
  });
});

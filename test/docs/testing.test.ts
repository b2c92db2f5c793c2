import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadScenario } from '../../src/testing/index.js';

const page = readFileSync(new URL('../../docs/testing.md', import.meta.url), 'utf8');

describe('docs/testing.md', () => {
  it('shows a scenario that is one', () => {
    const [, yaml] = /```yaml\n([^`]+)```/.exec(page)!;
    expect(loadScenario(parse(yaml!)).steps.length).toBeGreaterThan(5);
  });

  it.each([
    'say',
    'wait',
    'sendAfter',
    'overlapAt',
    'pause',
    'backchannel',
    'tic',
    'sideSpeech',
    'noise',
    'dtmf',
    'data',
    'expect',
    'hangup',
  ])('tells of the step %s', (kind) => expect(page).toMatch(new RegExp(`^\\| .*\`${kind}[:\`]`, 'm')));
});

import { describe, expect, test } from 'vitest';
import { languages } from '../../../src/agent/policy/languages.js';
import { policySettings } from '../../../src/agent/policy/options.js';
import { read } from '../../../src/agent/policy/phrases.js';

const all = { languages, backchannels: [], commands: [] };

describe('small words', () => {
  test.each([
    ['Uh-huh.', 1, 0, false],
    ['Yeah, yeah. Of course!', 4, 0, false],
    ['Ja, genau', 2, 0, false],
    ["D'accord, je vois", 3, 0, false],
    ['sí, claro', 2, 0, false],
    ['ja, akkurat', 2, 0, false],
    ['oh no', 2, 0, false],
    ['yeah but on Saturday', 4, 3, false],
    ['no', 1, 1, true],
    ['Vent litt, hva sa du', 5, 5, true],
    ['okay, one second', 3, 2, true],
    ['12345', 1, 1, false],
    ['', 0, 0, false],
    ['…?!', 0, 0, false],
  ])('%s', (text, words, real, command) => {
    expect(read(text, all)).toMatchObject({ words, real, command });
  });

  test('those of a language that is not spoken are words', () => {
    expect(read('genau', { ...all, languages: ['en'] })).toMatchObject({ real: 1 });
  });

  test('further ones, as they are written', () => {
    const { backchannels, commands } = policySettings({ backchannels: ['Roger that!'], commands: ['Abort'] });
    expect(read('roger, that', { languages, backchannels, commands })).toMatchObject({ real: 0 });
    expect(read('abort', { languages, backchannels, commands })).toMatchObject({ command: true });
  });
});

describe('options', () => {
  test.each([
    [{ minDurationMs: -1 }, 'interruption.minDurationMs'],
    [{ minWords: 1.5 }, 'interruption.minWords'],
    [{ languages: ['xx' as 'en'] }, 'interruption.languages'],
    [{ sideSpeechDb: Number.NaN }, 'interruption.sideSpeechDb'],
  ])('%j is none', (options, param) => {
    expect(() => policySettings(options)).toThrow(expect.objectContaining({ code: 'option_invalid', param }));
  });
});

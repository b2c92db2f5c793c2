import { afterAll, describe, expect, it } from 'vitest';
import { smallWords } from '../../../src/agent/index.js';
import type { Opening, SttEvent } from '../../../src/speech/contracts.js';
import { embeddedStt, speak } from '../../../src/speech/embedded/index.js';
import { openingsLanguage } from '../../../src/speech/embedded/openings/opening-graph.js';
import { OpeningReader } from '../../../src/speech/embedded/openings/openings.js';
import { buildNGram } from '../../../src/speech/embedded/stt/ngram.js';
import { answered, collect, padded, pushFrames } from './audio.js';

const openings = { backchannels: ['okay', 'i see'], commands: ['stop'] };

describe('what a decoder says of an opening', () => {
  const reader = new OpeningReader(openings);
  const rows: [tokens: string, is: Opening['is'] | undefined, isWhole?: boolean][] = [
    ['', undefined],
    ['backchannel:okay', 'backchannel', true],
    ['backchannel:okay backchannel:i_see', 'backchannel', true],
    ['backchannel:okay backchannel-7', 'backchannel', false],
    ['backchannel:okay words-7', 'words', false],
    ['backchannel:okay but', 'words', true],
    ['okay', 'backchannel', true],
    ['command-3', 'command', false],
    ['command:stop', 'command', true],
    ['command:stop words-3', 'command', true],
    ['stop it', 'command', true],
    ['please stop', 'words', true],
  ];
  it.each(rows)('%j is %s', (text, is, isWhole) => {
    const tokens = text.split(' ').filter((token) => token !== '');
    const opening = is === undefined ? undefined : { is, isWhole, count: tokens.length };
    expect(reader.read(tokens)).toEqual(opening);
  });

  it('gives the words of small phrases, and of nothing else', () => {
    expect(reader.smallWords('backchannel:i_see')).toEqual(['i', 'see']);
    expect(reader.smallWords('stop')).toEqual(['stop']);
    expect(reader.smallWords('backchannel-3')).toBeUndefined();
    expect(reader.smallWords('but')).toBeUndefined();
  });
});

describe('the language of openings', () => {
  const sounds = 'okay OW K EY\nokay(2) K EY\ni AY\nsee S IY\nstop S T AA P\nbut B AH T\n';
  const entries = new Map([['but', ['B AH T']]]);
  const model = buildNGram({ sentences: [], general: [['but']], unigrams: new Map([['but', 1]]), weight: 0 });
  const { fsg, dictionary } = openingsLanguage(openings, { model, entries }, sounds, (words) =>
    words.map(() => ''),
  );

  it('has small phrases, said twice as well, and the beginnings of all that is longer than two sounds', () => {
    const lines = dictionary.trim().split('\n');
    expect(lines).toContain('backchannel:okay OW K EY');
    expect(lines).toContain('backchannel:okay(2) K EY');
    expect(lines).toContain('backchannel:i_see_i_see AY S IY AY S IY');
    const beginnings = lines
      .filter((line) => /^\w+-\d+ /.test(line))
      .map((line) => line.replace(/-\d+ /, ' '));
    expect(beginnings).toContain('backchannel OW K');
    expect(beginnings).toContain('command S T AA');
    expect(beginnings).toContain('words B AH');
    expect(beginnings).not.toContain('words B');
  });

  it('knows every word of its grammar, and no probability is more than one', () => {
    const known = new Set(dictionary.split('\n').map((line) => line.split(' ')[0]));
    const spread = new Map<string, number>();
    for (const line of fsg.split('\n').filter((line) => line.startsWith('TRANSITION'))) {
      const [, from, , p, word] = line.split(' ');
      if (word !== undefined) expect(known).toContain(word);
      spread.set(from!, (spread.get(from!) ?? 0) + Number(p));
    }
    // A beginning is heard instead of what it is the beginning of.
    for (const [state, p] of spread) expect(p, `state ${state}`).toBeLessThan(1.8);
  });
});

describe('the embedded recogniser', () => {
  const stt = embeddedStt({ openings: smallWords.en });
  afterAll(() => stt.close());

  it.each([
    ['okay okay', 'backchannel'],
    ['hold on', 'command'],
    ['what about tomorrow morning', 'words'],
  ] as const)('tells how "%s" begins before it has ended', async (text, is) => {
    const { pcm } = await speak(text, { voice: 'rms' });
    const stream = stt.stream();
    const { next } = collect<SttEvent>(stream);
    const told = next((event) => event.t === 'opening' && event.is === is && event.isWhole);
    pushFrames(stream, padded(pcm, 300, 300));
    await told;
    const over = next(answered);
    stream.flush();
    expect(await over).toMatchObject({ t: 'final', text });
    stream.close();
  });
});

it('refuses openings without a word', () => {
  expect(() => embeddedStt({ openings: { backchannels: ['...'], commands: [] } })).toThrow(
    expect.objectContaining({ code: 'option_invalid', param: 'openings' }),
  );
});

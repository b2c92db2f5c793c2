import { describe, expect, it } from 'vitest';
import { sentenceWords } from '../../../src/speech/embedded/stt/sentence-words.js';
import { speakable } from '../../../src/speech/embedded/tts/speakable.js';

describe('what the synthesiser is given to read', () => {
  it.each([
    ['3/4/2025,', 'March 4th 2025,'],
    ['21/2/2025', 'February 21st 2025'],
    ['13/25/2025', '13/25/2025'],
    ['2025-12-03.', 'December 3rd 2025.'],
    ['10:30', '10:30'],
    ['10:00am', '10 a.m.'],
    ['$12.50', '$12.50'],
    ['€5.50', '5.50 euros'],
    ['bob@example.com.', 'bob at example dot com.'],
    ['www.example.com', 'www dot example dot com'],
    ['U.S.', 'U.S.'],
    ['Dr.', 'Dr.'],
    ['café', 'cafe'],
    ['“it’s”', '"it\'s"'],
    ['**bold**', 'bold'],
    ['and/or', 'and or'],
    ['10–12', '10 to 12'],
    ['wait—no', 'wait, no'],
    ['#5', 'number 5'],
    ['&', 'and'],
    ['😀', ''],
    ['日本', ''],
  ])('%s -> %j', (word, expected) => {
    expect(speakable(word)).toBe(expected);
  });
});

describe('words as the recogniser spells them', () => {
  it.each([
    ['Hello, are you open?', ['hello', 'are', 'you', 'open']],
    ['It’s Dr. Novák', ["it's", 'dr', 'novák']],
    ['at two thirty p m', ['at', 'two', 'thirty', 'p_m']],
    ['at 2 a.m.', ['at', '2', 'a_m']],
    ['five five five zero', ['five', 'five+', 'five+', 'zero+']],
    ['that is n o v a k', ['that', 'is', 'n', 'o+', 'v+', 'a+', 'k+']],
    ['am i a customer', ['am', 'i', 'a', 'customer']],
    ["'til tomorrow'", ["'til", 'tomorrow']],
  ])('%s', (sentence, expected) => {
    expect(sentenceWords(sentence)).toEqual(expected);
  });
});

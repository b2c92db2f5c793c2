import { describe, expect, test } from 'vitest';
import { dateRules } from '../../../src/agent/capture/kinds/date.js';
import { emailRules } from '../../../src/agent/capture/kinds/email.js';
import { nameRules } from '../../../src/agent/capture/kinds/name.js';
import { patternRules } from '../../../src/agent/capture/kinds/pattern.js';
import { phoneRules } from '../../../src/agent/capture/kinds/phone.js';
import { loadPhoneNumbers } from '../../../src/agent/capture/kinds/phone-numbers.js';
import { vocabularyOf } from '../../../src/agent/capture/languages/index.js';

describe('email', () => {
  test.each([
    ['en', 'my email is john dot smith at gmail dot com', null, 'john.smith@gmail.com'],
    ['en', 'it is j o h n underscore s at example dot org thanks', null, 'john_s@example.org'],
    ['en', 'b as in bravo o b at my company dot co dot uk', null, 'bob@mycompany.co.uk'],
    ['en', 'b as in delta o b at x dot io', null, 'dob@x.io'],
    ['en', 'smith s m y t h e at gmail dot com', null, 'smythe@gmail.com'],
    ['en', 'anna double l forty two at web dot de', null, 'annall42@web.de'],
    ['en', 'My address is John.Smith@Gmail.com.', null, 'john.smith@gmail.com'],
    ['en', 'jean-luc at example dot com', null, 'jean-luc@example.com'],
    ['en', 'jean dash luc plus news at example dot com', null, 'jean-luc+news@example.com'],
    ['en', 'alpha bravo charlie one two at example dot com', null, 'abc12@example.com'],
    ['en', 'no at outlook dot com', 'bob@gmail.com', 'bob@outlook.com'],
    ['en', 'no dot org', 'bob@example.com', 'bob@example.org'],
    ['en', 'not b, d as in delta', 'bo@example.com', 'do@example.com'],
    ['en', 'change the second letter to a', 'bob@x.com', 'bab@x.com'],
    ['nb', 'det er kari punktum hansen krøllalfa online punktum no', null, 'kari.hansen@online.no'],
    ['nb', 'a som i anna b som i bernhard alfakrøll eksempel punktum no', null, 'ab@eksempel.no'],
    ['de', 'meine e-mail ist max punkt muster at web punkt de', null, 'max.muster@web.de'],
    ['de', 'max unterstrich m wie martha klammeraffe example punkt org', null, 'max_m@example.org'],
    ['fr', "c'est marie tiret dupont arobase orange point fr", null, 'marie-dupont@orange.fr'],
    ['fr', 'mon adresse est j point p tiret du bas un arobase exemple point com', null, 'j.p_1@exemple.com'],
    ['es', 'mi correo es ana guion bajo garcía arroba correo punto es', null, 'ana_garcía@correo.es'],
  ])('%s: %s (%s) -> %s', (locale, turn, text, expected) => {
    const rules = emailRules(vocabularyOf(locale));
    const [first] = rules.said(turn, { text, open: false }).texts;
    expect(first).toBe(expected);
    expect(rules.check(first!).fit).toBe('whole');
  });

  test('a local part alone is short: what is said next goes on', () => {
    const rules = emailRules(vocabularyOf('en'));
    expect(rules.check('john').fit).toBe('short');
    expect(rules.said('at gmail dot com', { text: 'john', open: true }).texts[0]).toBe('john@gmail.com');
  });
});

describe('name', () => {
  test.each([
    ['en', 'my name is anna novak', null, 'Anna Novak'],
    ['en', "anna novak that's n o v a k", null, 'Anna Novak'],
    ['en', 'my name is anna nowack, spelled n o v a k', null, 'Anna Novak'],
    ['en', 'm a r i u s', null, 'Marius'],
    ['en', 'c as in charlie a t h y', null, 'Cathy'],
    ['en', 'a double n a', null, 'Anna'],
    ['en', "it's jean-luc", null, 'Jean-Luc'],
    ['en', 'no it is spelled n o v a c k', 'Anna Novak', 'Anna Novack'],
    ['en', 'the last letter is c', 'Novak', 'Novac'],
    ['de', 'mein Name ist Schmidt, s c h m i t t', null, 'Schmitt'],
    ['nb', 'jeg heter kari hansen', null, 'Kari Hansen'],
    ['fr', "je m'appelle marie dupont", null, 'Marie Dupont'],
    ['es', 'me llamo ana', null, 'Ana'],
  ])('%s: %s (%s) -> %s', (locale, turn, text, expected) => {
    expect(nameRules(vocabularyOf(locale)).said(turn, { text, open: false }).texts[0]).toBe(expected);
  });

  test('what is said about a name that stands is no name', () => {
    expect(
      nameRules(vocabularyOf('en')).said('what do you think', { text: 'Anna', open: false }).texts,
    ).toEqual([]);
  });
});

describe('pattern', () => {
  test.each([
    ['a b one two three', null, 'AB123', 'whole'],
    ['the code is x as in xray seven double zero k', null, 'X700K', 'wrong'],
    ['b as in bravo c nine eight seven', null, 'BC987', 'whole'],
    ['the second letter is d', 'bc987', 'BD987', 'whole'],
    ['not seven, six', 'bc987', 'BC986', 'whole'],
  ])('%s (%s) -> %s, %s', (turn, text, value, fit) => {
    const rules = patternRules(vocabularyOf('en'), /[A-Z]{2}\d{3}/, undefined);
    const [first] = rules.said(turn, { text, open: false }).texts;
    expect(rules.check(first!)).toMatchObject({ value, fit });
  });
});

describe('phone', async () => {
  const numbers = await loadPhoneNumbers();
  test.each([
    ['US', '4155550142', '+14155550142', 'whole', ['415', '555', '0142']],
    ['US', '14155550142', '+14155550142', 'whole', ['415', '555', '0142']],
    ['US', '415555', '415555', 'short', ['415', '555']],
    ['US', '41555501425', '41555501425', 'wrong', undefined],
    ['US', '+4791234567', '+4791234567', 'whole', ['+47', '91', '23', '45', '67']],
    ['NO', '91234567', '+4791234567', 'whole', ['91', '23', '45', '67']],
    ['NO', '912', '912', 'short', undefined],
    ['NO', '91234', '91234', 'short', undefined],
    ['FR', '0612345678', '+33612345678', 'whole', ['06', '12', '34', '56', '78']],
    ['ES', '612345678', '+34612345678', 'whole', ['612', '34', '56', '78']],
    ['DE', '015112345678', '+4915112345678', 'open', undefined],
    [undefined, '+14155550142', '+14155550142', 'whole', ['+1', '415', '555', '0142']],
    [undefined, '4155550142', '4155550142', 'wrong', undefined],
  ] as const)('%s %s -> %s, %s', (country, text, value, fit, groups) => {
    const checked = phoneRules(vocabularyOf('en'), numbers, country).check(text);
    expect(checked).toMatchObject({ value, fit });
    if (groups !== undefined) expect(checked.groups).toEqual(groups);
  });
});

describe('date', () => {
  test.each([
    ['en-US', 'march twelfth nineteen eighty four', null, '1984-03-12'],
    ['en-US', 'March 12th, 1984', null, '1984-03-12'],
    ['en-US', 'the twenty first of may two thousand and two', null, '2002-05-21'],
    ['en-US', 'my birthday is july thirtieth seventy nine', null, '1979-07-30'],
    ['en-US', '12/31/1999', null, '1999-12-31'],
    ['en-US', 'oh three twelve nineteen eighty four', null, '1984-03-12'],
    ['en-US', 'no the thirteenth', '1984-03-12', '1984-03-13'],
    ['en-US', 'no it was april', '1984-03-12', '1984-04-12'],
    ['en-US', 'no nineteen eighty five', '1984-03-12', '1985-03-12'],
    ['en-US', 'nineteen eighty five', '-03-12', '1985-03-12'],
    ['nb-NO', 'tolvte mars nittenåttifire', null, '1984-03-12'],
    ['nb-NO', 'tjueførste mai totusenogto', null, '2002-05-21'],
    ['nb-NO', 'trettende i femte nitten nittini', null, '1999-05-13'],
    ['de-DE', 'am zwölften März neunzehnhundertvierundachtzig', null, '1984-03-12'],
    ['de-DE', 'einundzwanzigster Mai zweitausendzwei', null, '2002-05-21'],
    ['de-DE', '12.3.1984', null, '1984-03-12'],
    ['fr-FR', 'le douze mars mille neuf cent quatre-vingt-quatre', null, '1984-03-12'],
    ['fr-FR', 'le premier mai deux mille deux', null, '2002-05-01'],
    ['es-ES', 'doce de marzo de mil novecientos ochenta y cuatro', null, '1984-03-12'],
    ['es-ES', 'el 21 de mayo de 2002', null, '2002-05-21'],
  ])('%s: %s (%s) -> %s', (locale, turn, text, expected) => {
    const rules = dateRules(vocabularyOf(locale), locale, '2026-06-01');
    const [first] = rules.said(turn, { text, open: false }).texts;
    expect(first).toBe(expected);
    expect(rules.check(first!)).toMatchObject({ value: expected, fit: 'whole' });
  });

  test.each([
    ['march twelfth', '-03-12', 'short'],
    ['february thirtieth nineteen ninety', '1990-02-30', 'wrong'],
  ])('%s -> %s, %s', (turn, text, fit) => {
    const rules = dateRules(vocabularyOf('en'), 'en-US', '2026-06-01');
    expect(rules.said(turn, { text: null, open: false }).texts).toEqual([text]);
    expect(rules.check(text).fit).toBe(fit);
  });

  test('read back in the words of the locale', () => {
    expect(dateRules(vocabularyOf('fr'), 'fr-FR', '2026-06-01').check('1984-03-12').groups).toEqual([
      '12 mars 1984',
    ]);
  });
});

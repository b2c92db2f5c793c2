import type { Script, ScriptTurn } from '../../../src/cascade/index.js';
import { mulberry, type PhoneCase } from './numbers.js';

/**
 * A model that mishears one digit in four of every number, calls the tool with what it takes the number for, and says that again at every
 * turn that it may answer.
 */
export function insistingModel(phone: PhoneCase, seed: number): Script {
  const random = mulberry(seed);
  const misheard = (digits: string) =>
    [...digits]
      .map((digit) => (random() < 0.25 ? String((Number(digit) + 1 + Math.floor(random() * 9)) % 10) : digit))
      .join('');
  const guess = misheard(phone.number);
  const insists = { says: `So your number is ${[...guess].join(' ')}.`, thenSays: 'Thank you, {result}.' };
  const calls: NonNullable<ScriptTurn['calls']> = [{ name: 'capture_phone', args: { phone_number: guess } }];
  const [first, ...others] = heardTurns(phone);
  const turns: ScriptTurn[] = [
    { hears: first!, calls, thenSays: 'Thank you, {result}.' },
    ...others.map((hears) => ({ hears: `${misheard(phone.number)} ${hears.length}`, ...insists })),
  ];
  return { turns, otherwise: `Did you say ${[...guess].join(' ')}?` };
}

/** What a perfect recogniser writes down: the number (wrong or not), its correction, and yes. */
export function heardTurns({ turns }: PhoneCase): string[] {
  return [...turns, 'yes'];
}

import type { SessionHost } from '../session-host.js';
import { hostOf } from '../tools/host-of.js';
import { type Tool, tool } from '../tools/tool.js';
import { CaptureDialogue, type CapturePlan } from './dialogue/dialogue.js';
import { CaptureMemory } from './dialogue/memory.js';
import { lineInWords } from './dialogue/read-back.js';
import type { CaptureWay } from './dialogue/state.js';
import { dateRules } from './kinds/date.js';
import { digitRules } from './kinds/digits.js';
import { emailRules } from './kinds/email.js';
import { nameRules } from './kinds/name.js';
import { patternRules } from './kinds/pattern.js';
import { phoneRules } from './kinds/phone.js';
import { loadPhoneNumbers } from './kinds/phone-numbers.js';
import type { CaptureRules } from './kinds/rules.js';
import { vocabularyOf } from './languages/index.js';
import type { CaptureLines } from './lines.js';
import { type CaptureOptions, checkCapture, countryOf, kindName, lengthOf } from './options.js';
import { SessionCaptures } from './session-captures.js';
import { SessionSide } from './session-side.js';

/**
 * A tool that gets a value exactly: from the words of a recogniser, not from what the model takes them for. Called, it looks for the
 * value in what the caller has just said, or asks for it; reads it back, word for word by us; hears corrections ("no, the
 * last digit is six"); checks it; after `attempts` failures it asks sign by sign, then for the keypad. Meanwhile the model says
 * nothing. Its result is the confirmed value and nothing else (E.164, ISO 8601), and what the model took it for before is
 * taken out of its conversation, or contradicted where that cannot be. Called again without other words of the caller it
 * gives the same value. Captures that the model calls for at once follow each other. The model is told by ToolError
 * `capture_failed` where there is none; where `validate` throws, that the tool failed.
 *
 * ConfigError `option_invalid`, `options_conflict`; `option_unsupported` for a language without tables. The first
 * capture of a phone number fails with `peer_missing` without libphonenumber-js.
 */
export function captureTool(options: CaptureOptions): Tool {
  checkCapture(options);
  const { locale } = options;
  const kind = kindName(options.kind);
  const vocabulary = vocabularyOf(locale);
  const lines: CaptureLines = { ...vocabulary.lexicon.lines, ...options.lines };
  const plus = vocabulary.lexicon.symbols['+'].split('|')[0]!;
  const memories = new WeakMap<SessionHost, CaptureMemory>();
  const { name = `capture_${kind}`, description = descriptionOf(kind) } = options;
  return tool<Record<string, unknown>>({
    name,
    description,
    parameters: { type: 'object', properties: {} },
    // The dialogue has its own ends, and what the caller says meanwhile is its own.
    timeoutMs: null,
    onInterrupt: 'continue',
    late: 'speak',
    onDuplicate: 'reject',
    filler: null,
    async execute(args, context) {
      const session = hostOf(context);
      const captures = SessionCaptures.of(session);
      const memory = memories.get(session) ?? new CaptureMemory(captures);
      memories.set(session, memory);
      const side = new SessionSide(session);
      const plan: CapturePlan = {
        rules: await rulesOf(options, session.clock.wallNow()),
        settings: {
          ways: waysOf(options, side.hasKeypad),
          attempts: options.attempts ?? 2,
          confirm: options.confirm !== 'never',
          pauseMs: options.pauseMs ?? 1_500,
          silenceMs: options.silenceMs ?? 8_000,
        },
        source: options.source,
        wordsMs: options.wordsMs ?? 3_000,
        lookBack: options.lookBack ?? 4,
        validate: options.validate,
        say: (line, value) => lineInWords(line, value, lines, kind, plus),
        note: (wrong, right) => noteOf(kind, wrong, right),
      };
      const dialogue = new CaptureDialogue(side, plan, memory, guessesIn(args));
      const { signal } = context;
      const { value } = await captures.inTurn(signal, () => dialogue.run(signal));
      return value;
    },
  });
}

async function rulesOf(
  { kind, locale, country, length }: CaptureOptions,
  nowMs: number,
): Promise<CaptureRules> {
  const vocabulary = vocabularyOf(locale);
  if (kind instanceof RegExp) return patternRules(vocabulary, kind, lengthOf(length));
  switch (kind) {
    case 'phone':
      return phoneRules(vocabulary, await loadPhoneNumbers(), country ?? countryOf(locale));
    case 'digits':
      return digitRules(vocabulary, lengthOf(length));
    case 'email':
      return emailRules(vocabulary);
    case 'name':
      return nameRules(vocabulary);
    case 'date':
      return dateRules(vocabulary, locale, new Date(nowMs).toISOString().slice(0, 10));
  }
}

function waysOf({ kind, keypad }: CaptureOptions, hasKeypad: boolean): CaptureWay[] {
  const isForKeys = keypad ?? (kind === 'phone' || kind === 'digits');
  return isForKeys && hasKeypad ? ['free', 'slow', 'keys'] : ['free', 'slow'];
}

/** A model that gives arguments where none are asked for has made up its mind already. */
function guessesIn(args: Record<string, unknown>): string[] {
  const texts = Object.values(args ?? {}).map((value) => (typeof value === 'number' ? String(value) : value));
  return texts.filter((value): value is string => typeof value === 'string' && value.length > 2);
}

const nouns = {
  phone: 'phone number',
  digits: 'number',
  email: 'e-mail address',
  name: 'name',
  date: 'date',
  pattern: 'code',
} as const;

function descriptionOf(kind: keyof typeof nouns): string {
  const noun = nouns[kind];
  return (
    `Takes down the caller's ${noun} exactly. Call it, without arguments, as soon as the caller gives the ${noun} or you need it. ` +
    `It asks the caller, reads the ${noun} back and has it confirmed: do none of that yourself. Its result is the ${noun}; use no other.`
  );
}

function noteOf(kind: keyof typeof nouns, wrong: readonly string[], right: string | null): string {
  const noun = nouns[kind];
  const not = `The caller's ${noun} is not ${wrong.join(', nor ')}: that was misheard.`;
  return right === null ? `${not} It is not known.` : `${not} The caller has confirmed ${right}.`;
}

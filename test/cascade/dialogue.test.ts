import { describe, expect, it } from 'vitest';
import { compile } from '../../src/cascade/dialogue/compile.js';
import { matchIntent } from '../../src/cascade/dialogue/match.js';
import { unfold } from '../../src/cascade/dialogue/pattern.js';
import { readSlot } from '../../src/cascade/dialogue/slots.js';
import { numberWords, timeWords } from '../../src/cascade/dialogue/spoken.js';
import { fill, holds } from '../../src/cascade/dialogue/template.js';
import { tokenise } from '../../src/cascade/dialogue/tokens.js';
import {
  type Dialogue,
  dialogueSentences,
  loadDialogue,
  type SlotSpec,
  scriptedLlm,
} from '../../src/cascade/index.js';
import { ConfigError } from '../../src/core/index.js';
import type { Item, ToolChoice } from '../../src/realtime/index.js';
import type { LlmEvent } from '../../src/speech/index.js';
import { drain } from '../../src/testing/index.js';
import { message } from './caller.js';
import { clinic } from './clinic.js';

const tools = ['free_slots', 'book'];

async function ask(
  items: readonly Item[],
  toolChoice: ToolChoice = 'auto',
  names = tools,
): Promise<LlmEvent[]> {
  const events: LlmEvent[] = [];
  scriptedLlm(clinic)
    .chat({
      instructions: '',
      items,
      tools: names.map((name) => ({ name, parameters: {} })),
      toolChoice,
    })
    .onEvent((event) => events.push(event));
  await drain();
  return events;
}

/** What it says, and what it calls. */
async function answer(...args: Parameters<typeof ask>): Promise<string> {
  const events = await ask(...args);
  const said = events.map((event) =>
    event.t === 'text' ? event.delta : event.t === 'call' ? ` ${event.name}(${event.args})` : '',
  );
  return said.join('').trim();
}

const user = (text: string): Item => message('user', text);
const agent = (text: string): Item => message('assistant', text);
const called = (name: string, call = 'c1'): Item => ({ kind: 'call', id: '', call, name, args: '{}' });
const result = (output: unknown, call = 'c1', isError = false): Item => ({
  kind: 'result',
  id: '',
  call,
  output: JSON.stringify(output),
  isError,
});

describe('tokens', () => {
  it.each([
    ["I'd like 2 slots, please!", 'id like two slots please'],
    ['at 10:30 a.m.', 'at ten thirty am'],
    ['at ten a m', 'at ten am'],
    ['9:05 pm', 'nine 05 pm'],
    ['call 5550142', 'call 5550142'],
    ['', ''],
  ])('%s -> %s', (text, tokens) => expect(tokenise(text).join(' ')).toBe(tokens));
});

describe('numbers and times in words', () => {
  it.each([
    [0, 'zero'],
    [21, 'twenty one'],
    [105, 'one hundred five'],
    [12_000, 'twelve thousand'],
    [-3, '-3'],
  ])('%d -> %s', (value, words) => expect(numberWords(value)).toBe(words));

  it.each([
    ['09:30', 'nine thirty'],
    ['14:05', 'two oh five'],
    ['00:00', 'twelve a m'],
    ['25:00', '25:00'],
  ])('%s -> %s', (time, words) => expect(timeWords(time)).toBe(words));
});

describe('slots', () => {
  const rows: [SlotSpec, string, unknown, number][] = [
    [{ kind: 'time' }, 'ten thirty tomorrow', '10:30', 2],
    [{ kind: 'time' }, 'three', '15:00', 1],
    [{ kind: 'time', earliestHour: 6 }, 'seven', '07:00', 1],
    [{ kind: 'time' }, 'three a m', '03:00', 2],
    [{ kind: 'time' }, 'half past two', '14:30', 3],
    [{ kind: 'time' }, 'a quarter to nine in the morning', '08:45', 7],
    [{ kind: 'time' }, 'ten past eleven', '11:10', 3],
    [{ kind: 'time' }, "ten o'clock sharp", '10:00', 2],
    [{ kind: 'time' }, 'nine oh five', '09:05', 3],
    [{ kind: 'time' }, '9:05 pm', '21:05', 3],
    [{ kind: 'time' }, 'twelve forty five p m', '12:45', 4],
    [{ kind: 'time' }, 'noon', '12:00', 1],
    [{ kind: 'time' }, 'fourteen thirty', '14:30', 2],
    [{ kind: 'time' }, 'monday', undefined, 0],
    [{ kind: 'day' }, 'next tuesday', 'next tuesday', 2],
    [{ kind: 'day' }, 'this friday', 'friday', 2],
    [{ kind: 'day' }, 'the day after tomorrow', 'the day after tomorrow', 4],
    [{ kind: 'day' }, 'next week', undefined, 0],
    [{ kind: 'number' }, 'one hundred and five cats', 105, 4],
    [{ kind: 'number' }, 'two thousand twenty', 2020, 3],
    [{ kind: 'number' }, '7', 7, 1],
    [{ kind: 'number', max: 5 }, 'seven', undefined, 0],
    [{ kind: 'number' }, 'a hundred', 100, 2],
    [{ kind: 'digits' }, 'five five five oh one four two', '5550142', 7],
    [{ kind: 'digits' }, 'double five one', '551', 3],
    [{ kind: 'digits', min: 4 }, 'one two three', undefined, 0],
    [{ kind: 'digits' }, '5550142', '5550142', 1],
    [{ kind: 'spelled' }, 'a b one two', 'AB12', 4],
    [{ kind: 'name' }, 'anna smith is here', 'Anna Smith', 2],
    [{ kind: 'name', values: ['Anna'] }, 'anna speaking', 'Anna', 1],
    [{ kind: 'name' }, 'yes', undefined, 0],
    [{ kind: 'text' }, 'my tooth hurts', 'my tooth hurts', 3],
    [
      { kind: 'list', values: ['jones', { value: 'smith', say: ['doctor smith'] }] },
      'doctor smith please',
      'smith',
      2,
    ],
  ];
  it.each(rows)('%j: %s -> %s', (spec, said, value, length) => {
    const [first] = readSlot(spec, tokenise(said), 0);
    expect([first?.value, first?.length ?? 0]).toEqual([value, length]);
  });
});

describe('phrases', () => {
  it('unfold into every way to say them', () => {
    const said = unfold('[please] book (a slot|me in) [for {name}]').map((form) =>
      form.map((part) => ('word' in part ? part.word : `{${part.slot}}`)).join(' '),
    );
    expect(said).toEqual([
      'book a slot',
      'book a slot for {name}',
      'book me in',
      'book me in for {name}',
      'please book a slot',
      'please book a slot for {name}',
      'please book me in',
      'please book me in for {name}',
    ]);
  });

  it.each(['book (a slot', 'book a slot)', 'book {a slot}', '[please]x]', '[a]'.repeat(9)])(
    '%s is none',
    (phrase) => {
      expect(() => unfold(phrase)).toThrow();
    },
  );
});

describe('matching', () => {
  const dialogue = compile(clinic);
  const rows: [string, string | undefined, Record<string, unknown>][] = [
    ['When are you open?', 'hours', {}],
    ['um hello when are you open please', 'hours', {}],
    ['what are opening hours', 'hours', {}],
    ['hello', 'hello', {}],
    [
      'book an appointment for anna on tuesday at ten thirty',
      'book',
      { name: 'Anna', day: 'tuesday', time: '10:30' },
    ],
    ["I'd like to make an appointment with doctor smith", 'book', { doctor: 'smith' }],
    // The order of the phrase is not kept: typed slots are found all the same.
    ['can i book a slot at half past two on friday', 'book', { time: '14:30', day: 'friday' }],
    ['book appointment tuesday', 'book', { day: 'tuesday' }],
    ['book me in at nine', 'book', { time: '09:00' }],
    ['a table for four people', 'table', { people: 4 }],
    ['cancel my appointment a b one', 'cancel', { code: 'AB1' }],
    ['what slots do you have free on monday', 'free', { day: 'monday' }],
    ['the weather is nice', undefined, {}],
    ['tuesday', undefined, {}],
    ['', undefined, {}],
  ];
  it.each(rows)('%s -> %s', (said, intent, slots) => {
    const match = matchIntent(dialogue, tokenise(said));
    expect(match?.intent).toBe(intent);
    expect(match?.slots ?? {}).toEqual(slots);
  });
});

describe('templates', () => {
  const scope = {
    day: 'monday',
    error: false,
    result: { slots: ['09:30', '10:00', '14:00'], ok: true, n: 12, why: 'taken', none: [] },
  };
  it.each([
    ['On {day}', 'On monday'],
    ['{result.slots|time|list}', 'nine thirty, ten a m and two p m'],
    ['{result.slots|count} free', '3 free'],
    ['{result.slots.1}', '10:00'],
    ['{result.n|number}', 'twelve'],
    ['{day|upper}', 'Monday'],
    ['{result.nothing.here}!', '!'],
    ['{result.toString}', ''],
  ])('%s -> %s', (template, text) => expect(fill(template, scope)).toBe(text));

  it.each([
    ['result.ok', true],
    ['!result.ok', false],
    ['result.none', false],
    ['result.slots', true],
    ['result.why = taken', true],
    ['result.why != taken', false],
    ['error', false],
    ['what is this', false],
  ])('%s -> %s', (condition, truth) => expect(holds(condition, scope)).toBe(truth));
});

describe('conversation', () => {
  it.each<[string, Item[], string]>([
    ['->greeting', [], 'Clinic, how can I help?'],
    ['system only->greeting', [message('system', 'Be nice')], 'Clinic, how can I help?'],
    ['question->answer', [user('when are you open')], 'We are open from nine to five.'],
    [
      'second turn->second variant',
      [user('hello'), agent('Hello!'), user('when are you open')],
      'Nine to five, every day but Sunday.',
    ],
    ['nonsense->not understood', [user('blue bananas')], 'I am a script and did not get that.'],
    ['silence->silence', [user('hello'), agent('Hello!'), user('')], 'Are you there?'],
    ['nothing owed->more', [user('hello'), agent('Hello!')], 'Anything else?'],
    ['nothing said->owed again', [user('when are you open'), agent('')], 'We are open from nine to five.'],
    ['book->day?', [user('book an appointment')], 'Which day?'],
    [
      'day->time?',
      [user('book an appointment'), agent('Which day?'), user('um tuesday please')],
      'And at what time?',
    ],
    ['day?->silence->day?', [user('book an appointment'), agent('Which day?'), user('')], 'Which day?'],
    [
      'day?->nonsense->retry',
      [user('book an appointment'), agent('Which day?'), user('blue bananas')],
      'Sorry, which day of the week?',
    ],
    [
      'day?->another request',
      [user('book an appointment'), agent('Which day?'), user('when are you open')],
      'Nine to five, every day but Sunday.',
    ],
    [
      'two answers at once',
      [user('book an appointment'), agent('Which day?'), user('tuesday at ten')],
      'What name shall I put down?',
    ],
    [
      'the request again with the answer',
      [user('book me in'), agent('Which day?'), user('book me in on friday at nine')],
      'What name shall I put down?',
    ],
    [
      'all known->call',
      [
        user('book a slot for tuesday'),
        agent('At?'),
        user('half past two'),
        agent('Name?'),
        user('my name is anna'),
      ],
      'book({"name":"Anna","day":"tuesday","time":"14:30"})',
    ],
    [
      'the request again while the name is asked',
      [user('book me in on friday at nine'), agent('Name?'), user('i want to book an appointment for anna')],
      'book({"name":"Anna","day":"friday","time":"09:00"})',
    ],
    [
      'a name that is known, with the answer to something else',
      [user('book a slot for tuesday'), agent('At?'), user('half past two and my name is anna')],
      'book({"name":"Anna","day":"tuesday","time":"14:30"})',
    ],
    [
      'name that nobody foresaw',
      [user('book me in on friday at nine'), agent('Name?'), user('call me zelda')],
      'book({"name":"Zelda","day":"friday","time":"09:00"})',
    ],
    [
      'words before the call',
      [user('is there anything free on monday')],
      'Let me look. free_slots({"day":"monday","limit":3,"note":"for monday"})',
    ],
    [
      'call not yet made->call',
      [user('is there anything free on monday'), agent('Let me look.')],
      'free_slots({"day":"monday","limit":3,"note":"for monday"})',
    ],
    [
      'result->then',
      [
        user('is there anything free on monday'),
        agent('Let me look.'),
        called('free_slots'),
        result({ slots: ['09:30', '10:00'] }),
      ],
      'On monday there is nine thirty and ten a m.',
    ],
    [
      'failed tool->then error',
      [user('is there anything free on monday'), called('free_slots'), result({}, 'c1', true)],
      'I cannot see the book just now.',
    ],
    [
      'result->ask for another intent->answer->that intent, with what is known',
      [
        user('is there anything free on monday'),
        called('free_slots'),
        result({ slots: ['09:30', '10:00'], shallBook: true }),
        agent('Which one?'),
        user('nine thirty for tom baker please'),
      ],
      'book({"name":"Tom Baker","day":"monday","time":"09:30"})',
    ],
    [
      'empty result->ask->again',
      [
        user('is there anything free on monday'),
        called('free_slots'),
        result({ slots: [] }),
        agent('Another day?'),
        user('wednesday'),
      ],
      'Let me look. free_slots({"day":"wednesday","limit":3,"note":"for wednesday"})',
    ],
    [
      'taken->other time->call with the rest kept',
      [
        user('book an appointment for anna on tuesday at ten thirty'),
        called('book'),
        result({ ok: false, reason: 'taken', slots: ['11:00'] }),
        agent('Which one?'),
        user('eleven'),
      ],
      'book({"name":"Anna","day":"tuesday","time":"11:00"})',
    ],
    [
      'talk while the tool runs->both told',
      [
        user('is there anything free on monday'),
        called('free_slots'),
        user('when are you open'),
        result({ slots: ['09:30'] }),
      ],
      'Nine to five, every day but Sunday. On monday there is nine thirty.',
    ],
    [
      'cancelled before its call->not done',
      [user('book me in on friday at nine for anna'), user('thank you')],
      'Goodbye.',
    ],
    [
      'history cut->only what is left counts',
      [agent('Which day?'), user('tuesday')],
      'I am a script and did not get that.',
    ],
    [
      'spelled code',
      [user('cancel my appointment'), agent('Code?'), user('a b one two')],
      'Cancelled A B one two.',
    ],
  ])('%s', async (_name, items, expected) => {
    expect(await answer(items)).toBe(expected);
  });

  it('does not call a tool that it may not, and says so', async () => {
    const asked = [user('is there anything free on monday')];
    expect(await answer(asked, 'none')).toBe('I cannot do that here.');
    expect(await answer(asked, 'auto', ['book'])).toBe('I cannot do that here.');
  });

  it('streams words, tells its usage, and is silent once closed', async () => {
    const events = await ask([user('when are you open')]);
    expect(events[0]).toEqual({ t: 'text', delta: 'We ' });
    expect(events.at(-1)).toMatchObject({
      t: 'done',
      reason: 'stop',
      usage: { inputTokens: 4, outputTokens: 7 },
    });
    const stream = scriptedLlm(clinic).chat({ instructions: '', items: [], tools: [], toolChoice: 'auto' });
    const late: LlmEvent[] = [];
    stream.onEvent((event) => late.push(event));
    stream.close();
    await drain();
    expect(late).toEqual([]);
  });
});

describe('loadDialogue', () => {
  type Loose = Dialogue & Record<string, unknown>;
  const wrong: [string, string, (dialogue: Loose) => unknown][] = [];
  const fault = (...row: (typeof wrong)[number]) => wrong.push(row);
  fault('greeting', 'must be', (d) => delete (d as Partial<Dialogue>).greeting);
  fault('greting', 'is not a field', (d) => Object.assign(d, { greting: 'x' }));
  fault('threshold', 'above 0', (d) => (d.threshold = 2));
  fault('intents', 'must not be empty', (d) => (d.intents = {}));
  fault('slots.day.kind', 'must be one of', (d) => ((d.slots!.day as { kind: string }).kind = 'date'));
  fault('slots.day.ask', 'is missing', (d) => delete d.slots!.day!.ask);
  fault('slots.constructor', 'name of a slot', (d) =>
    Object.assign(d.slots!, { constructor: { kind: 'day' } }),
  );
  fault('slots.people.min', 'whole number', (d) => ((d.slots!.people as { min: number }).min = 1.5));
  fault(
    'slots.doctor.values[0]',
    'not empty',
    (d) => ((d.slots!.doctor as { values: string[] }).values = ['']),
  );
  fault('intents.book.phrases[0]', 'is no phrase', (d) => (d.intents.book!.phrases = ['book (a slot']));
  fault('intents.book.phrases[0]', "slot 'dy'", (d) => (d.intents.book!.phrases = ['book on {dy}']));
  fault('intents.book.needs[0]', "slot 'dy'", (d) => (d.intents.book!.needs = ['dy']));
  fault('intents.hours.says[1]', "'result'", (d) => (d.intents.hours!.says = ['Yes.', 'No {result.x}.']));
  fault('intents.hours', "neither 'says' nor 'call'", (d) => delete d.intents.hours!.says);
  fault('intents.hours.then', 'there is none', (d) => (d.intents.hours!.then = [{ says: 'x' }]));
  fault('intents.book.then', 'must be a list', (d) => delete d.intents.book!.then);
  fault('intents.book.then[2].when', 'must not be there', (d) => (d.intents.book!.then![2]!.when = 'error'));
  fault('intents.book.then[0].when', 'would never be said', (d) => delete d.intents.book!.then![0]!.when);
  fault('intents.free.then[2].intent', 'must be one of', (d) => (d.intents.free!.then![2]!.intent = 'buy'));
  fault('intents.free.then[2].intent', 'nothing is asked', (d) => delete d.intents.free!.then![2]!.ask);
  fault('intents.book.then[1].when', 'is no condition', (d) => (d.intents.book!.then![1]!.when = 'is it ok'));
  fault(
    'intents.book.then[0].says[0]',
    "filter 'tme'",
    (d) => (d.intents.book!.then![0]!.says = ['{time|tme}']),
  );
  fault('intents.book.call.args.day', "'dya'", (d) => (d.intents.book!.call!.args = { day: '{dya}' }));

  it.each(wrong)('%s %s', (path, what, change) => {
    const json = structuredClone(clinic) as Loose;
    change(json);
    expect(() => loadDialogue(json)).toThrow(ConfigError);
    expect(() => loadDialogue(json)).toThrow(what);
    expect(() => loadDialogue(json)).toThrow(`: ${path} `);
  });

  it('takes a right one as it is', () => {
    expect(loadDialogue(clinic)).toBe(clinic);
    expect(() => loadDialogue('no')).toThrow('The dialogue must be an object');
  });
});

describe('dialogueSentences', () => {
  const sentences = dialogueSentences(clinic);

  it('are words as a recogniser writes them', () => {
    for (const sentence of sentences) expect(sentence).toMatch(/^[a-z']+( [a-z']+)*$/);
    expect(sentences).toContain('when are you open');
    expect(sentences).toContain('tuesday');
    expect(sentences.some((sentence) => sentence.startsWith("i'd like to book an appointment for"))).toBe(
      true,
    );
  });

  it('have every way to say each phrase and every value of every slot', () => {
    const joined = ` ${sentences.join(' . ')} `;
    for (const value of ['half past eleven', 'next sunday', 'tom baker', 'doctor smith', 'twelve people']) {
      expect(joined).toContain(` ${value} `);
    }
  });

  it('are understood', () => {
    const dialogue = compile(clinic);
    const requests = sentences.filter((sentence) => sentence.split(' ').length > 5);
    const lost = requests.filter((sentence) => matchIntent(dialogue, tokenise(sentence)) === undefined);
    expect(requests.length).toBeGreaterThan(200);
    expect(lost.filter((sentence) => !/^(my name is|how about|for|the|at|on|[a-z] )/.test(sentence))).toEqual(
      [],
    );
  });

  it('are the same each time, and no more than asked for', () => {
    expect(dialogueSentences(clinic)).toEqual(sentences);
    expect(dialogueSentences(clinic, { limit: 50 })).toEqual(sentences.slice(0, 50));
  });
});

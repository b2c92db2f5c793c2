import { describe, expect, test } from 'vitest';
import { cutMark, Ledger } from '../../src/realtime/engine/ledger.js';
import type { Command, Event, Item } from '../../src/realtime/index.js';

type Message = Extract<Item, { kind: 'message' }>;
type Step = Event | Command | ((ledger: Ledger) => void);

const none = new Set<string>();
const isCommand = (step: Event | Command): step is Command =>
  step.t === 'item.cut' || step.t === 'item.remove';

function ledgerOf(steps: Step[], initial: Item[] = []): Ledger {
  const ledger = new Ledger();
  ledger.begin(initial);
  for (const step of steps) {
    if (typeof step === 'function') step(ledger);
    else if (isCommand(step)) ledger.sent(step);
    else ledger.event(step);
  }
  return ledger;
}

const speech = (
  id: string,
  role: Message['role'] = 'assistant',
  transcript: string | null = null,
): Message => ({
  kind: 'message',
  id,
  role,
  parts: [{ kind: 'audio', transcript }],
  status: transcript === null ? 'in_progress' : 'completed',
});
const text = (id: string, words: string, role: Message['role'] = 'user'): Message => ({
  kind: 'message',
  id,
  role,
  parts: [{ kind: 'text', text: words }],
});
const call: Item = { kind: 'call', id: 'c', call: 'k', name: 'f', args: '{}' };
const result: Item = { kind: 'result', id: 'o', call: 'k', output: '1' };
const picture: Message['parts'][number] = { kind: 'image', mime: 'image/png', data: new Uint8Array(1) };

const added = (item: Item, after?: string | null): Event => ({
  t: 'item',
  phase: 'added',
  item,
  basis: 'wire',
  ...(after === undefined ? {} : { after }),
});
const done = (item: Item): Event => ({ t: 'item', phase: 'done', item, basis: 'wire' });
const removed = (id: string): Event => ({ t: 'item', phase: 'removed', item: text(id, ''), basis: 'wire' });
const said = (item: string, words: string, how: 'append' | 'replace' | 'final' = 'append'): Event => ({
  t: 'said',
  response: 'r',
  item,
  part: 0,
  text: words,
  how,
  stage: 'spoken',
});
const heard = (item: string, words: string, how: 'append' | 'final' | 'failed' = 'final'): Event => ({
  t: 'heard',
  item,
  text: words,
  how,
});
const cut = (item: string, heardMs: number, heardText = ''): Command => ({
  t: 'item.cut',
  cmd: 'x',
  item,
  part: 0,
  heardMs,
  heardText,
});

/** The seeds as words: `u: …` for the user's, `a: …`, `s: …`, `call`, `result`. */
function told(seeds: Item[]): string[] {
  return seeds.map((item) => {
    if (item.kind !== 'message') return `${item.kind} ${item.id}`;
    const parts = item.parts.map((part) => (part.kind === 'text' ? part.text : `(${part.kind})`));
    return `${item.role[0]}: ${parts.join('|')}`;
  });
}

const rows: [name: string, steps: Step[], seeds: string[], initial?: Item[]][] = [
  ['nothing->nothing', [], []],
  ['text->text', [added(text('1', 'hello'))], ['u: hello']],
  ['speech with its words->text', [added(speech('1', 'assistant', 'hello'))], ['a: hello']],
  ['speech whose words have not come->nothing', [added(speech('1'))], []],
  [
    'speech->its words as they come->text',
    [added(speech('1')), said('1', 'hel'), said('1', 'lo')],
    ['a: hello'],
  ],
  [
    'words that are said anew->the new ones',
    [added(speech('1')), said('1', 'hel'), said('1', 'hi', 'replace')],
    ['a: hi'],
  ],
  ['words before their item->text', [said('1', 'hello'), added(speech('1'))], ['a: hello']],
  ['thoughts->nothing', [added(speech('1')), { ...said('1', 'hm'), stage: 'thought' } as Event], []],
  ['the user’s speech, written down->text', [added(speech('1', 'user')), heard('1', 'yes')], ['u: yes']],
  [
    'the user’s speech, not understood->nothing',
    [added(speech('1', 'user')), heard('1', 'why', 'failed')],
    [],
  ],
  [
    'a picture->the picture',
    [added({ ...text('1', 'look'), parts: [picture, { kind: 'text', text: 'look' }] })],
    ['u: (image)|look'],
  ],
  ['an item only its vendor knows->nothing', [added({ kind: 'provider', id: '1', type: 'x' })], []],
  [
    'spoken to its end->whole',
    [added(speech('1')), said('1', 'all of it'), done(speech('1', 'assistant', 'all of it'))],
    ['a: all of it'],
  ],
  [
    'cut, the words given->those, marked',
    [added(speech('1', 'assistant', 'one two three')), cut('1', 200, 'one two')],
    [`a: one two ${cutMark}`],
  ],
  [
    'cut, the words not known->as many as fit',
    [added(speech('1', 'assistant', 'one two three four')), cut('1', 600)],
    [`a: one two ${cutMark}`],
  ],
  [
    'cut at once, something was heard->one word',
    [added(speech('1', 'assistant', 'one two')), cut('1', 10)],
    [`a: one ${cutMark}`],
  ],
  ['cut before anything was heard->nothing', [added(speech('1', 'assistant', 'one two')), cut('1', 0)], []],
  [
    'cut, and its words come later->as many as fit',
    [added(speech('1')), cut('1', 600), said('1', 'one two three four', 'final')],
    [`a: one two ${cutMark}`],
  ],
  [
    'cut by the server->as many as fit',
    [
      added(speech('1', 'assistant', 'one two three four')),
      { t: 'item', phase: 'cut', item: speech('1'), heardMs: 600, basis: 'wire' },
    ],
    [`a: one two ${cutMark}`],
  ],
  [
    'cut by us, confirmed by the server->as we said',
    [
      added(speech('1', 'assistant', 'one two three four')),
      cut('1', 600, 'one two three'),
      { t: 'item', phase: 'cut', item: speech('1'), heardMs: 600, basis: 'wire' },
    ],
    [`a: one two three ${cutMark}`],
  ],
  [
    'its link was lost in the middle->as many as were heard',
    [added(speech('1')), said('1', 'one two three four'), (of) => of.cutShort('1', 600)],
    [`a: one two ${cutMark}`],
  ],
  [
    'its link was lost when it was complete->whole',
    [done(speech('1', 'assistant', 'one two three')), (of) => of.cutShort('1', 100)],
    ['a: one two three'],
  ],
  ['a call and its result->both', [added(call), added(result)], ['call c', 'result o']],
  ['a call without its result->nothing', [added(call)], []],
  ['a result without its call->nothing', [added(result)], []],
  [
    'a result that a lost link took along->both',
    [
      added(call),
      (of) =>
        of.absorb(
          {
            t: 'answer',
            cmd: 'x',
            call: 'k',
            name: 'f',
            output: '1',
            isError: false,
            more: false,
            then: 'auto',
          },
          () => 'minted',
        ),
    ],
    ['call c', 'result minted'],
  ],
  [
    'an item that a lost link took along->in its place',
    [
      added(text('1', 'one')),
      added(text('3', 'three')),
      (of) => of.absorb({ t: 'item.add', cmd: 'x', item: text('', 'two'), after: '1' }, () => 'minted'),
    ],
    ['u: one', 'u: two', 'u: three'],
  ],
  ['removed by the server->nothing', [added(text('1', 'one')), removed('1')], []],
  [
    'removed by us, the server not told->nothing',
    [added(text('1', 'one')), { t: 'item.remove', cmd: 'x', item: '1' }],
    [],
  ],
  [
    'one before another->in the server’s order',
    [added(text('2', 'two')), added(text('1', 'one'), null), added(text('3', 'three'), '2')],
    ['u: one', 'u: two', 'u: three'],
  ],
  [
    'what the conversation began with, the server has said nothing of->first',
    [added(text('2', 'two'))],
    ['s: Be brief.', 'u: two'],
    [text('1', 'Be brief.', 'system')],
  ],
  [
    'what it began with, the server has said it->once',
    [added(text('1', 'one')), added(text('2', 'two'))],
    ['u: one', 'u: two'],
    [text('1', 'one')],
  ],
  [
    'what it began with, removed by us->nothing',
    [{ t: 'item.remove', cmd: 'x', item: '1' }],
    [],
    [text('1', 'one')],
  ],
];

describe('what the next link is told', () => {
  test.each(rows)('%s', (_, steps, seeds, initial) => {
    expect(told(ledgerOf(steps, initial).seeds(none))).toEqual(seeds);
  });

  test('turns that will be heard again are left out', () => {
    const ledger = ledgerOf([added(speech('1', 'user', 'one')), added(text('2', 'two'))]);
    expect(told(ledger.seeds(new Set(['1'])))).toEqual(['u: two']);
  });

  test('never sound, and never anything half done', () => {
    const [seed] = ledgerOf([added(speech('1')), said('1', 'hello')]).seeds(none);
    expect(seed).toEqual({
      kind: 'message',
      id: '1',
      role: 'assistant',
      parts: [{ kind: 'text', text: 'hello' }],
      status: 'completed',
    });
  });
});

describe('which words were heard', () => {
  test.each([
    [0, ''],
    [1, 'We'],
    [500, 'We are'],
    [800, 'We are open'],
    [60_000, 'We are open until nine'],
  ])('after %d ms: %j', (heardMs, words) => {
    expect(ledgerOf([added(speech('1')), said('1', 'We are open until nine')]).words('1', heardMs)).toBe(
      words,
    );
  });

  test('of an item that is not known, none', () => {
    expect(ledgerOf([]).words('9', 1_000)).toBe('');
    expect(ledgerOf([]).text('9')).toBe('');
  });
});

describe('the version, which a handle must be as new as', () => {
  const before: Step[] = [added(speech('1')), said('1', 'hel')];
  test.each<[name: string, step: Step, rises: boolean]>([
    ['an item', added(text('2', 'x')), true],
    ['the end of an item', done(speech('1', 'assistant', 'hello')), true],
    ['a removal', removed('1'), true],
    ['a removal by us', { t: 'item.remove', cmd: 'x', item: '1' }, true],
    ['a cut', cut('1', 100), true],
    ['more of its words', said('1', 'lo'), false],
  ])('%s -> rises: %s', (_, step, rises) => {
    const ledger = ledgerOf(before);
    const { version } = ledger;
    if (typeof step !== 'function' && isCommand(step)) ledger.sent(step);
    else if (typeof step !== 'function') ledger.event(step);
    expect(ledger.version > version).toBe(rises);
  });
});

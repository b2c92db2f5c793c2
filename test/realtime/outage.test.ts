import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/realtime/index.js';
import {
  answered,
  at,
  audio,
  type Bare,
  called,
  command,
  committed,
  connect,
  create,
  ended,
  event,
  gone,
  interrupt,
  letGo,
  line,
  type MachineOptions,
  nextReady,
  ready,
  reconnect,
  run,
  speech,
  started,
  startedByTurn,
  startedFor,
  words,
} from './link-machine.js';

type Row = [name: string, before: Bare[], inputs: Bare[], said: string[], options?: MachineOptions];

const open = [connect, ready];
/** What is the same in every outage of a link that has served for a while. */
const same = [
  'emit ready',
  'dial current',
  'lost connection_lost',
  'relinked after 0 tries and 0 ms, 0 ms again',
];
const lose = [at(60_000, gone()), ready];
/** A turn of the user, from 1,000 to 2,000 ms on the line. */
const spoken = [line(1_000, speech('start', 'turn_1', 1_000)), line(2_500, speech('stop', 'turn_1', 2_000))];
const turn = [...spoken, committed()];
const answering = [...turn, startedByTurn('r1')];

function outage(before: Bare[], inputs: Bare[], options?: MachineOptions) {
  const result = run([...open, ...before], inputs, options);
  return { ...result, said: result.said.filter((name) => !same.includes(name) && name !== 'replay') };
}

const slots: Row[] = [
  ['free->lost->free', [], lose, []],
  ['asked->lost->asked: it is sent again, under an id of its own', [create('a')], lose, ['send reply a.2']],
  [
    'asked->lost->asked->started->running: it is answered as what it was asked for',
    [create('a')],
    [...lose, startedFor('r2', 'a.2')],
    ['send reply a.2', 'emit started r2', 'created r2 of reply_1/user'],
  ],
  ['asked(unwanted)->lost->free: nobody wants it', [create('a'), interrupt], lose, []],
  [
    'asked, one waits->lost->asked: in their order',
    [create('a'), create('b')],
    [...lose, startedFor('r1', 'a.2'), ended('r1')],
    [
      'send reply a.2',
      'emit started r1',
      'created r1 of reply_1/user',
      'emit ended r1 completed',
      'ended r1 of reply_1/user',
      'send reply b',
    ],
  ],
  [
    'expected->lost->expected: the turn is heard again, and answered by the server',
    turn,
    [...lose, startedByTurn('r2')],
    [
      'replay turn_1',
      'replayed turn_1 1000 ms',
      'relinked after 0 tries and 0 ms, 1000 ms again',
      'emit started r2',
      'created r2 of reply_1/turn',
    ],
  ],
  [
    'expected, its words are known->lost->asked: nothing is heard again, its answer is asked for',
    [...turn, words('yes')],
    lose,
    ['send reply again_reply_1'],
  ],
  ['expected(unwanted)->lost->free', [...turn, words('yes'), interrupt], lose, []],
  [
    'running without output->lost->asked: what was asked for comes again',
    [create('a'), startedFor('r1', 'a')],
    lose,
    ['emit ended r1 failed', 'ended r1 of reply_1/user, again', 'send reply a.2'],
  ],
  [
    'running without output->lost->asked->started->running: it is the same reply',
    [...turn, words('yes'), startedByTurn('r1')],
    [...lose, startedFor('r2', 'again_reply_1')],
    [
      'emit ended r1 failed',
      'ended r1 of reply_1/turn, again',
      'send reply again_reply_1',
      'emit started r2',
      'created r2 of reply_1/turn',
    ],
  ],
  [
    'running without output, unasked->lost->free: nobody had asked for it',
    [started('r1', { by: 'wire' })],
    lose,
    ['emit ended r1 failed', 'ended r1 of reply_1/wire'],
  ],
  [
    'running with output->lost->free: it stays as it was heard',
    [create('a'), startedFor('r1', 'a'), audio('r1', 'item_a', 4_800)],
    lose,
    ['cut_short item_a 4800', 'emit ended r1 incomplete', 'ended r1 of reply_1/user'],
  ],
  [
    'running with output->lost->asked, where it shall be continued',
    [create('a'), startedFor('r1', 'a'), audio('r1', 'item_a', 4_800)],
    lose,
    [
      'cut_short item_a 4800',
      'emit ended r1 incomplete',
      'ended r1 of reply_1/user, again',
      'send reply again_reply_1',
    ],
    { partialReply: 'continue' },
  ],
  [
    'running, and it has called a tool->lost->free: the result will ask',
    [create('a'), startedFor('r1', 'a'), called('r1')],
    lose,
    ['emit ended r1 failed', 'ended r1 of reply_1/user'],
  ],
  [
    'ending->lost->free: what was stopped does not come again',
    [create('a'), startedFor('r1', 'a'), audio('r1'), interrupt],
    lose,
    ['cut_short item_a 480', 'emit ended r1 incomplete', 'ended r1 of reply_1/user'],
    { partialReply: 'continue' },
  ],
  [
    'reconnecting->create->reconnecting->open->asked: asked meanwhile, sent when there is a link',
    [at(60_000, gone())],
    [create('a'), create('b'), ready],
    ['send reply a'],
  ],
  [
    'reconnecting->interrupt->open: what waited is superseded',
    [create('a'), at(60_000, gone())],
    [interrupt, ready],
    ['failed reply_1 superseded', 'interrupted by us'],
  ],
  [
    'next ready->asked->let go->asked: the change takes nothing away either',
    [reconnect, nextReady, create('a')],
    [letGo],
    ['promote', 'send reply a.2'],
  ],
];

describe('what held the slot', () => {
  test.each(slots)('%s', (_, before, inputs, said, options) => {
    expect(outage(before, inputs, options).said).toEqual(said);
  });

  test('what is to be continued is asked for in words: what was heard of it, and the session’s own instructions', () => {
    const asked = outage(
      [create('a'), startedFor('r1', 'a'), audio('r1')],
      [at(60_000, gone({ heard: { item_a: 'We are open' }, instructions: 'Be brief.' })), ready],
      { partialReply: 'continue' },
    );
    const { command } = asked.effects.find((effect) => effect.t === 'send') as { command: Command };
    expect(command).toMatchObject({ t: 'reply' });
    const { instructions = '' } = (command as Extract<Command, { t: 'reply' }>).overrides ?? {};
    expect(instructions).toMatch(/^Be brief\./);
    expect(instructions).toContain('"We are open"');
  });

  test('several turns are owed an answer: the last one’s is for all of them', () => {
    const both = [...turn, words('one'), at(100, speech('start', 'turn_2')), speech('stop', 'turn_2')];
    const { said, state } = outage(
      [
        create('a'),
        startedFor('r1', 'a'),
        ...both,
        interrupt,
        committed('turn_2', 'item_2'),
        words('two', 'turn_2'),
      ],
      lose,
    );
    expect(said.filter((name) => name.startsWith('send reply'))).toHaveLength(1);
    expect(state.slot).toMatchObject({ is: 'asked', ask: { reply: { turn: 'turn_2' } } });
  });
});

const flight = (...commands: Command[]): Bare[] => [at(60_000, gone({ flight: commands })), ready];
const message = { kind: 'message', id: 'm', role: 'user', parts: [{ kind: 'text', text: 'x' }] } as const;

const flights: [name: string, Command, during: string[], after: string[]][] = [
  [
    'an item->the next link is told it with the history, and then it is confirmed',
    { t: 'item.add', cmd: 'c', item: { ...message, parts: [...message.parts] } },
    [],
    ['emit ack c sent'],
  ],
  ['its removal->the same', { t: 'item.remove', cmd: 'c', item: 'm' }, [], ['emit ack c sent']],
  [
    'a cut->the same',
    { t: 'item.cut', cmd: 'c', item: 'm', part: 0, heardMs: 10, heardText: '' },
    [],
    ['emit ack c sent'],
  ],
  [
    'settings->the next link is opened with them',
    { t: 'configure', cmd: 'c', patch: { voice: 'x' } },
    [],
    ['emit ack c sent'],
  ],
  [
    'the result of a tool->the same',
    { t: 'answer', cmd: 'c', call: 'k', name: 'f', output: '1', isError: false, more: false, then: 'auto' },
    [],
    ['emit ack c sent'],
  ],
  [
    'a picture->is sent again',
    { t: 'image', cmd: 'c', data: new Uint8Array(1), mime: 'x', atMs: 0 },
    ['send image c'],
    [],
  ],
  [
    'a question->is refused',
    { t: 'item.fetch', cmd: 'c', item: 'm' },
    ['emit refused c connection_lost'],
    [],
  ],
  [
    'an approval->is refused: the server that asked is gone',
    { t: 'approve', cmd: 'c', approval: 'p', approve: true },
    ['emit refused c connection_lost'],
    [],
  ],
  [
    'a discard->there is nothing left to discard',
    { t: 'activity', cmd: 'c', edge: 'discard' },
    [],
    ['emit ack c sent'],
  ],
];

describe('commands that the link took along', () => {
  test.each(flights)('%s', (_, stranded, during, after) => {
    const [lost, again] = flight(stranded);
    expect(outage([], [lost!]).said).toEqual(during);
    expect(outage([lost!], [again!]).said).toEqual(after);
  });

  test('a turn rule->holds from the next link on', () => {
    const patch = { turns: null };
    const rule = command({ t: 'configure', cmd: 'c', patch });
    const before = outage([rule], flight({ t: 'configure', cmd: 'c', patch }));
    expect(before.state).toMatchObject({ autoReply: false, byHand: true });
    expect(before.state.turnRules).toEqual({});
  });

  test('an out-of-band reply->is asked again, with all of its time', () => {
    const aside = command({ t: 'reply', cmd: 'x', outOfBand: true });
    const { said, state } = outage([aside], lose);
    expect(said).toEqual(['send reply x']);
    expect(state.aside).toMatchObject({ x: { deadlineMs: 70_000 } });
  });

  test('an out-of-band response that runs->ends, and neither comes again nor is continued', () => {
    const aside = command({ t: 'reply', cmd: 'x', outOfBand: true });
    const running = [aside, started('r1', { by: 'command', cmd: 'x' }, true)];
    const { said } = outage(running, lose, { partialReply: 'continue' });
    expect(said).toEqual(['emit ended r1 failed', 'ended r1 of reply_1/user']);
  });
});

const call = [create('a'), startedFor('r1', 'a'), called('r1'), ended('r1')];

describe('tool calls that the link took along', () => {
  test.each<Row>([
    [
      'open->lost->answered: told as an item and its result',
      [...call, ...lose],
      [answered()],
      ['send item.add x.call', 'send item.add x'],
    ],
    [
      'open->lost->answered, where the model goes on by itself: here it has to be asked',
      [...call, ...lose],
      [answered()],
      ['send item.add x.call', 'send item.add x', 'send reply again_reply_1'],
      { capabilities: { toolReply: 'auto' } },
    ],
    [
      'open->lost->answered, where no items can be added: absorbed, and told with the reply',
      [...call, ...lose],
      [answered()],
      ['absorb answer x', 'emit ack x sent', 'send reply again_reply_1'],
      { capabilities: { toolReply: 'auto', history: 'opening' } },
    ],
    [
      'open->lost->answered twice: once is enough',
      [...call, ...lose, answered()],
      [answered('y')],
      ['emit refused y call_not_open'],
    ],
    [
      'open->lost->answered before the next link: kept until it is there',
      [...call, at(60_000, gone())],
      [answered()],
      ['send item.add x.call', 'send item.add x'],
    ],
    [
      'answered, the model goes on->lost->asked: the reply to the result is owed still',
      [...call, answered()],
      lose,
      ['send reply again_reply_1'],
      { capabilities: { toolReply: 'auto' } },
    ],
  ])('%s', (_, before, inputs, said, options) => {
    expect(outage(before, inputs, options).said).toEqual(said);
  });

  test('where no items can be added the result is part of what the reply is asked with, once', () => {
    const { effects } = outage([...call, ...lose], [answered()], {
      capabilities: { toolReply: 'auto', history: 'opening' },
    });
    const sent = effects.flatMap((effect) => (effect.t === 'send' ? [effect.command] : []));
    expect(sent).toMatchObject([
      {
        t: 'reply',
        input: [{ kind: 'message', role: 'user', parts: [{ text: 'Result of the tool f ({}): 1' }] }],
      },
    ]);
  });
});

describe('turns that the link took along', () => {
  test('being spoken->lost->heard again, from its start', () => {
    const { said, state } = outage([spoken[0]!], [line(1_800, at(60_000, gone())), line(2_000, ready)]);
    expect(said).toEqual([
      'replay turn_1',
      'replayed turn_1 1000 ms',
      'relinked after 0 tries and 0 ms, 1000 ms again',
    ]);
    expect(state.turns).toMatchObject([{ turn: 'turn_1', startMs: 1_000, endMs: null, settled: false }]);
  });

  test('its words are known, its item is not->lost: an item is made of them', () => {
    const known = event({ t: 'heard', turn: 'turn_1', item: 'item_1', text: 'yes', how: 'final' });
    const { said, state } = outage([...spoken, known], [at(60_000, gone())]);
    expect(said).toEqual(['commit_turn turn_1 item_1']);
    expect(state.turns).toEqual([]);
  });

  test('answered before its words were known->lost: they are those that came by then', () => {
    const { said, state } = outage([...answering, audio('r1'), ended('r1')], [at(60_000, gone())]);
    expect(said).toEqual(['finish_words turn_1 item_1']);
    expect(state.untranscribed).toEqual([]);
  });

  test('heard again and told of again->nothing of it is news', () => {
    const again = [...spoken.map((input) => at(61_000, input)), committed()];
    const { said } = outage([...turn, ...lose], again);
    expect(said).toEqual([]);
  });

  test('heard again, its words begin anew', () => {
    const before = [...turn, words('ye', 'turn_1', 'append'), ...lose];
    const { effects } = outage(before, [words('y', 'turn_1', 'append'), words('es', 'turn_1', 'append')]);
    const heard = effects.flatMap((effect) => (effect.t === 'emit' ? [effect.event] : []));
    expect(heard).toMatchObject([{ how: 'replace' }, { how: 'append' }]);
  });

  test.each([
    ['being spoken', [spoken[0]!], ['emit speech discarded turn_1']],
    ['spoken and committed', turn, []],
  ])('%s->lost->the next link says nothing of it for 5 s', (_, before, said) => {
    const quiet = outage([...before, ...lose], [{ t: 'wake', atMs: 65_000, silentMs: 0 }]);
    expect(quiet.said).toEqual(said);
    expect(outage([...before, ...lose], [{ t: 'wake', atMs: 64_999, silentMs: 0 }]).said).toEqual([]);
  });

  test('a second outage before the first is over takes nothing more along', () => {
    const { said } = outage([...turn, at(60_000, gone()), ready], [at(80_000, gone()), ready]);
    expect(said).toEqual([
      'replay turn_1',
      'replayed turn_1 1000 ms',
      'relinked after 0 tries and 0 ms, 1000 ms again',
    ]);
  });
});

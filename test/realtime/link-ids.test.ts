import { describe, expect, test } from 'vitest';
import { bindTurn } from '../../src/realtime/engine/bind-turn.js';
import { LineMap } from '../../src/realtime/engine/line-map.js';
import { LinkIds } from '../../src/realtime/engine/link-ids.js';
import type { Command, Event } from '../../src/realtime/index.js';
import {
  at,
  type Bare,
  committed,
  connect,
  gone,
  line,
  type MachineOptions,
  ownEars,
  ready,
  run,
  speech,
  words,
} from './link-machine.js';

describe('names of a link', () => {
  const names = new LinkIds();
  names.bind('turn_b', 'turn_1');
  names.bind('item_b', 'item_1');
  names.bind('same', 'same');
  const message = (id: string) => ({ kind: 'message' as const, id, role: 'user' as const, parts: [] });

  test.each<[name: string, theirs: Event, ours: Partial<Event>]>([
    [
      'speech',
      { t: 'speech', edge: 'stop', turn: 'turn_b', item: 'item_b', basis: 'wire' },
      { turn: 'turn_1', item: 'item_1' },
    ],
    ['words', { t: 'heard', item: 'item_b', text: '', how: 'final' }, { item: 'item_1' }],
    [
      'a commit, behind another',
      { t: 'committed', turn: 'turn_b', item: 'item_c', after: 'item_b', basis: 'wire' },
      { turn: 'turn_1', item: 'item_c', after: 'item_1' },
    ],
    [
      'an item',
      { t: 'item', phase: 'added', item: message('item_b'), basis: 'wire' },
      { item: message('item_1') },
    ],
    [
      'its place',
      { t: 'item', phase: 'added', item: message('x'), after: 'item_b', basis: 'wire' },
      { item: message('x'), after: 'item_1' },
    ],
    ['an answer', { t: 'ack', cmd: 'c', item: 'item_b', basis: 'wire' }, { item: 'item_1' }],
    [
      'a cause',
      {
        t: 'response',
        phase: 'started',
        response: 'r',
        cause: { by: 'turn', turn: 'turn_b' },
        outOfBand: false,
      },
      { cause: { by: 'turn', turn: 'turn_1' } },
    ],
  ])('%s: theirs -> ours', (_, theirs, ours) => {
    expect(names.event(theirs)).toEqual({ ...theirs, ...ours });
  });

  test.each<[name: string, ours: Command, theirs: Partial<Command>]>([
    ['a removal', { t: 'item.remove', cmd: 'c', item: 'item_1' }, { item: 'item_b' }],
    [
      'a cut',
      { t: 'item.cut', cmd: 'c', item: 'item_1', part: 0, heardMs: 1, heardText: '' },
      { item: 'item_b' },
    ],
    ['a question', { t: 'item.fetch', cmd: 'c', item: 'item_1' }, { item: 'item_b' }],
    ['a place', { t: 'item.add', cmd: 'c', item: message('x'), after: 'item_1' }, { after: 'item_b' }],
  ])('%s: ours -> theirs', (_, ours, theirs) => {
    expect(names.command(ours)).toEqual({ ...ours, ...theirs });
  });

  test('where nothing differs, the very same object', () => {
    const event: Event = { t: 'speech', edge: 'start', turn: 'x', basis: 'wire' };
    const command: Command = { t: 'item.remove', cmd: 'c', item: 'x' };
    expect(new LinkIds().event(event)).toBe(event);
    expect(new LinkIds().command(command)).toBe(command);
    expect(names.knows('same')).toBe(false);
  });
});

/** The parts of a connection that names are bound on. Its line begins at `fromMs` of the session's. */
function linkFrom(fromMs: number) {
  const lineMap = new LineMap();
  lineMap.send(fromMs, 60_000);
  const muted: string[] = [];
  const names = new LinkIds();
  const connection = {
    names,
    line: lineMap,
    mute: (id: string) => muted.push(id),
  };
  return { connection, names, muted };
}

const lost = [at(60_000, gone()), ready];
const first = [
  line(1_000, speech('start', 'turn_1', 1_000)),
  line(2_500, speech('stop', 'turn_1', 2_000)),
  committed(),
];
const second = [line(5_000, speech('start', 'turn_2', 5_000)), line(6_500, speech('stop', 'turn_2', 6_000))];
/** As the new link tells it; positions are its own. */
const start = (turn: string, atMs?: number): Event => ({
  t: 'speech',
  edge: 'start',
  turn,
  basis: 'wire',
  ...(atMs === undefined ? {} : { atMs }),
});
const committedAs = (turn: string, item: string): Event => ({ t: 'committed', turn, item, basis: 'wire' });

type Row = [
  name: string,
  before: Bare[],
  told: Event[],
  bound: Record<string, string>,
  options?: MachineOptions,
];
const deaf: MachineOptions = { capabilities: { speech: 'none' } };

describe('a turn that is heard again is the one that it was', () => {
  test.each<Row>([
    ['by its place', [...first, ...second, ...lost], [start('b', 4_300)], { b: 'turn_2' }],
    ['by its place, more or less', [...first, ...second, ...lost], [start('b', 1_200)], { b: 'turn_1' }],
    [
      'without a place: the first that is heard again',
      [...first, ...second, ...lost],
      [start('b')],
      { b: 'turn_1' },
    ],
    ['each once', [...first, ...second, ...lost], [start('b'), start('c')], { b: 'turn_1', c: 'turn_2' }],
    [
      'with its item',
      [...first, ...lost],
      [start('b'), committedAs('b', 'item_b')],
      { b: 'turn_1', item_b: 'item_1' },
    ],
    ['far from all of them: a new one', [...first, ...lost], [start('b', 9_000)], {}],
    ['on the link that heard it first: itself', first, [start('turn_1', 1_000)], {}],
    ['nothing is heard again: a new one', [...first, words('yes'), ...lost], [start('b', 1_000)], {}],
    [
      'where the wire is deaf: the oldest without a name',
      [ownEars('start'), ownEars('stop')],
      [committedAs('b', 'item_b')],
      { b: 'turn_1' },
      deaf,
    ],
    [
      'where the wire is deaf: one after the other',
      [ownEars('start'), ownEars('stop'), ownEars('start', 'turn_2'), ownEars('stop', 'turn_2')],
      [committedAs('b', 'item_b'), committedAs('c', 'item_c')],
      { b: 'turn_1', c: 'turn_2' },
      deaf,
    ],
  ])('%s', (_, before, told, bound, options) => {
    const { state } = run([connect, ready, ...before], [], options);
    // It was sent the line from 700 ms on.
    const { connection, names } = linkFrom(700);
    for (const event of told) bindTurn(state, connection, event);
    const known = [
      ...told.flatMap((event) => ('turn' in event ? [event.turn ?? ''] : [])),
      'item_b',
      'item_c',
    ];
    expect(
      Object.fromEntries(known.filter((id) => names.knows(id)).map((id) => [id, names.ours(id)])),
    ).toEqual(bound);
  });

  test('all of it is known already, and it is heard again for the sake of one before it: what is said of it is no news', () => {
    const secondIsKnown = [
      ...first,
      ...second,
      committed('turn_2', 'item_2'),
      words('two', 'turn_2'),
      ...lost,
    ];
    const { state } = run([connect, ready, ...secondIsKnown], []);
    const { connection, muted } = linkFrom(700);
    for (const event of [start('b', 4_300), committedAs('b', 'item_b')]) bindTurn(state, connection, event);
    expect(muted).toEqual(['turn_2', 'item_2']);
  });
});

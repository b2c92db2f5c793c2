import { describe, expect, test } from 'vitest';
import type { EngineState } from '../../src/realtime/engine/state.js';
import { neededFromMs } from '../../src/realtime/engine/turns.js';
import {
  at,
  audio,
  type Bare,
  command,
  committed,
  connect,
  ended,
  event,
  gone,
  line,
  type MachineOptions,
  ownEars,
  ready,
  run,
  speech,
  started,
  startedByTurn,
  words,
} from './link-machine.js';

const byHand: MachineOptions = { turns: { owner: 'caller' } };
const deaf: MachineOptions = { capabilities: { speech: 'none' } };
const start = line(1_500, speech('start', 'turn_1', 1_000));
const stop = line(2_500, speech('stop', 'turn_1', 2_000));
const commitByHand = (cmd: string) => command({ t: 'activity', cmd, edge: 'end' });
const refused = (cmd: string) => event({ t: 'refused', cmd, code: 'too_short', message: '', benign: false });
const discard = command({ t: 'activity', cmd: 'd', edge: 'discard' });

/** Each turn that is kept: its name, from where to where, and what is known of it. */
function kept({ turns }: EngineState): string[] {
  return turns.map((open) => {
    const { turn, startMs, endMs } = open;
    const is = (['partial', 'known', 'committed', 'settled'] as const).filter((key) => open[key]);
    return [`${turn || 'unnamed'} ${startMs}-${endMs ?? ''}`, ...is].join(' ');
  });
}

type Row = [name: string, inputs: Bare[], kept: string[], neededFromMs: number, options?: MachineOptions];

const rows: Row[] = [
  ['nothing said->nothing is kept', [], [], Infinity],
  ['start->kept, with what was before it', [start], ['turn_1 1000-'], 700],
  [
    'start->kept, with as much before it as the rule says',
    [start],
    ['turn_1 1000-'],
    900,
    { turns: { owner: 'wire', kind: 'server_vad', autoReply: true, autoCut: true, prefixMs: 100 } },
  ],
  [
    'start of unknown place->kept from where the line stands',
    [line(1_500, speech('start'))],
    ['turn_1 1500-'],
    1_200,
  ],
  ['start at the very beginning->kept from 0', [speech('start', 'turn_1', 100)], ['turn_1 100-'], 0],
  ['start twice->kept once', [start, start], ['turn_1 1000-'], 700],
  ['start->stop->kept to its end', [start, stop], ['turn_1 1000-2000'], 700],
  ['stop without start->nothing', [stop], [], Infinity],
  ['start->discarded->gone: it was none', [start, line(1_700, speech('discarded'))], [], Infinity],
  [
    'start->stop->committed->kept: nobody knows what was said',
    [start, stop, committed()],
    ['turn_1 1000-2000 committed'],
    700,
  ],
  [
    'committed->words->gone: from here on they say it',
    [start, stop, committed(), words('yes')],
    [],
    Infinity,
  ],
  ['words->committed->gone, in that order, too', [start, stop, words('yes'), committed()], [], Infinity],
  [
    'words->kept, as long as no item is made of them',
    [start, stop, words('yes')],
    ['turn_1 1000-2000 partial known'],
    700,
  ],
  [
    'committed->some words->kept',
    [start, stop, committed(), words('ye', 'turn_1', 'append')],
    ['turn_1 1000-2000 partial committed'],
    700,
  ],
  [
    'committed->words failed->kept: its sound is all there is',
    [start, stop, committed(), words('no', 'turn_1', 'failed')],
    ['turn_1 1000-2000 committed'],
    700,
  ],
  [
    'committed->answer begins->kept: nothing of it was heard',
    [start, stop, committed(), startedByTurn('r1')],
    ['turn_1 1000-2000 committed'],
    700,
  ],
  [
    'committed->answer begins->its first sound->gone',
    [start, stop, committed(), startedByTurn('r1'), audio('r1')],
    [],
    Infinity,
  ],
  [
    'an answer beside the conversation->kept',
    [start, stop, committed(), started('r1', { by: 'command', cmd: 'x' }, true), audio('r1')],
    ['turn_1 1000-2000 committed'],
    700,
  ],
  [
    'an answer that began while it was spoken->kept: it is not the answer to it',
    [start, started('r1', { by: 'wire' }), audio('r1')],
    ['turn_1 1000-'],
    700,
  ],
  [
    'an answer in words->gone with the first of them',
    [
      start,
      stop,
      committed(),
      startedByTurn('r1'),
      event({ t: 'part', phase: 'started', response: 'r1', item: 'a', index: 0, part: 0, kind: 'text' }),
      event({ t: 'said', response: 'r1', item: 'a', part: 0, text: 'x', how: 'append', stage: 'planned' }),
    ],
    [],
    Infinity,
  ],
  [
    'its thoughts->kept: nobody hears them',
    [
      start,
      stop,
      committed(),
      startedByTurn('r1'),
      event({ t: 'part', phase: 'started', response: 'r1', item: 'a', index: 0, part: 0, kind: 'text' }),
      event({ t: 'said', response: 'r1', item: 'a', part: 0, text: 'x', how: 'append', stage: 'thought' }),
    ],
    ['turn_1 1000-2000 committed'],
    700,
  ],
  [
    'a second turn is settled before the first->both are kept: they come in their order',
    [
      start,
      stop,
      committed(),
      line(3_000, speech('start', 'turn_2')),
      speech('stop', 'turn_2'),
      committed('turn_2', 'item_2'),
      words('two', 'turn_2'),
    ],
    ['turn_1 1000-2000 committed', 'turn_2 3000-3000 partial known committed settled'],
    700,
  ],
  [
    'and then the first->both are gone',
    [
      start,
      stop,
      committed(),
      line(3_000, speech('start', 'turn_2')),
      speech('stop', 'turn_2'),
      committed('turn_2', 'item_2'),
      words('two', 'turn_2'),
      words('one'),
    ],
    [],
    Infinity,
  ],
  [
    'committed without edges->kept from the end of what was settled',
    [start, stop, committed(), words('one'), line(4_000, committed('turn_2', 'item_2'))],
    ['turn_2 2000-4000 committed'],
    1_700,
  ],
];

const handRows: Row[] = [
  ['nothing committed->all is kept: nobody knows where a turn begins', [], [], 0, byHand],
  ['commit->kept, without a name', [line(2_000, commitByHand('c'))], ['unnamed 0-2000'], 0, byHand],
  [
    'commit->committed->it has its name',
    [line(2_000, commitByHand('c')), committed()],
    ['turn_1 0-2000 committed'],
    0,
    byHand,
  ],
  [
    'commit->committed->words->gone; what comes behind it is kept',
    [line(2_000, commitByHand('c')), committed(), words('yes')],
    [],
    2_000,
    byHand,
  ],
  [
    'commit->commit->two turns, one behind the other',
    [line(2_000, commitByHand('c')), line(3_500, commitByHand('d'))],
    ['unnamed 0-2000', 'unnamed 2000-3500'],
    0,
    byHand,
  ],
  [
    'commit->commit->committed->the first one is named first',
    [line(2_000, commitByHand('c')), line(3_500, commitByHand('d')), committed()],
    ['turn_1 0-2000 committed', 'unnamed 2000-3500'],
    0,
    byHand,
  ],
  [
    'commit->refused->nothing: its audio belongs to the next one',
    [line(2_000, commitByHand('c')), refused('c'), line(3_000, commitByHand('d'))],
    ['unnamed 0-3000'],
    0,
    byHand,
  ],
  ['discard->nothing before it is kept', [line(2_000, discard)], [], 2_000, byHand],
  [
    'commit->discard->what is committed stays',
    [line(2_000, commitByHand('c')), line(3_000, discard)],
    ['unnamed 0-2000'],
    0,
    byHand,
  ],
  ['start->discard->gone, where the wire ends the turns, too', [start, line(1_800, discard)], [], Infinity],
];

describe('what is kept of the input line', () => {
  test.each([...rows, ...handRows])('%s', (_, inputs, turns, neededMs, options) => {
    const { state } = run([connect, ready], inputs, options);
    expect(kept(state)).toEqual(turns);
    expect(neededFromMs(state)).toBe(neededMs);
  });

  test('more than sixteen turns that nobody settles->the oldest make room', () => {
    const turns = Array.from({ length: 20 }, (_, nth) => [
      line(nth * 1_000, speech('start', `turn_${nth}`)),
      speech('stop', `turn_${nth}`),
      committed(`turn_${nth}`, `item_${nth}`),
    ]).flat();
    const { state } = run([connect, ready], turns);
    expect(state.turns.map(({ turn }) => turn)).toEqual(
      Array.from({ length: 16 }, (_, nth) => `turn_${nth + 4}`),
    );
    expect(state.settledMs).toBe(3_000);
  });
});

describe('turns that only local ears have heard', () => {
  const unnamed = (inputs: Bare[]) => run([connect, ready], inputs, deaf).state.unnamed;

  test.each<[string, Bare[], string[]]>([
    ['start->waits for its name', [ownEars('start')], ['turn_1']],
    ['start->start of the same->once', [ownEars('start'), ownEars('start')], ['turn_1']],
    ['start->discarded->none', [ownEars('start'), ownEars('discarded')], []],
    [
      'start->stop->start->two',
      [ownEars('start'), ownEars('stop'), ownEars('start', 'turn_2')],
      ['turn_1', 'turn_2'],
    ],
    [
      'start->stop->answered->none: the answer was to all that had been said',
      [ownEars('start'), ownEars('stop'), startedByTurn('r1', 'x')],
      [],
    ],
    [
      'start->answered->waits: it is being said still',
      [ownEars('start'), startedByTurn('r1', 'x')],
      ['turn_1'],
    ],
    [
      'start->stop->typed->none: a turn ends where something else is said',
      [
        ownEars('start'),
        ownEars('stop'),
        command({ t: 'item.add', cmd: 'c', item: { kind: 'message', id: '', role: 'user', parts: [] } }),
      ],
      [],
    ],
  ])('%s', (_, inputs, turns) => {
    expect(unnamed(inputs).map(({ turn }) => turn)).toEqual(turns);
  });

  test('lost->all that are kept wait for their names again', () => {
    const said = [
      line(500, ownEars('start')),
      line(1_500, ownEars('stop')),
      line(2_000, ownEars('start', 'turn_2')),
    ];
    expect(unnamed([...said, startedByTurn('r1', 'x'), ended('r1'), at(60_000, gone()), ready])).toEqual([
      { turn: 'turn_1', ended: true },
      { turn: 'turn_2', ended: false },
    ]);
  });
});

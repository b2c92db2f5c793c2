import { describe, expect, test } from 'vitest';
import type { DeadAir } from '../../src/realtime/engine/state.js';
import {
  at,
  type Bare,
  committed,
  connect,
  interrupt,
  letGo,
  line,
  type MachineOptions,
  nextReady,
  ready,
  run,
  speech,
  startedFor,
  wakeAt,
  words,
} from './link-machine.js';

const turn = [line(500, speech('start')), line(1_500, speech('stop')), committed()];
const air = (then: DeadAir['then'], afterMs: number | null = 3_000): MachineOptions => ({
  deadAir: { then, afterMs, text: 'One moment.' },
  replyTimeoutMs: 8_000,
});
const speaking = { ...air('say'), capabilities: { say: true } };

type Row = [name: string, before: Bare[], inputs: Bare[], said: string[], options: MachineOptions];

const rows: Row[] = [
  [
    'expected->silence->failed',
    [],
    [wakeAt(2_999), wakeAt(3_000)],
    ['dead_air turn_1 after 3000 ms, fail', 'failed reply_1 reply_timeout'],
    air('fail'),
  ],
  [
    "expected->silence->failed, after the reply's own time where none is given",
    [],
    [wakeAt(7_999), wakeAt(8_000)],
    ['dead_air turn_1 after 8000 ms, fail', 'failed reply_1 reply_timeout'],
    air('fail', null),
  ],
  [
    'expected->silence->asked->started->running: the same reply',
    [],
    [wakeAt(3_000), startedFor('r1', 'again_reply_1')],
    [
      'dead_air turn_1 after 3000 ms, ask',
      'send reply again_reply_1',
      'emit started r1',
      'created r1 of reply_1/turn',
    ],
    air('ask'),
  ],
  [
    'asked->silence again->failed: once a turn',
    [wakeAt(3_000)],
    [wakeAt(10_999), wakeAt(11_000)],
    ['failed reply_1 reply_timeout'],
    air('ask'),
  ],
  [
    'expected->silence->a text is spoken',
    [],
    [wakeAt(3_000)],
    ['dead_air turn_1 after 3000 ms, say', 'send say again_reply_1'],
    speaking,
  ],
  [
    'expected->silence->failed, where the model cannot speak a text, and says so',
    [],
    [wakeAt(3_000)],
    ['dead_air turn_1 after 3000 ms, fail', 'failed reply_1 reply_timeout'],
    air('say'),
  ],
  [
    'expected->silence->another link, in the middle of it->the turn is heard again',
    [],
    [wakeAt(3_000), nextReady, letGo],
    [
      'dead_air turn_1 after 3000 ms, reconnect',
      'dial next',
      'swap',
      'promote',
      'replay turn_1',
      'replayed turn_1 1000 ms',
      'relinked after 0 tries and 0 ms, 1000 ms again',
    ],
    air('reconnect'),
  ],
  [
    'expected->silence->let go first, where links cannot overlap',
    [],
    [wakeAt(3_000)],
    ['dead_air turn_1 after 3000 ms, reconnect', 'swap'],
    { ...air('reconnect'), capabilities: { overlap: 'never' } },
  ],
  [
    'expected->a turn without words->nobody is told of silence',
    [words('')],
    [wakeAt(3_000)],
    ['unanswered turn_1'],
    air('ask'),
  ],
  ['expected(unwanted)->silence->nobody is told', [interrupt], [wakeAt(3_000)], [], air('ask')],
  [
    'expected->the far end gave no sign of life->another link, not the model’s silence',
    [],
    [wakeAt(3_000, 6_000)],
    ['drop_link'],
    air('ask'),
  ],
  [
    'expected->silence->the next turn->silence: each turn has its own',
    [wakeAt(3_000), at(4_000, startedFor('r1', 'again_reply_1')), interrupt, wakeAt(9_000)],
    [at(10_000, committed('turn_2', 'item_2')), wakeAt(13_000)],
    ['emit committed', 'dead_air turn_2 after 3000 ms, ask', 'send reply again_reply_2'],
    air('ask'),
  ],
];

describe('dead air', () => {
  test.each(rows)('%s', (_, before, inputs, said, options) => {
    expect(run([connect, ready, ...turn, ...before], inputs, options).said).toEqual(said);
  });
});

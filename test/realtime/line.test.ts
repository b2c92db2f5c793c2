import { describe, expect, test } from 'vitest';
import { nextDeadline } from '../../src/realtime/engine/deadlines.js';
import type { Capabilities } from '../../src/realtime/index.js';
import {
  at,
  audio,
  type Bare,
  called,
  committed,
  connect,
  create,
  dialFailed,
  ended,
  event,
  gone,
  letGo,
  line,
  type MachineOptions,
  nextReady,
  ready,
  reconnect,
  refusedKey,
  run,
  speech,
  startedByTurn,
  startedFor,
  wakeAt,
} from './link-machine.js';

type Row = [name: string, before: Bare[], inputs: Bare[], said: string[], options?: MachineOptions];

const tries: Row[] = [
  ['connect->dialling', [], [connect], ['dial current']],
  [
    'dialling->failed->waiting->dialling: the first connection is retried like any other',
    [connect],
    [dialFailed(), wakeAt(1_999), wakeAt(2_000)],
    ['retrying 1 in 2000 ms', 'dial current'],
  ],
  [
    'dialling->failed->waiting: half of the pause is chance',
    [connect],
    [dialFailed(0)],
    ['retrying 1 in 1000 ms'],
  ],
  [
    'dialling->failed x4->over: each pause is longer, then nothing more is tried',
    [connect],
    [dialFailed(), wakeAt(2_000), dialFailed(), wakeAt(6_000), dialFailed(), wakeAt(14_000), dialFailed()],
    [
      'retrying 1 in 2000 ms',
      'dial current',
      'retrying 2 in 4000 ms',
      'dial current',
      'retrying 3 in 8000 ms',
      'dial current',
      'over connection_lost',
    ],
  ],
  [
    'waiting: no pause is longer than 30 s',
    [connect],
    [dialFailed(), wakeAt(20_000), dialFailed()],
    ['retrying 1 in 20000 ms', 'dial current', 'retrying 2 in 30000 ms'],
    { intervalMs: 20_000 },
  ],
  [
    'dialling->failed->over where no retry is wanted',
    [connect],
    [dialFailed()],
    ['over connection_lost'],
    { maxRetries: 0 },
  ],
  [
    'dialling->failed for good->over: a wrong key is not tried again',
    [connect],
    [dialFailed(1, refusedKey)],
    ['over auth_refused'],
  ],
  [
    'open->lost->dialling at once',
    [connect, ready],
    [at(60_000, gone())],
    ['lost connection_lost', 'dial current'],
  ],
  [
    'dialling->failed->dialling->open->lost->dialling->failed: a new outage has its whole budget',
    [connect, dialFailed(), wakeAt(2_000), dialFailed(), wakeAt(6_000), ready, at(60_000, gone())],
    [dialFailed(), wakeAt(62_000), dialFailed(), wakeAt(66_000), dialFailed(), wakeAt(74_000), dialFailed()],
    [
      'retrying 1 in 2000 ms',
      'dial current',
      'retrying 2 in 4000 ms',
      'dial current',
      'retrying 3 in 8000 ms',
      'dial current',
      'over connection_lost',
    ],
  ],
  [
    'dialling->failed->dialling->open: what it took is told',
    [connect, ready, at(60_000, gone()), dialFailed(), wakeAt(62_000)],
    [at(62_500, ready)],
    ['emit ready', 'replay', 'relinked after 1 tries and 2500 ms, 0 ms again'],
  ],
  [
    'open->stillborn->dialling at once; again->waiting: what killed two may kill the third',
    [connect, ready],
    [at(1_000, gone()), ready, at(2_000, gone()), wakeAt(4_000), ready, at(5_000, gone())],
    [
      'lost connection_lost',
      'dial current',
      'emit ready',
      'replay',
      'relinked after 0 tries and 0 ms, 0 ms again',
      'lost connection_lost',
      'retrying 0 in 2000 ms',
      'dial current',
      'emit ready',
      'replay',
      'relinked after 0 tries and 2000 ms, 0 ms again',
      'lost connection_lost',
      'retrying 0 in 4000 ms',
    ],
  ],
  [
    'stillborn->open for long->lost->dialling at once: one that lived begins the count anew',
    [connect, ready, at(1_000, gone()), ready, at(60_000, gone()), ready],
    [at(61_000, gone())],
    ['lost connection_lost', 'dial current'],
  ],
  [
    'open->let go->dialling at once: our own doing is no stillbirth',
    [connect, ready, at(1_000, gone()), ready],
    [at(2_000, letGo)],
    ['lost connection_lost, planned', 'dial current'],
  ],
];

describe('the line', () => {
  test.each(tries)('%s', (_, before, inputs, said, options) => {
    expect(run(before, inputs, options).said).toEqual(said);
  });

  test('six links in a row that die at once -> over', () => {
    const lives = Array.from({ length: 6 }, (_, nth) => [
      at(nth * 40_000, ready),
      at(nth * 40_000 + 100, gone()),
      wakeAt(nth * 40_000 + 39_000),
    ]).flat();
    const { said } = run([connect], lives);
    expect(said.filter((name) => name === 'over connection_lost')).toEqual(['over connection_lost']);
    expect(run([connect], lives.slice(0, -3)).said).not.toContain('over connection_lost');
  });
});

const tenMinutes = { capabilities: { maxSessionMs: 600_000 } };
const until = (inputs: Bare[], options: MachineOptions) =>
  nextDeadline(run([connect, ready], inputs, options).state);

describe('when another link is made', () => {
  test.each<[name: string, MachineOptions, wakeMs: number]>([
    ['no limit -> never', {}, Infinity],
    ["the model's own limit -> a minute before", tenMinutes, 540_000],
    ["the application's limit -> a minute before", { maxSessionDurationMs: 300_000 }, 240_000],
    ['the shorter of both', { ...tenMinutes, maxSessionDurationMs: 900_000 }, 540_000],
    ['a limit of seconds -> at half of it', { maxSessionDurationMs: 9_000 }, 4_500],
  ])('%s', (_, options, wakeMs) => {
    expect(until([], options)).toBe(wakeMs);
  });

  test('the server tells its end -> a minute before that', () => {
    expect(until([{ t: 'ends', endMs: 200_000 }], {})).toBe(140_000);
  });

  test('an end that is later than the one known changes nothing', () => {
    expect(until([{ t: 'ends', endMs: 900_000 }], tenMinutes)).toBe(540_000);
  });

  test('a link that waited is counted from when it was ready, not from when it took over', () => {
    const rolled = [wakeAt(540_000), nextReady, startedFor('r1', 'a'), at(590_000, ended('r1')), letGo];
    expect(until([at(539_000, create('a')), ...rolled], tenMinutes)).toBe(540_000 + 540_000);
  });

  test('and its server has told it its end, too', () => {
    const told: Bare = { t: 'next_ready', endMs: 800_000 };
    expect(until([wakeAt(540_000), told, letGo], tenMinutes)).toBe(740_000);
    expect(until([reconnect, told, letGo], {})).toBe(740_000);
  });
});

const rolls: Row[] = [
  [
    'open->limit near->dial next->ready->swap->let go->promote: nobody notices',
    [connect, ready],
    [wakeAt(540_000), nextReady, letGo],
    ['dial next', 'swap', 'promote', 'replay', 'relinked after 0 tries and 0 ms, 0 ms again'],
    tenMinutes,
  ],
  [
    'open->the server will close->dial next, at once',
    [connect, ready],
    [at(1_000, event({ t: 'expiring', inMs: 50_000 })), wakeAt(1_000)],
    ['emit expiring', 'dial next'],
  ],
  [
    'next dialling->lost->promote: it is on its way already',
    [connect, ready, wakeAt(540_000)],
    [gone()],
    ['lost connection_lost', 'promote'],
    tenMinutes,
  ],
  [
    'next dialling->lost->promoted->failed->waiting: from there on it is an outage like any other',
    [connect, ready, wakeAt(540_000), gone()],
    [dialFailed(), wakeAt(542_000)],
    ['retrying 1 in 2000 ms', 'dial current'],
    tenMinutes,
  ],
  [
    'next ready->lost->promote->open: no gap',
    [connect, ready, at(539_000, create('a')), startedFor('r1', 'a'), wakeAt(540_000), nextReady],
    [ended('r1'), gone()],
    [
      'emit ended r1 completed',
      'ended r1 of reply_1/user',
      'swap',
      'promote',
      'replay',
      'relinked after 0 tries and 0 ms, 0 ms again',
    ],
    tenMinutes,
  ],
  [
    'next failed->again, while this one serves',
    [connect, ready, wakeAt(540_000)],
    [dialFailed(1, undefined, 'next'), wakeAt(541_999), wakeAt(542_000)],
    ['dial next'],
    tenMinutes,
  ],
  [
    'next refused for good->not tried again: the link is kept while its server lets it be',
    [connect, ready, wakeAt(540_000)],
    [dialFailed(1, refusedKey, 'next'), wakeAt(596_999), wakeAt(597_000)],
    ['not_moved'],
    tenMinutes,
  ],
  [
    'next ready->force->swap, in the middle of a response',
    [connect, ready, at(539_000, create('a')), startedFor('r1', 'a'), wakeAt(540_000), nextReady],
    [at(595_000, audio('r1')), wakeAt(597_000), letGo],
    [
      'emit audio',
      'swap',
      'cut_short item_a 480',
      'emit ended r1 incomplete',
      'ended r1 of reply_1/user',
      'promote',
      'replay',
      'relinked after 0 tries and 0 ms, 0 ms again',
    ],
    tenMinutes,
  ],
  [
    'next dialling->force->next ready->swap: one that is late is waited for',
    [connect, ready, at(539_000, create('a')), startedFor('r1', 'a'), wakeAt(540_000)],
    [at(590_000, audio('r1')), wakeAt(597_000), at(598_000, nextReady)],
    ['emit audio', 'swap'],
    tenMinutes,
  ],
  ['reconnect->dial next->ready->swap', [connect, ready], [reconnect, nextReady], ['dial next', 'swap']],
  ['reconnect twice->one other link', [connect, ready], [reconnect, reconnect], ['dial next']],
  [
    'reconnect during a response->its end->swap',
    [connect, ready, create('a'), startedFor('r1', 'a')],
    [reconnect, nextReady, at(5_000, ended('r1'))],
    ['dial next', 'emit ended r1 completed', 'ended r1 of reply_1/user', 'swap'],
  ],
  [
    'reconnect during a response that does not end->swap after ten seconds',
    [connect, ready, create('a'), startedFor('r1', 'a')],
    [reconnect, nextReady, wakeAt(9_999), wakeAt(10_000)],
    ['dial next', 'swap'],
  ],
  [
    'reconnect while one is made->nothing: it is another one already',
    [connect, ready, at(60_000, gone()), dialFailed()],
    [reconnect, wakeAt(62_000), wakeAt(72_000)],
    ['dial current'],
  ],
];

describe('roll-over', () => {
  test.each(rolls)('%s', (_, before, inputs, said, options) => {
    expect(run(before, inputs, options).said).toEqual(said);
  });

  test.each<[overlap: Capabilities['overlap'], resume: boolean, said: string]>([
    ['free', false, 'dial next'],
    ['free', true, 'dial next'],
    ['brief', false, 'dial next'],
    ['no-with-resume', false, 'dial next'],
    ['no-with-resume', true, 'swap'],
    ['never', false, 'swap'],
  ])('overlap %s, resume %s -> %s', (overlap, resume, said) => {
    expect(run([connect, ready], [reconnect], { capabilities: { overlap, resume } }).said).toEqual([said]);
  });

  test('break, then make: let go->dial current', () => {
    const { said } = run([connect, ready], [reconnect, letGo], { capabilities: { overlap: 'never' } });
    expect(said).toEqual(['swap', 'lost connection_lost, planned', 'dial current']);
  });

  test.each<[name: string, Bare[], ends: Bare[]]>([
    ['a response runs', [create('a'), startedFor('r1', 'a')], [ended('r1')]],
    ['a reply was asked for', [create('a')], [startedFor('r1', 'a'), ended('r1')]],
    ['the user speaks', [speech('start')], [speech('discarded')]],
    [
      'a turn was said and is not committed',
      [line(900, speech('start')), line(2_000, speech('stop'))],
      [speech('discarded')],
    ],
    ['an answer is due', [speech('start'), speech('stop'), committed()], [startedByTurn('r1'), ended('r1')]],
    [
      'a tool runs',
      [create('a'), startedFor('r1', 'a'), called('r1'), ended('r1')],
      [
        event({
          t: 'call',
          phase: 'withdrawn',
          response: 'r1',
          call: 'call_1',
          name: 'f',
          args: '',
          owner: 'us',
        }),
      ],
    ],
  ])('while %s no change is made; behind it, one is', (_, noise, ends) => {
    const during = run([connect, ready, ...noise], [reconnect, nextReady]);
    expect(during.said).toEqual(['dial next']);
    const after = run([connect, ready, ...noise, reconnect, nextReady], ends);
    expect(after.said.filter((name) => name === 'swap')).toEqual(['swap']);
  });
});

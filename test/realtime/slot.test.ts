import { describe, expect, test } from 'vitest';
import { pure } from '../../src/core/index.js';
import { nextDeadline } from '../../src/realtime/engine/deadlines.js';
import {
  type EngineEffect,
  type EngineInput,
  type EngineState,
  engineState,
} from '../../src/realtime/engine/state.js';
import { engineStep } from '../../src/realtime/engine/step.js';
import type { Capabilities, Command, Event } from '../../src/realtime/index.js';
import { fullCapabilities, serverVad } from './full-capabilities.js';

type Bare = EngineInput extends infer I
  ? I extends EngineInput
    ? Omit<I, 'atMs' | 'lineMs'> & { atMs?: number }
    : never
  : never;

const step = pure(engineStep);

const command = (command: Command): Bare => ({ t: 'command', command });
const event = (event: Event): Bare => ({ t: 'event', event });
const ready = event({ t: 'ready' });
const create = (cmd: string) => command({ t: 'reply', cmd });
const started = (response: string, cause: Extract<Event, { phase: 'started'; t: 'response' }>['cause']) =>
  event({ t: 'response', phase: 'started', response, cause, outOfBand: false });
const startedFor = (response: string, cmd: string) => started(response, { by: 'command', cmd });
const startedByTurn = (response: string, turn = 'turn_1') => started(response, { by: 'turn', turn });
const ended = (response: string, status: 'completed' | 'cancelled' | 'failed' = 'completed') =>
  event({ t: 'response', phase: 'ended', response, status, basis: 'wire' });
const committed = event({ t: 'committed', turn: 'turn_1', item: 'item_1', basis: 'wire' });
const active = (cmd: string) =>
  event({
    t: 'refused',
    cmd,
    code: 'conversation_already_has_active_response',
    message: 'busy',
    benign: true,
  });
const refused = (cmd: string) =>
  event({ t: 'refused', cmd, code: 'invalid_value', message: 'no', benign: false });
const speech = (edge: 'start' | 'stop') => event({ t: 'speech', edge, turn: 'turn_1', basis: 'wire' });
const interrupt: Bare = { t: 'interrupt' };
const cancel = (replyId: string): Bare => ({ t: 'cancel', replyId });
const ack = (cmd: string) => event({ t: 'ack', cmd, basis: 'wire' });
const wordless = event({ t: 'heard', turn: 'turn_1', text: '', how: 'final' });
const heard = (turn: string) => event({ t: 'heard', turn, text: '', how: 'failed' });
const gone: Bare = {
  t: 'gone',
  planned: false,
  failure: { code: 'connection_lost', message: 'cut', retryable: true },
  flight: [],
  random: 0,
  heard: {},
  instructions: '',
};
const wakeAt = (atMs: number): Bare => ({ t: 'wake', atMs, silentMs: 0 });

function run(
  inputs: Bare[],
  capabilities: Partial<Capabilities> = {},
  replyTimeoutMs = 1_000,
  before: Bare[] = [ready],
): { state: EngineState; said: string[] } {
  let state = engineState({ ...fullCapabilities, ...capabilities }, serverVad, { replyTimeoutMs });
  const said: string[] = [];
  for (const input of [...before, ...inputs]) {
    const [next, effects] = step(state, { atMs: 0, lineMs: 0, ...input } as EngineInput);
    state = next;
    if (!before.includes(input)) for (const effect of effects) said.push(name(effect));
  }
  return { state, said: said.filter((line) => line !== 'dead_air') };
}

function name(effect: EngineEffect): string {
  if (effect.t === 'note') return 'note';
  if (effect.t === 'send') {
    const { command } = effect;
    return `send ${command.t}${'cmd' in command ? ` ${command.cmd}` : ''}`;
  }
  if (effect.t === 'emit') {
    const { event } = effect;
    return event.t === 'response' ? `emit ${event.phase} ${event.response}` : `emit ${event.t}`;
  }
  if (effect.t !== 'notice') return effect.t;
  const { notice } = effect;
  if (notice.t === 'generation')
    return `${notice.phase} ${notice.response} of ${notice.reply.id}/${notice.reply.cause}`;
  if (notice.t === 'reply_failed') return `failed ${notice.reply.id} ${notice.code}`;
  if (notice.t === 'unanswered') return `unanswered ${notice.reply.turn}`;
  if (notice.t === 'input_dropped') return `dropped ${notice.droppedMs}`;
  if (notice.t === 'interrupted') return `interrupted by ${notice.by} -> ${notice.epoch}`;
  return notice.t;
}

const rows: [name: string, inputs: Bare[], slot: string, said: string[]][] = [
  ['free->create->asked', [create('a')], 'asked', ['send reply a']],
  [
    'asked->started->running',
    [create('a'), startedFor('r1', 'a')],
    'running',
    ['send reply a', 'emit started r1', 'created r1 of reply_1/user'],
  ],
  [
    'running->create->running, sent when free',
    [create('a'), startedFor('r1', 'a'), create('b'), ended('r1')],
    'asked',
    [
      'send reply a',
      'emit started r1',
      'created r1 of reply_1/user',
      'emit ended r1',
      'ended r1 of reply_1/user',
      'send reply b',
    ],
  ],
  ['free->committed->expected', [committed], 'expected', ['emit committed']],
  ['expected->create->expected, it waits', [committed, create('a')], 'expected', ['emit committed']],
  [
    'expected->started->running, the turn is answered',
    [committed, startedByTurn('r1')],
    'running',
    ['emit committed', 'emit started r1', 'created r1 of reply_1/turn'],
  ],
  [
    'asked->started(turn)->running, ours waits and is sent again',
    [create('a'), startedByTurn('r1'), active('a'), ended('r1')],
    'asked',
    [
      'send reply a',
      'emit started r1',
      'created r1 of reply_2/turn',
      'emit ended r1',
      'ended r1 of reply_2/turn',
      'send reply a.2',
    ],
  ],
  [
    'asked->refused(active)->expected->started->running->ended->asked',
    [create('a'), active('a'), startedByTurn('r1'), ended('r1')],
    'asked',
    [
      'send reply a',
      'emit started r1',
      'created r1 of reply_2/turn',
      'emit ended r1',
      'ended r1 of reply_2/turn',
      'send reply a.2',
    ],
  ],
  [
    'asked->refused->free, the next one is sent',
    [create('a'), create('b'), refused('a')],
    'asked',
    ['send reply a', 'failed reply_1 invalid_value', 'send reply b'],
  ],
  [
    'asked->started(wire)->running: without correlation the first one is adopted',
    [create('a'), started('r1', { by: 'wire' })],
    'running',
    ['send reply a', 'emit started r1', 'created r1 of reply_1/user'],
  ],
  [
    'asked->deadline->free, what still comes is stopped',
    [create('a'), wakeAt(1_000), startedFor('r1', 'a')],
    'ending',
    [
      'send reply a',
      'failed reply_1 reply_timeout',
      'emit started r1',
      'created r1 of reply_2/wire',
      'send stop stop_r1',
      'interrupted by us -> 1',
    ],
  ],
  [
    'asked->deadline->asked(next)->started(late one)->ending->ended->asked: the next one is in flight, and not sent twice',
    [create('a'), create('b'), wakeAt(1_000), startedFor('r1', 'a'), ended('r1', 'cancelled')],
    'asked',
    [
      'send reply a',
      'failed reply_1 reply_timeout',
      'send reply b',
      'emit started r1',
      'created r1 of reply_3/wire',
      'send stop stop_r1',
      'interrupted by us -> 1',
      'emit ended r1',
      'ended r1 of reply_3/wire',
    ],
  ],
  [
    'asked->started(turn)->running->ended->asked->started->running: the server took ours after all',
    [create('a'), startedByTurn('r1'), ended('r1'), ack('a'), startedFor('r2', 'a')],
    'running',
    [
      'send reply a',
      'emit started r1',
      'created r1 of reply_2/turn',
      'emit ended r1',
      'ended r1 of reply_2/turn',
      'emit ack',
      'emit started r2',
      'created r2 of reply_1/user',
    ],
  ],
  [
    'running->refused->running: one that waits in flight is told, the others stay',
    [create('a'), create('b'), startedByTurn('r1'), refused('a')],
    'running',
    ['send reply a', 'emit started r1', 'created r1 of reply_3/turn', 'failed reply_1 invalid_value'],
  ],
  [
    'expected->heard nothing->deadline->free: nobody is told of a failure',
    [committed, wordless, wakeAt(1_499), wakeAt(1_500)],
    'free',
    ['emit committed', 'emit heard', 'unanswered turn_1'],
  ],
  [
    'expected->heard nothing of another turn->expected',
    [committed, heard('turn_0'), wakeAt(1_500)],
    'free',
    ['emit committed', 'emit heard', 'failed reply_1 reply_timeout'],
  ],
  [
    'expected->interrupt->expected(unwanted)->started->ending',
    [committed, interrupt, startedByTurn('r1')],
    'ending',
    [
      'emit committed',
      'failed reply_1 superseded',
      'interrupted by us -> 1',
      'emit started r1',
      'created r1 of reply_1/turn',
      'send stop stop_r1',
      'interrupted by us -> 2',
    ],
  ],
  [
    'running->committed->interrupt->ending->ended->started(turn)->ending: the answer on its way is not wanted either',
    [create('a'), startedFor('r1', 'a'), committed, interrupt, ended('r1', 'cancelled'), startedByTurn('r2')],
    'ending',
    [
      'send reply a',
      'emit started r1',
      'created r1 of reply_1/user',
      'emit committed',
      'send stop stop_r1',
      'interrupted by us -> 1',
      'emit ended r1',
      'ended r1 of reply_1/user',
      'emit started r2',
      'created r2 of reply_3/turn',
      'send stop stop_r2',
      'interrupted by us -> 2',
    ],
  ],
  [
    'expected->interrupt->committed->expected: what the user says now is answered, by whichever answer comes',
    [
      committed,
      interrupt,
      event({ t: 'committed', turn: 'turn_2', item: 'item_2', basis: 'wire' }),
      startedByTurn('r1'),
    ],
    'running',
    [
      'emit committed',
      'failed reply_1 superseded',
      'interrupted by us -> 1',
      'emit committed',
      'emit started r1',
      'created r1 of reply_2/turn',
    ],
  ],
  [
    'ending->committed->ending->ended->expected: the new turn is answered, not the old one',
    [create('a'), startedFor('r1', 'a'), interrupt, committed, ended('r1', 'cancelled')],
    'expected',
    [
      'send reply a',
      'emit started r1',
      'created r1 of reply_1/user',
      'send stop stop_r1',
      'interrupted by us -> 1',
      'emit committed',
      'emit ended r1',
      'ended r1 of reply_1/user',
    ],
  ],
  [
    'ending->committed->heard nothing->ending->ended->free: nothing is owed to a turn without words',
    [create('a'), startedFor('r1', 'a'), interrupt, committed, wordless, ended('r1', 'cancelled')],
    'free',
    [
      'send reply a',
      'emit started r1',
      'created r1 of reply_1/user',
      'send stop stop_r1',
      'interrupted by us -> 1',
      'emit committed',
      'emit heard',
      'emit ended r1',
      'ended r1 of reply_1/user',
    ],
  ],
  [
    'waiting->cancel->forgotten, and no other',
    [create('a'), create('b'), create('c'), cancel('reply_2'), startedFor('r1', 'a'), ended('r1')],
    'asked',
    [
      'send reply a',
      'failed reply_2 superseded',
      'emit started r1',
      'created r1 of reply_1/user',
      'emit ended r1',
      'ended r1 of reply_1/user',
      'send reply c',
    ],
  ],
  [
    'running->cancel->ending, what waits goes on',
    [create('a'), startedFor('r1', 'a'), create('b'), cancel('reply_1'), ended('r1', 'cancelled')],
    'asked',
    [
      'send reply a',
      'emit started r1',
      'created r1 of reply_1/user',
      'send stop stop_r1',
      'interrupted by us -> 1',
      'emit ended r1',
      'ended r1 of reply_1/user',
      'send reply b',
    ],
  ],
  [
    'asked->stop->asked, stopped as soon as it begins',
    [create('a'), command({ t: 'stop', cmd: 's' }), startedFor('r1', 'a')],
    'ending',
    [
      'send reply a',
      'emit ack',
      'emit started r1',
      'created r1 of reply_1/user',
      'send stop stop_r1',
      'interrupted by us -> 1',
    ],
  ],
  [
    'running->nothing for a minute->free: a dead response is stopped and over',
    [create('a'), startedFor('r1', 'a'), wakeAt(59_999), wakeAt(60_000)],
    'free',
    [
      'send reply a',
      'emit started r1',
      'created r1 of reply_1/user',
      'send stop stop_r1',
      'emit ended r1',
      'ended r1 of reply_1/user',
    ],
  ],
  [
    'an out-of-band create that never begins fails; should it still begin, it is stopped',
    [
      command({ t: 'reply', cmd: 'x', outOfBand: true }),
      wakeAt(1_000),
      event({
        t: 'response',
        phase: 'started',
        response: 'r1',
        cause: { by: 'command', cmd: 'x' },
        outOfBand: true,
      }),
    ],
    'free',
    [
      'send reply x',
      'failed reply_1 reply_timeout',
      'emit started r1',
      'created r1 of reply_2/wire',
      'send stop stop_r1',
    ],
  ],
  [
    'answers to our own stops are nobody’s business',
    [create('a'), startedFor('r1', 'a'), interrupt, ack('stop_r1')],
    'ending',
    [
      'send reply a',
      'emit started r1',
      'created r1 of reply_1/user',
      'send stop stop_r1',
      'interrupted by us -> 1',
    ],
  ],
  [
    'expected->deadline->free',
    [committed, wakeAt(1_000)],
    'free',
    ['emit committed', 'failed reply_1 reply_timeout'],
  ],
  [
    'running->interrupt->ending->ended->free',
    [create('a'), startedFor('r1', 'a'), interrupt, ended('r1', 'cancelled')],
    'free',
    [
      'send reply a',
      'emit started r1',
      'created r1 of reply_1/user',
      'send stop stop_r1',
      'interrupted by us -> 1',
      'emit ended r1',
      'ended r1 of reply_1/user',
    ],
  ],
  [
    'running->speech+interrupt->ending: the server cuts by itself, no cancel is sent',
    [committed, startedByTurn('r1'), speech('start'), interrupt],
    'ending',
    [
      'emit committed',
      'emit started r1',
      'created r1 of reply_1/turn',
      'emit speech',
      'interrupted by us -> 1',
    ],
  ],
  [
    'ending->deadline->free',
    [create('a'), startedFor('r1', 'a'), interrupt, wakeAt(5_000)],
    'free',
    [
      'send reply a',
      'emit started r1',
      'created r1 of reply_1/user',
      'send stop stop_r1',
      'interrupted by us -> 1',
      'emit ended r1',
      'ended r1 of reply_1/user',
    ],
  ],
  [
    'asked->interrupt->asked(unwanted)->started->ending, and what waits is superseded',
    [create('a'), create('b'), interrupt, startedFor('r1', 'a')],
    'ending',
    [
      'send reply a',
      'failed reply_1 superseded',
      'failed reply_2 superseded',
      'interrupted by us -> 1',
      'emit started r1',
      'created r1 of reply_1/user',
      'send stop stop_r1',
      'interrupted by us -> 2',
    ],
  ],
  [
    'asked(unwanted)->refused->asked(next)',
    [create('a'), interrupt, create('b'), refused('a')],
    'asked',
    ['send reply a', 'failed reply_1 superseded', 'interrupted by us -> 1', 'send reply b'],
  ],
  [
    'running->interrupt of a response that began over speech->ending: the server’s cut has passed it by',
    [speech('start'), create('a'), startedFor('r1', 'a'), interrupt],
    'ending',
    [
      'emit speech',
      'send reply a',
      'emit started r1',
      'created r1 of reply_1/user',
      'send stop stop_r1',
      'interrupted by us -> 1',
    ],
  ],
  [
    'running->ended(cancelled by the server)->free raises the epoch',
    [committed, startedByTurn('r1'), ended('r1', 'cancelled')],
    'free',
    [
      'emit committed',
      'emit started r1',
      'created r1 of reply_1/turn',
      'interrupted by server -> 1',
      'emit ended r1',
      'ended r1 of reply_1/turn',
    ],
  ],
  ['free->ended twice->free changes nothing', [ended('r9')], 'free', ['note']],
];

describe('the slot', () => {
  test.each(rows)('%s', (_, inputs, slot, said) => {
    const result = run(inputs);
    expect(result.said).toEqual(said);
    expect(result.state.slot.is).toBe(slot);
  });

  test('running->audio->running; ending->audio->dropped', () => {
    const audio = event({ t: 'audio', response: 'r1', item: 'i1', part: 0, pcm: new Int16Array(1) });
    const before = run([create('a'), startedFor('r1', 'a'), audio]);
    expect(before.said.at(-1)).toBe('emit audio');
    const after = run([create('a'), startedFor('r1', 'a'), interrupt, audio]);
    expect(after.said.at(-1)).toBe('interrupted by us -> 1');
  });

  test('an out-of-band create passes a running response by', () => {
    const { state, said } = run([
      create('a'),
      startedFor('r1', 'a'),
      command({ t: 'reply', cmd: 'b', outOfBand: true }),
      event({
        t: 'response',
        phase: 'started',
        response: 'r2',
        cause: { by: 'command', cmd: 'b' },
        outOfBand: true,
      }),
      interrupt,
      event({ t: 'audio', response: 'r2', item: 'i2', part: 0, pcm: new Int16Array(1) }),
    ]);
    expect(said).toContain('send reply b');
    expect(said.at(-1)).toBe('emit audio');
    expect(state.slot).toMatchObject({ is: 'ending', response: 'r1' });
  });

  test('a turn without words is not waited for long', () => {
    const empty = event({ t: 'heard', item: 'item_1', text: '', how: 'final' });
    const { state } = run([committed, empty], {}, 10_000);
    expect(state.slot).toMatchObject({ is: 'expected', deadlineMs: 1_500 });
  });

  test('a wire that goes on by itself after tools: the slot expects, nothing is sent', () => {
    const call = event({
      t: 'call',
      phase: 'ready',
      response: 'r1',
      call: 'c1',
      name: 'f',
      args: '{}',
      owner: 'us',
    });
    const answer = command({
      t: 'answer',
      cmd: 'x',
      call: 'c1',
      name: 'f',
      output: '1',
      isError: false,
      more: false,
      then: 'speak',
    });
    const { state } = run([committed, startedByTurn('r1'), call, ended('r1'), answer], { toolReply: 'auto' });
    // The reply that called the tools goes on.
    expect(state.slot).toMatchObject({ is: 'expected', reply: { id: 'reply_1', cause: 'tools' } });
    const started = startedFor('r2', 'x');
    const after = run([committed, startedByTurn('r1'), call, ended('r1'), answer, started], {
      toolReply: 'auto',
    });
    expect(after.said.at(-1)).toBe('created r2 of reply_1/tools');
    // A turn that ends meanwhile comes after it.
    const both = run([committed, startedByTurn('r1'), call, ended('r1'), answer, committed], {
      toolReply: 'auto',
    });
    expect(both.state).toMatchObject({
      slot: { is: 'expected', reply: { id: 'reply_1' } },
      owed: [{ reply: { cause: 'turn' } }],
    });
    const twice = run([committed, startedByTurn('r1'), call, ended('r1'), answer, answer]);
    expect(twice.said.filter((line) => line.startsWith('send answer'))).toHaveLength(1);
    expect(twice.said.at(-1)).toBe('emit refused');
  });

  test('an answer that is refused: what was to follow it is not waited for', () => {
    const call = (id: string) =>
      event({ t: 'call', phase: 'ready', response: 'r1', call: id, name: 'f', args: '{}', owner: 'us' });
    const answer = (cmd: string, id: string) =>
      command({
        t: 'answer',
        cmd,
        call: id,
        name: 'f',
        output: '1',
        isError: false,
        more: false,
        then: 'speak',
      });
    const asked = [committed, startedByTurn('r1'), call('c1'), call('c2'), ended('r1')];
    const auto = { toolReply: 'auto' } as const;
    const one = run([...asked, answer('x', 'c1'), refused('x'), create('a')], auto);
    expect(one.said.slice(-4)).toEqual([
      'send answer x',
      'emit refused',
      'failed reply_1 invalid_value',
      'send reply a',
    ]);
    expect(one.state).toMatchObject({ slot: { is: 'asked' }, owed: [] });
    const owed = run([...asked, answer('x', 'c1'), answer('y', 'c2'), refused('y')], auto);
    expect(owed.state).toMatchObject({ slot: { is: 'expected', cmd: 'x' }, owed: [] });
    // Nobody wants it any more, and nobody is told twice.
    const unwanted = run([...asked, answer('x', 'c1'), interrupt, refused('x')], auto);
    expect(unwanted.state.slot.is).toBe('free');
    expect(unwanted.said.filter((line) => line.startsWith('failed'))).toEqual(['failed reply_1 superseded']);
  });

  test('what the wire cannot do is made up for, and says that only this side knows', () => {
    const cut = command({ t: 'item.cut', cmd: 'x', item: 'i1', part: 0, heardMs: 120, heardText: '' });
    const { said } = run([cut], { cut: 'none' });
    expect(said).toEqual(['absorb', 'emit ack', 'emit item']);
  });

  test('a server that is always busy is asked a few times, then the reply fails', () => {
    const inputs: Bare[] = [create('a'), active('a')];
    for (let round = 2; round <= 8; round++) {
      inputs.push(wakeAt(round * 1_500), active(`a.${round}`));
    }
    const { state, said } = run(inputs);
    expect(said.filter((line) => line.startsWith('send'))).toHaveLength(8);
    expect(said.at(-1)).toBe('failed reply_1 conversation_already_has_active_response');
    expect(state).toMatchObject({ slot: { is: 'free' }, waiting: [] });
  });

  test('a create that was sent again is answered under the id of its asker', () => {
    const inputs = [create('a'), active('a'), wakeAt(1_500), ack('a.2'), startedFor('r1', 'a.2')];
    const [, effects] = inputs
      .slice(0, -1)
      .reduce<[EngineState, EngineEffect[]]>(
        ([state], input) => step(state, { atMs: 0, ...input } as EngineInput),
        [run([]).state, []],
      );
    expect(effects).toMatchObject([{ t: 'emit', event: { t: 'ack', cmd: 'a' } }]);
    const { state } = run(inputs);
    expect(state.slot).toMatchObject({ is: 'running', reply: { id: 'reply_1' } });
  });

  test('another turn rule is in force once the server has confirmed it', () => {
    const byHand = command({ t: 'configure', cmd: 'c', patch: { turns: { owner: 'caller' } } });
    expect(run([byHand]).state).toMatchObject({ autoReply: true });
    expect(run([byHand, ack('c')]).state).toMatchObject({ autoReply: false, turnRules: {} });
    expect(run([byHand, refused('c')]).state).toMatchObject({ autoReply: true, turnRules: {} });
  });

  test.each([
    ['always', true],
    ['never', false],
    ['switchable', true],
  ] as const)('the server cuts by itself: %s', (autoCut, cuts) => {
    expect(run([], { autoCut }).state.autoCut).toBe(cuts);
  });

  describe('a create with a time of its own', () => {
    const limited = (cmd: string, timeoutMs: number, outOfBand = false): Bare => ({
      t: 'command',
      command: { t: 'reply', cmd, outOfBand },
      timeoutMs,
    });

    test('asked->its deadline->free; should it still begin, it is stopped', () => {
      const { state, said } = run([limited('a', 400), wakeAt(400)]);
      expect(said.at(-1)).toBe('failed reply_1 reply_timeout');
      expect(state).toMatchObject({ slot: { is: 'free' }, abandoned: ['a'] });
      expect(run([limited('a', 400), wakeAt(399)]).state.slot.is).toBe('asked');
      const late = run([limited('a', 400), wakeAt(400), startedFor('r1', 'a')]);
      expect(late.said).toContain('send stop stop_r1');
    });

    test('its time runs while it waits for another one, and the other one goes on', () => {
      const { state, said } = run([create('a'), startedFor('r1', 'a'), limited('b', 400), wakeAt(400)]);
      expect(said.at(-1)).toBe('failed reply_2 reply_timeout');
      expect(state).toMatchObject({ slot: { is: 'running', response: 'r1' }, waiting: [] });
    });

    test('it runs from the asking on, not from the sending', () => {
      const inputs = [create('a'), startedFor('r1', 'a'), limited('b', 400)];
      const { state } = run([...inputs, { ...ended('r1'), atMs: 300 }]);
      expect(state.slot).toMatchObject({ is: 'asked', deadlineMs: 400 });
      expect(nextDeadline(state)).toBe(400);
    });

    test('beside the conversation: the same, and the error names its time', () => {
      const [, effects] = step(run([limited('a', 400, true)]).state, {
        ...wakeAt(400),
        lineMs: 0,
      } as EngineInput);
      expect(effects).toMatchObject([
        { notice: { t: 'reply_failed', cmd: 'a', message: expect.stringContaining('within 400 ms') } },
      ]);
    });

    test('it runs on while there is no link', () => {
      const { state } = run([gone, limited('a', 400), limited('b', 500, true)]);
      expect(nextDeadline(state)).toBe(400);
      const { said } = run([
        gone,
        limited('a', 400),
        limited('b', 500, true),
        wakeAt(500),
        event({ t: 'ready' }),
      ]);
      expect(said.filter((line) => line.startsWith('failed'))).toEqual([
        'failed reply_1 reply_timeout',
        'failed reply_2 reply_timeout',
      ]);
      expect(said.filter((line) => line.startsWith('send reply'))).toEqual([]);
    });
  });

  test.each(['before the link', 'while there is none'])(
    'an out-of-band create %s is sent once, when it is ready',
    (when) => {
      const inputs = [command({ t: 'reply', cmd: 'a', outOfBand: true }), event({ t: 'ready' })];
      const said = when === 'before the link' ? run(inputs, {}, 1_000, []).said : run([gone, ...inputs]).said;
      expect(said.filter((line) => line === 'send reply a')).toHaveLength(1);
    },
  );

  test('audio of an out-of-band response that was stopped is never emitted', () => {
    const beside = event({
      t: 'response',
      phase: 'started',
      response: 'r1',
      cause: { by: 'command', cmd: 'a' },
      outOfBand: true,
    });
    const audio = event({ t: 'audio', response: 'r1', item: 'i1', part: 0, pcm: new Int16Array(1) });
    const asked = command({ t: 'reply', cmd: 'a', outOfBand: true });
    const stopped = command({ t: 'stop', cmd: 's', response: 'r1' });
    expect(run([asked, beside, audio]).said).toContain('emit audio');
    expect(run([asked, beside, stopped, audio]).said).not.toContain('emit audio');
    expect(run([asked, wakeAt(1_000), beside, audio]).said).not.toContain('emit audio');
  });

  test('nothing is kept of what is over', () => {
    const { state } = run([
      create('a'),
      active('a'),
      startedByTurn('r1'),
      ended('r1'),
      startedFor('r2', 'a.2'),
      interrupt,
      ack('stop_r2'),
      ended('r2', 'cancelled'),
    ]);
    expect(state).toMatchObject({
      slot: { is: 'free' },
      waiting: [],
      owed: [],
      responses: [],
      aside: {},
      abandoned: [],
      ownStops: [],
    });
  });
});

import { describe, expect, it } from 'vitest';
import {
  type BrainEffect,
  type BrainInput,
  type BrainState,
  brainStep,
  createBrain,
} from '../../src/cascade/brain/index.js';
import { cascadeDefaults } from '../../src/cascade/index.js';
import { countedIds, pure } from '../../src/core/index.js';
import type { Command, Config } from '../../src/realtime/index.js';
import { message } from './caller.js';

type Bare<T> = T extends unknown ? Omit<T, 'nowMs'> : never;

const open = (config: Partial<Config> = {}): Bare<BrainInput> =>
  command({
    t: 'open',
    config: { ...cascadeDefaults(), ...config },
    history: [],
  });
const command = (command: Exclude<Command, { t: 'audio' }>): Bare<BrainInput> => ({ in: 'command', command });
const audio = (endMs: number): Bare<BrainInput> => ({ in: 'audio', endMs });
const start = (atMs = 500): Bare<BrainInput> => ({ in: 'voice', edge: 'start', atMs });
const stop = (atMs = 900): Bare<BrainInput> => ({ in: 'voice', edge: 'stop', atMs });
const final = (text: string, item = 'item_1'): Bare<BrainInput> => ({
  in: 'words',
  item,
  how: 'final',
  text,
  words: [],
});
const reply = (cmd = 'r', more = {}) => command({ t: 'reply', cmd, ...more });
const written = (text = 'Yes.', response = 'resp_1'): Bare<BrainInput> => ({ in: 'written', response, text });
const thought = (
  reason: 'stop' | 'length' | 'filter' | 'calls' = 'stop',
  response = 'resp_1',
): Bare<BrainInput> => ({
  in: 'thought',
  response,
  reason,
  usage: null,
});
const clause = (text = 'Yes.'): Bare<BrainInput> => ({ in: 'clause', response: 'resp_1', text, words: [] });
const spoken = (ms = 100): Bare<BrainInput> => ({ in: 'spoken', response: 'resp_1', ms });
const silent: Bare<BrainInput> = { in: 'silent', response: 'resp_1' };
const cancel = command({ t: 'stop', cmd: 's' });
const hear = [audio(1000)];
const speaking = [open(), ...hear, start()];
const committed = [...speaking, stop()];
const thinking = [open(), reply()];
const talking = [...thinking, written(), clause(), spoken()];

/** `history -> input -> what the brain wants done` */
const rows: [string, Bare<BrainInput>[], Bare<BrainInput>, string[]][] = [
  ['new->reply->refused', [], reply(), ['refused illegal_command']],
  ['new->open->open', [], open(), ['tune', 'ready']],
  [
    'new->open(caller)->listening',
    [],
    open({ turns: { owner: 'caller' } }),
    ['tune', 'ready', 'listen item_1'],
  ],
  ['open->open->refused', [open()], open(), ['refused illegal_command']],
  ['open->close->closed', [open()], command({ t: 'close' }), ['closing', 'shut']],
  ['closed->reply->nothing', [open(), command({ t: 'close' })], reply(), []],
  ['open->audio->heard', [open()], audio(20), ['hear']],

  ['silent->start->speaking', [open(), ...hear], start(), ['speech start turn_1', 'listen item_1']],
  ['speaking->start->speaking', speaking, start(), []],
  ['silent->stop->silent', [open()], stop(), []],
  [
    'speaking->stop->committed',
    speaking,
    stop(),
    [
      'speech stop turn_1',
      'committed item_1',
      'put item_1',
      'tell added item_1',
      'tell done item_1',
      'commit item_1',
      'wake_at 15000',
    ],
  ],
  [
    'speaking->discard->silent',
    speaking,
    command({ t: 'activity', cmd: 'a', edge: 'discard' }),
    ['ack a', 'speech discarded turn_1', 'unlisten', 'forget_speech', 'cleared'],
  ],
  ['silent(caller)->start->silent', [open({ turns: { owner: 'caller' } }), ...hear], start(), []],
  [
    'committed->final->thinking',
    committed,
    final('hello'),
    ['transcript item_1', 'heard final', 'prepare resp_1', 'response started resp_1', 'think resp_1'],
  ],
  ['committed->empty final->free', committed, final(' '), ['transcript item_1', 'heard final']],
  [
    'committed->failed->free',
    committed,
    { in: 'words', item: 'item_1', how: 'failed', text: 'x' },
    ['heard failed'],
  ],
  ['committed->final of nothing known->committed', committed, final('hello', 'item_7'), []],
  [
    'committed->reply->awaiting words',
    committed,
    reply(),
    ['ack r', 'prepare resp_1', 'response started resp_1'],
  ],
  [
    'awaiting words->final->thinking, answered once',
    [...committed, reply()],
    final('hello'),
    ['transcript item_1', 'heard final', 'think resp_1'],
  ],
  [
    'awaiting words->item removed->thinking',
    [...committed, reply()],
    command({ t: 'item.remove', cmd: 'd', item: 'item_1' }),
    ['ack d', 'tell removed item_1', 'delete item_1', 'think resp_1'],
  ],
  [
    'committed+speaking->final->committed+speaking',
    [...committed, audio(2000), start(1800)],
    final('hello'),
    ['transcript item_1', 'heard final'],
  ],

  [
    'free->reply->thinking',
    [open()],
    reply(),
    ['ack r', 'prepare resp_1', 'response started resp_1', 'think resp_1', 'wake_at 60000'],
  ],
  ['thinking->reply->refused', thinking, reply('r2'), ['refused conversation_already_has_active_response']],
  [
    'thinking->reply(out of band)->beside',
    thinking,
    reply('r2', { outOfBand: true }),
    ['ack r2', 'prepare resp_2', 'response started resp_2', 'think resp_2'],
  ],
  ['free->stop->refused', [open()], cancel, ['refused response_cancel_not_active']],
  [
    'thinking->stop->free',
    thinking,
    cancel,
    ['ack s', 'release resp_1', 'response cancelled client_cancelled'],
  ],
  [
    'thinking->written->talking',
    thinking,
    written(),
    ['put item_1', 'tell added item_1', 'part started item_1', 'speak Yes.'],
  ],
  ['thinking->line break->thinking', thinking, written('\n'), []],
  ['talking->clause->talking', talking, clause(' No.'), ['said append', 'append  No.']],
  ['talking->spoken->talking', talking, spoken(), ['play item_1']],
  ['talking->thought->speaking out', talking, thought(), ['finish_speaking resp_1']],
  [
    'speaking out->silent->free',
    [...talking, thought()],
    silent,
    [
      'said final',
      'part done item_1',
      'status completed',
      'tell done item_1',
      'release resp_1',
      'response completed',
    ],
  ],
  ['talking->silent->talking', talking, silent, []],
  [
    'speaking out at the limit->silent->free',
    [...talking, thought('length')],
    silent,
    [
      'said final',
      'part done item_1',
      'status incomplete',
      'tell done item_1',
      'release resp_1',
      'response incomplete max_output_tokens',
    ],
  ],
  [
    'thinking->thought->free',
    thinking,
    thought('filter'),
    ['release resp_1', 'response incomplete content_filter'],
  ],
  [
    'talking->broken->free',
    talking,
    { in: 'broken', response: 'resp_1', code: 'tts_failed', message: 'x' },
    [
      'said final',
      'part done item_1',
      'status incomplete',
      'tell done item_1',
      'release resp_1',
      'response failed tts_failed',
    ],
  ],
  [
    'talking->start->cut',
    [...talking, ...hear],
    start(),
    [
      'speech start turn_1',
      'said final',
      'part done item_1',
      'status incomplete',
      'tell done item_1',
      'release resp_1',
      'response cancelled turn_detected',
      'listen item_2',
    ],
  ],
  ['cut->late text, audio and end->nothing', [...talking, cancel], spoken(), []],
  [
    'talking->item.cut->cut',
    talking,
    command({ t: 'item.cut', cmd: 'c', item: 'item_1', part: 0, heardMs: 50, heardText: '' }),
    [
      'ack c',
      'said final',
      'part done item_1',
      'status incomplete',
      'tell done item_1',
      'release resp_1',
      'response cancelled client_cancelled',
      'cut item_1',
      'tell cut item_1',
    ],
  ],
  [
    'thinking->called->thinking',
    thinking,
    { in: 'called', response: 'resp_1', call: 'k', name: 'f', args: '{}' },
    ['put item_1', 'tell added item_1', 'call args k', 'call ready k', 'put item_1', 'tell done item_1'],
  ],
  [
    'called->same id again->another id',
    [...thinking, { in: 'called', response: 'resp_1', call: 'k', name: 'f', args: '{}' }],
    { in: 'called', response: 'resp_1', call: 'k', name: 'f', args: '{}' },
    [
      'put item_2',
      'tell added item_2',
      'call args call_1',
      'call ready call_1',
      'put item_2',
      'tell done item_2',
    ],
  ],
  [
    'called->answer->answered',
    [...thinking, { in: 'called', response: 'resp_1', call: 'k', name: 'f', args: '{}' }],
    command({
      t: 'answer',
      cmd: 'a',
      call: 'k',
      name: 'f',
      output: '1',
      isError: false,
      more: false,
      then: 'speak',
    }),
    ['ack a', 'put item_2', 'tell added item_2', 'tell done item_2'],
  ],
  [
    'free->answer->refused',
    [open()],
    command({
      t: 'answer',
      cmd: 'a',
      call: 'k',
      name: 'f',
      output: '1',
      isError: false,
      more: false,
      then: 'speak',
    }),
    ['refused invalid_tool_call_id'],
  ],
  [
    'free->item.add->item',
    [open()],
    command({ t: 'item.add', cmd: 'i', item: message('user', 'hi', 'u') }),
    ['ack i', 'put u', 'tell added u', 'tell done u'],
  ],
];

function run(history: readonly Bare<BrainInput>[], input: Bare<BrainInput>): [BrainState, BrainEffect[]] {
  const step = pure(brainStep(countedIds()));
  let state = createBrain({ config: cascadeDefaults() });
  for (const before of history) [state] = step(state, { ...before, nowMs: 0 } as BrainInput);
  return step(state, { ...input, nowMs: 0 } as BrainInput);
}

describe('brain', () => {
  it.each(rows)('%s', (_name, history, input, expected) => {
    const [, effects] = run(history, input);
    expect(effects.map(tell)).toEqual(expected);
  });

  it('keeps plain JSON for a state', () => {
    for (const [, history, input] of rows) {
      const [state] = run(history, input);
      expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    }
  });

  it('costs one effect for audio that decides nothing', () => {
    const step = brainStep(countedIds());
    const state = createBrain({ config: cascadeDefaults() });
    const fx: BrainEffect[] = [];
    step(state, { ...open(), nowMs: 0 } as BrainInput, fx);
    fx.length = 0;
    for (let at = 20; at <= 2000; at += 20) step(state, { ...audio(at), nowMs: at } as BrainInput, fx);
    expect(fx).toHaveLength(100);
  });
});

function tell(effect: BrainEffect): string {
  switch (effect.fx) {
    case 'emit': {
      const { event } = effect;
      if (event.t === 'refused') return `refused ${event.code}`;
      if (event.t === 'ack') return `ack ${event.cmd}`;
      if (event.t === 'speech') return `speech ${event.edge} ${event.turn}`;
      if (event.t === 'committed') return `committed ${event.item}`;
      if (event.t === 'heard' || event.t === 'said') return `${event.t} ${event.how}`;
      if (event.t === 'part') return `part ${event.phase} ${event.item}`;
      if (event.t === 'call') return `call ${event.phase} ${event.call}`;
      if (event.t !== 'response') return event.t;
      if (event.phase !== 'ended') return `response ${event.phase} ${event.response}`;
      return `response ${event.status}${event.reason === undefined ? '' : ` ${event.reason}`}`;
    }
    case 'tell':
      return `tell ${effect.phase} ${effect.item}`;
    case 'put':
      return `put ${effect.item.id}`;
    case 'append':
      return `append ${effect.text}`;
    case 'status':
      return `status ${effect.status}`;
    case 'speak':
      return `speak ${effect.text}`;
    case 'wake_at':
      return `wake_at ${effect.atMs}`;
    default:
      return ['item', 'response'].reduce(
        (line, key) =>
          key in effect && line === effect.fx ? `${line} ${effect[key as keyof typeof effect]}` : line,
        effect.fx as string,
      );
  }
}

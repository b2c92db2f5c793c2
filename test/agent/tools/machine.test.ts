import { describe, expect, test } from 'vitest';
import {
  type AgentEffect,
  type AgentInput,
  type AgentMachineState,
  agentState,
} from '../../../src/agent/machine/state.js';
import { agentStep } from '../../../src/agent/machine/step.js';
import { type CallPlan, plainPlan } from '../../../src/agent/tools/machine/state.js';
import { pure } from '../../../src/core/index.js';

type Bare = AgentInput extends infer I
  ? I extends AgentInput
    ? Omit<I, 'atMs' | 'replying'> & { atMs?: number; replying?: boolean }
    : never
  : never;

const step = pure(agentStep);

interface Setup {
  toolReply?: 'auto' | 'asked';
  maxToolSteps?: number;
  interruptible?: boolean;
}

function run(inputs: readonly Bare[], setup: Setup = {}): { state: AgentMachineState; did: string[] } {
  let state = agentState({ interruptible: true, toolReply: 'asked', ...setup });
  const did: string[] = [];
  for (const input of inputs) {
    const [next, effects] = step(state, { atMs: 0, replying: false, ...input } as AgentInput);
    state = next;
    did.push(...effects.flatMap(word));
  }
  return { state, did };
}

/** What concerns tools; the rest is told elsewhere. */
function word(effect: AgentEffect): string[] {
  switch (effect.t) {
    case 'run_tool':
      return [`run ${effect.call}`];
    case 'release_tool':
      return [`release ${effect.call}`];
    case 'abort_tool':
      return [`abort ${effect.call} ${effect.why}`];
    case 'ask_approval':
      return [`ask ${effect.call} for ${effect.withinMs}`];
    case 'filler':
      return [`filler ${effect.said}`];
    case 'tell':
      return [`tell: ${effect.text}`];
    case 'tool_updated':
      return [`updated ${effect.call}: ${effect.message}`];
    case 'steps_exceeded':
      return [`exceeded after ${effect.steps}`];
    case 'answer': {
      const { call, output, isError, then, more } = effect;
      return [`answer ${call}${more ? ' (more)' : ''}, ${then}${isError ? ', error' : ''}: ${output}`];
    }
    case 'follow_up':
      return [`follow up ${effect.reply ?? 'anew'}${effect.tools ? '' : ' without tools'}`];
    case 'wake_tools':
      return [`wake ${effect.atMs ?? 'never'}`];
    default:
      return [];
  }
}

const created = (response = 'r1', reply = 'reply_1'): Bare => ({
  t: 'generation',
  phase: 'created',
  reply,
  response,
  aside: false,
  replying: true,
});
const ended = (response = 'r1', reply = 'reply_1', more: Partial<Bare> = {}): Bare =>
  ({
    t: 'generation',
    phase: 'ended',
    reply,
    response,
    outcome: 'completed',
    again: false,
    lost: false,
    ...more,
  }) as Bare;
const call = (plan: Partial<CallPlan> = {}, id = 'c1', response = 'r1', atMs = 0): Bare => ({
  t: 'call',
  response,
  call: id,
  name: 'f',
  args: '{}',
  plan: { ...plainPlan, key: 'f', ...plan },
  replying: true,
  atMs,
});
const done = (output = '1', id = 'c1', more: Partial<Bare> = {}): Bare =>
  ({ t: 'tool_done', call: id, output, isError: false, ...more }) as Bare;
const failed: Bare = { t: 'tool_done', call: 'c1', output: 'no', isError: true };
const update = (message: string, speak = true): Bare => ({ t: 'tool_update', call: 'c1', message, speak });
const asks: Bare = { t: 'tool_asks', call: 'c1' };
const approved = (yes: boolean, reason = ''): Bare => ({
  t: 'tool_approved',
  call: 'c1',
  approved: yes,
  reason,
});
const time = (atMs: number): Bare => ({ t: 'tool_time', atMs });
const told: Bare = { t: 'tool_told' };
const toldWhileReplying: Bare = { t: 'tool_told', replying: true };
const withdrawn: Bare = { t: 'withdrawn', call: 'c1' };
const speech = (edge: 'start' | 'stop', replying = false): Bare => ({
  t: 'speech',
  edge,
  turn: 'turn_1',
  voiceEndedMs: 0,
  replying,
});
const interrupt: Bare = { t: 'interrupt' };
const refresh = (atMs = 0, replying = false): Bare => ({ t: 'refresh', atMs, replying });
const over: Bare = { t: 'over' };
const lost = { outcome: 'incomplete', lost: true };

/** A call whose response is over. */
const asked = (plan: Partial<CallPlan> = {}) => [created(), call(plan), ended()];
/** A long-running one, answered. */
const placeheld = (plan: Partial<CallPlan> = {}) => [
  ...asked({ placeholder: 'wait', ...plan }),
  created('r2'),
  ended('r2'),
];
/** The user speaks to the agent's silence. */
const turn = [speech('start'), speech('stop')];

const begun = ['run c1'];
const goesOn = ['answer c1, speak: 1', 'follow up reply_1'];
const isPlaceheld = ['run c1', 'answer c1, speak: wait', 'follow up reply_1'];
const isDetached = [
  'run c1',
  "answer c1, wait: The tool 'f' is still at work. Its result follows later; do not call it again.",
];
const result = "tell: Result of the tool 'f' ({}): 1";
const cancelled =
  "answer c1, wait, error: The tool 'f' was stopped because the user interrupted. It has no result.";

const rows: [name: string, inputs: readonly Bare[], did: string[], setup?: Setup][] = [
  // running
  ['running->result->done', [...asked(), done()], [...begun, ...goesOn]],
  [
    'running->error->done',
    [...asked(), failed],
    [...begun, 'answer c1, speak, error: no', 'follow up reply_1'],
  ],
  [
    'running->result(silent)->done: nobody speaks of it',
    [...asked(), done('1', 'c1', { silent: true } as Partial<Bare>)],
    [...begun, 'answer c1, wait: 1'],
  ],
  [
    'running->timeout->done',
    [...asked({ timeoutMs: 500 }), time(500), done()],
    [
      'run c1',
      'wake 500',
      'abort c1 timeout',
      "answer c1, speak, error: The tool 'f' gave no result within 0.5 s and was stopped. Say so, and offer to try again.",
      'follow up reply_1',
    ],
  ],
  [
    'running->result->done: no deadline is left',
    [...asked({ timeoutMs: 500 }), done()],
    ['run c1', 'wake 500', ...goesOn, 'wake never'],
  ],
  [
    'running->turn(continue)->running->result: spoken of, there is room',
    [...asked(), ...turn, done()],
    [...begun, ...goesOn],
  ],
  [
    'running->turn(continue)->running->result: another reply runs -> it is told, and spoken of afterwards',
    [...asked(), ...turn, done('1', 'c1', { replying: true }), told, refresh(0, true), refresh()],
    [...begun, 'answer c1, wait: 1', 'follow up anew'],
  ],
  [
    'the same, and the model begins to speak once it knows: that is about it, too',
    [
      ...asked(),
      ...turn,
      done('1', 'c1', { replying: true }),
      toldWhileReplying,
      created('r2', 'reply_2'),
      ended('r2', 'reply_2'),
    ],
    [...begun, 'answer c1, wait: 1'],
  ],
  [
    'the same, but the model began before it knew',
    [
      ...asked(),
      ...turn,
      done('1', 'c1', { replying: true }),
      created('r2', 'reply_2'),
      ended('r2', 'reply_2'),
      told,
    ],
    [...begun, 'answer c1, wait: 1', 'follow up anew'],
  ],
  [
    'running->turn(late: keep)->result: told, and not spoken of',
    [...asked({ late: 'keep' }), ...turn, done()],
    [...begun, 'answer c1, wait: 1'],
  ],
  [
    'running->turn(late: drop)->result: only that there was one',
    [...asked({ late: 'drop' }), ...turn, done()],
    [
      ...begun,
      "answer c1, wait: The tool 'f' was done after the user had gone on to something else. Its result is not needed any more.",
    ],
  ],
  [
    'running->interrupt(cancel)->done',
    [...asked({ onInterrupt: 'cancel' }), interrupt, done()],
    [...begun, 'abort c1 interrupted', cancelled],
  ],
  [
    'running->turn(cancel)->done',
    [...asked({ onInterrupt: 'cancel' }), ...turn],
    [...begun, 'abort c1 interrupted', cancelled],
  ],
  [
    'running->turn(cancel), not interruptible -> running',
    [...asked({ onInterrupt: 'cancel' }), ...turn, done()],
    [...begun, ...goesOn],
    { interruptible: false },
  ],
  [
    'running->turn that a policy is sure of(cancel)->done',
    [...asked({ onInterrupt: 'cancel' }), ...turn, { t: 'turn_passed' }],
    [...begun, 'abort c1 interrupted', cancelled],
    { interruptible: false },
  ],
  [
    'running->interrupt(cancel) by whoever decides->done',
    [...asked({ onInterrupt: 'cancel' }), { t: 'take_floor', late: false }],
    [...begun, 'abort c1 interrupted', cancelled],
    { interruptible: false },
  ],
  [
    'cut->call(cancel)->done: it was asked for before the interruption was known',
    [created(), speech('start', true), call({ onInterrupt: 'cancel' }), ended()],
    [cancelled],
  ],
  [
    'running->turn(detach)->detached->result: as text, spoken of',
    [...asked({ onInterrupt: 'detach' }), ...turn, done(), told],
    [...isDetached, result, 'follow up anew'],
  ],
  [
    'running->turn(detach, late: keep)->detached->result: as text',
    [...asked({ onInterrupt: 'detach', late: 'keep' }), ...turn, done(), told],
    [...isDetached, result],
  ],
  [
    'running->interrupt(detach)->detached->result: the application wants nobody to speak',
    [...asked({ onInterrupt: 'detach' }), interrupt, done(), told],
    [...isDetached, result],
  ],
  ['running->withdrawn->done', [...asked(), withdrawn, done()], [...begun, 'abort c1 withdrawn']],
  [
    'running->lost->running->result: answered all the same',
    [created(), call(), ended('r1', 'reply_1', lost as Partial<Bare>), done()],
    [...begun, ...goesOn],
  ],
  [
    'running->close->done: nothing is told any more',
    [...asked({ timeoutMs: 500 }), over],
    ['run c1', 'wake 500', 'wake never'],
  ],
  ['running->approval: nobody asked', [...asked(), approved(true), done()], [...begun, ...goesOn]],
  // waiting for approval
  [
    'running->asks->approving->yes->running->result->done',
    [...asked({ timeoutMs: 900 }), asks, approved(true), done()],
    [
      'run c1',
      'wake 900',
      'ask c1 for 30000',
      'wake 30000',
      'release c1',
      'wake 900',
      ...goesOn,
      'wake never',
    ],
  ],
  [
    'approving->no->done, with the reason',
    [...asked(), asks, approved(false, 'too dear'), approved(true), done()],
    [
      ...begun,
      'ask c1 for 30000',
      'wake 30000',
      'abort c1 refused',
      "answer c1, speak, error: The call of 'f' was not approved: too dear. It was not run.",
      'follow up reply_1',
      'wake never',
    ],
  ],
  [
    'approving->timeout->done',
    [...asked({ approvalTimeoutMs: 100 }), asks, time(99), time(100), approved(true)],
    [
      ...begun,
      'ask c1 for 100',
      'wake 100',
      'wake 100',
      'abort c1 refused',
      "answer c1, speak, error: Nobody approved the call of 'f' in time. It was not run.",
      'follow up reply_1',
    ],
  ],
  [
    'approving->turn(cancel)->done',
    [...asked({ onInterrupt: 'cancel' }), asks, ...turn, approved(true)],
    [...begun, 'ask c1 for 30000', 'wake 30000', 'abort c1 interrupted', cancelled, 'wake never'],
  ],
  [
    'approving->turn(detach)->detached, approving->no: as text',
    [...asked({ onInterrupt: 'detach' }), asks, ...turn, approved(false), told],
    [
      'run c1',
      'ask c1 for 30000',
      'wake 30000',
      isDetached[1]!,
      'abort c1 refused',
      "tell: Error of the tool 'f' ({}): The call of 'f' was not approved. It was not run.",
      'wake never',
      'follow up anew',
    ],
  ],
  [
    'approving->turn(continue)->approving->yes->result',
    [...asked(), asks, ...turn, approved(true), done()],
    [...begun, 'ask c1 for 30000', 'wake 30000', 'release c1', 'wake never', ...goesOn],
  ],
  [
    'approving->withdrawn->done',
    [...asked(), asks, withdrawn, approved(true)],
    [...begun, 'ask c1 for 30000', 'wake 30000', 'abort c1 withdrawn', 'wake never'],
  ],
  [
    'approving->close->done',
    [...asked(), asks, over],
    [...begun, 'ask c1 for 30000', 'wake 30000', 'wake never'],
  ],
  // placeholder told
  [
    'running->placeholder->placeheld->result: as text, spoken of',
    [...placeheld(), done(), told],
    [...isPlaceheld, result, 'follow up anew'],
  ],
  [
    'placeheld->error: as text',
    [...placeheld(), failed, told],
    [...isPlaceheld, "tell: Error of the tool 'f' ({}): no", 'follow up anew'],
  ],
  [
    'placeheld->result(silent): as text',
    [...placeheld(), done('1', 'c1', { silent: true } as Partial<Bare>), told],
    [...isPlaceheld, result],
  ],
  [
    'placeheld->result while the user speaks: spoken of once the user has been answered',
    [...placeheld(), speech('start'), done(), told, speech('stop', true), refresh(0, true), refresh()],
    [...isPlaceheld, result, 'follow up anew'],
  ],
  [
    'placeheld->timeout: as text',
    [...placeheld({ timeoutMs: 700 }), time(700), done(), told],
    [
      'run c1',
      'wake 700',
      'answer c1, speak: wait',
      'follow up reply_1',
      'abort c1 timeout',
      "tell: Error of the tool 'f' ({}): The tool 'f' gave no result within 0.7 s and was stopped. Say so, and offer to try again.",
      'follow up anew',
    ],
  ],
  [
    'placeheld->turn(cancel)->placeheld: the model knows that it goes on',
    [...placeheld({ onInterrupt: 'cancel' }), ...turn, done(), told],
    [...isPlaceheld, result, 'follow up anew'],
  ],
  [
    'placeheld->turn(late: keep)->result: as text',
    [...placeheld({ late: 'keep' }), ...turn, done(), told],
    [...isPlaceheld, result],
  ],
  [
    'placeheld->turn(late: drop)->result: only that there was one',
    [...placeheld({ late: 'drop' }), ...turn, done(), told],
    [
      ...isPlaceheld,
      "tell: The tool 'f' was done after the user had gone on to something else. Its result is not needed any more.",
    ],
  ],
  ['placeheld->withdrawn->done', [...placeheld(), withdrawn, done()], [...isPlaceheld, 'abort c1 withdrawn']],
  [
    'placeheld->close->done',
    [...placeheld({ timeoutMs: 700 }), over],
    ['run c1', 'wake 700', 'answer c1, speak: wait', 'follow up reply_1', 'wake never'],
  ],
  [
    'running->placeholder->result before the response is over: the result is the answer',
    [created(), call({ placeholder: 'wait' }), done(), ended()],
    [...begun, ...goesOn],
  ],
  [
    'running->update->placeheld->update->result',
    [
      ...asked(),
      update('half'),
      created('r2'),
      ended('r2'),
      update('more'),
      told,
      update('less', false),
      told,
      done(),
      told,
    ],
    [
      'run c1',
      'updated c1: half',
      'answer c1, speak: half\n(The tool is still at work. Its result follows later; do not call it again.)',
      'follow up reply_1',
      'updated c1: more',
      "tell: News of the tool 'f' ({}), which is still at work: more",
      'follow up anew',
      'updated c1: less',
      "tell: News of the tool 'f' ({}), which is still at work: less",
      result,
      'follow up anew',
    ],
  ],
  // over
  [
    'done->result, update, approval, time: nothing',
    [...asked(), done(), done('2'), update('x'), approved(true), time(9), withdrawn],
    [...begun, ...goesOn],
  ],
  // beside others
  [
    'three in one response: all are answered in one go, then one follow-up',
    [
      created(),
      call({}, 'c1'),
      call({}, 'c2'),
      call({}, 'c3'),
      ended(),
      done('3', 'c3'),
      done('1'),
      done('2', 'c2'),
    ],
    [
      'run c1',
      'run c2',
      'run c3',
      'answer c1 (more), speak: 1',
      'answer c2 (more), speak: 2',
      'answer c3, speak: 3',
      'follow up reply_1',
    ],
  ],
  [
    'one of three is silent: the others are spoken of',
    [
      created(),
      call({}, 'c1'),
      call({}, 'c2'),
      ended(),
      done('1', 'c1', { silent: true } as Partial<Bare>),
      done('2', 'c2'),
    ],
    ['run c1', 'run c2', 'answer c1 (more), speak: 1', 'answer c2, speak: 2', 'follow up reply_1'],
  ],
  [
    'the same again (reject): told in words, not run',
    [created(), call({ onDuplicate: 'reject' }), call({ onDuplicate: 'reject' }, 'c2'), ended(), done()],
    [
      'run c1',
      'answer c1 (more), speak: 1',
      "answer c2, speak, error: The tool 'f' is at work already. Wait for its result; do not call it again.",
      'follow up reply_1',
    ],
  ],
  [
    'the same again (replace): the old one is stopped',
    [
      ...asked({ onDuplicate: 'replace' }),
      created('r2', 'reply_2'),
      call({ onDuplicate: 'replace' }, 'c2', 'r2'),
      ended('r2', 'reply_2'),
      done('2', 'c2'),
    ],
    [
      'run c1',
      'abort c1 replaced',
      "answer c1, wait, error: This call of 'f' was stopped: a newer one takes its place.",
      'run c2',
      'answer c2, speak: 2',
      'follow up reply_2',
    ],
  ],
  [
    'another thing (reject): both run',
    [created(), call({ onDuplicate: 'reject' }), call({ onDuplicate: 'reject', key: 'g' }, 'c2')],
    ['run c1', 'run c2'],
  ],
  [
    'more rounds than there may be: refused in words, answered without tools; and no further',
    [
      created(),
      call(),
      ended(),
      done(),
      created('r2'),
      call({}, 'c2', 'r2'),
      call({}, 'c3', 'r2'),
      ended('r2'),
      created('r3'),
      call({}, 'c4', 'r3'),
      ended('r3'),
    ],
    [
      'run c1',
      ...goesOn,
      'exceeded after 1',
      ...['c2 (more)', 'c3'].map(
        (id) =>
          `answer ${id}, speak, error: No more tools can be called for this answer: 1 rounds of them were. Answer with what you know.`,
      ),
      'follow up reply_1 without tools',
      'answer c4, wait, error: No more tools can be called for this answer: 2 rounds of them were. Answer with what you know.',
    ],
    { maxToolSteps: 1 },
  ],
  [
    'where the model goes on by itself it is not asked',
    [...asked(), done()],
    [...begun, 'answer c1, speak: 1'],
    { toolReply: 'auto' },
  ],
  [
    'but for what it was told as text it is',
    [...asked({ onInterrupt: 'detach' }), ...turn, done(), told],
    [...isDetached, result, 'follow up anew'],
    { toolReply: 'auto' },
  ],
];

describe('a call', () => {
  test.each(rows)('%s', (_, inputs, did, setup) => {
    expect(run(inputs, setup).did).toEqual(did);
  });

  test('nothing of any of them is kept once it is over', () => {
    for (const [name, inputs, , setup] of rows) {
      const { state } = run([...inputs, told, refresh(), over], setup);
      const { calls, background, owed, toolWakeMs } = state;
      expect({ name, calls, background, owed, toolWakeMs }).toEqual({
        name,
        calls: [],
        background: [],
        owed: 'nothing',
        toolWakeMs: null,
      });
    }
  });
});

const filler = { filler: { afterMs: 1_000, everyMs: 6_000, times: 2 } };

const fillers: [name: string, inputs: readonly Bare[], did: string[]][] = [
  [
    'silence->filler, and again; no more than it may',
    [...asked(filler), time(999), time(1_000), time(7_000), time(60_000), done()],
    ['run c1', 'wake 1000', 'wake 1000', 'filler 0', 'wake 7000', 'filler 1', ...goesOn],
  ],
  ['a result in time: none', [...asked(filler), done()], ['run c1', 'wake 1000', ...goesOn, 'wake never']],
  [
    'the user speaks: silence is counted from the end of that',
    [...asked(filler), speech('start'), { ...speech('stop'), atMs: 5_000 }, time(6_000)],
    ['run c1', 'wake 1000', 'wake never', 'wake 6000', 'filler 0', 'wake 12000'],
  ],
  [
    'another reply is on its way: silence is counted from its end',
    [...asked(filler), refresh(500, true), refresh(3_000), time(4_000)],
    ['run c1', 'wake 1000', 'wake never', 'wake 4000', 'filler 0', 'wake 10000'],
  ],
  ['a model that has its placeholder does not wait', placeheld(filler), isPlaceheld],
];

describe('silence', () => {
  test.each(fillers)('%s', (_, inputs, did) => {
    expect(run(inputs).did).toEqual(did);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Script, scriptedModel } from '../../src/cascade/index.js';
import type { Command, Config } from '../../src/realtime/index.js';
import { type Caller, call, message } from './caller.js';

type Action =
  | { do: 'speak'; ms: number }
  | { do: 'silence'; ms: number }
  | { do: 'wait'; ms: number }
  | { do: 'send'; command: Command }
  | { do: 'close' };

const item = fc.constantFrom(
  'item_1',
  'item_2',
  'item_3',
  'item_4',
  'mine',
  'nobody',
  '__proto__',
  'constructor',
);
const response = fc.option(fc.constantFrom('resp_1', 'resp_2', 'resp_9'), { nil: undefined });
const turns = fc.oneof(
  fc.constant<Config['turns']>({ owner: 'caller' }),
  fc.record({
    owner: fc.constant('wire' as const),
    kind: fc.constantFrom('server_vad' as const, 'semantic_vad' as const),
    autoReply: fc.boolean(),
    autoCut: fc.boolean(),
    silenceMs: fc.constantFrom(100, 300),
    idleTimeoutMs: fc.constantFrom(null, 700),
  }),
);
const output = fc.constantFrom('audio' as const, 'text' as const);
const cmd = '';

const command: fc.Arbitrary<Command> = fc.oneof(
  fc.record({
    t: fc.constant('configure' as const),
    cmd: fc.constant(cmd),
    patch: fc.oneof(
      turns.map((turns) => ({ turns })),
      output.map((output) => ({ output })),
      fc.constant({ voice: 'nobody' }),
      fc.constant({ transcription: null }),
    ),
  }),
  fc.record({
    t: fc.constant('activity' as const),
    cmd: fc.constant(cmd),
    edge: fc.constantFrom('start' as const, 'end' as const, 'flush' as const, 'discard' as const),
  }),
  fc.record({
    t: fc.constant('item.add' as const),
    cmd: fc.constant(cmd),
    item: fc.oneof(
      fc.constantFrom('', 'mine', '__proto__', 'constructor').map((id) => message('user', 'line three', id)),
      fc.constant({ kind: 'result' as const, id: '', call: 'call_1', output: 'ok' }),
    ),
    after: fc.option(item, { nil: null }),
  }),
  fc.record({ t: fc.constant('item.remove' as const), cmd: fc.constant(cmd), item }),
  fc.record({ t: fc.constant('item.fetch' as const), cmd: fc.constant(cmd), item }),
  fc.record({
    t: fc.constant('item.cut' as const),
    cmd: fc.constant(cmd),
    item,
    part: fc.constant(0),
    heardMs: fc.nat(600),
    heardText: fc.constant(''),
  }),
  fc.record({
    t: fc.constant('answer' as const),
    cmd: fc.constant(cmd),
    call: fc.constantFrom('call_1', 'call_2', '__proto__'),
    name: fc.constant('look'),
    output: fc.constant('{}'),
    isError: fc.boolean(),
    more: fc.boolean(),
    then: fc.constantFrom('speak' as const, 'wait' as const, 'auto' as const),
  }),
  fc.record({
    t: fc.constant('reply' as const),
    cmd: fc.constant(cmd),
    outOfBand: fc.boolean(),
    overrides: fc.oneof(
      fc.constant({}),
      output.map((output) => ({ output })),
    ),
  }),
  fc.record({
    t: fc.constant('say' as const),
    cmd: fc.constant(cmd),
    text: fc.constantFrom('Hi. Ho.', ''),
    cuttable: fc.boolean(),
  }),
  response.map((id): Command => ({ t: 'stop', cmd, ...(id === undefined ? {} : { response: id }) })),
);

const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constantFrom('speak' as const, 'silence' as const),
      ms: fc.constantFrom(20, 60, 140, 320),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.constantFrom(0, 50, 400, 2000) }),
  },
  { weight: 6, arbitrary: command.map((command): Action => ({ do: 'send', command })) },
);
const story = fc
  .tuple(fc.array(action, { minLength: 1, maxLength: 40 }), fc.boolean())
  .map(([actions, close]): Action[] =>
    close ? [...actions, { do: 'close' }, ...actions.slice(0, 3)] : actions,
  );

const script: Script = {
  turns: [
    {
      hears: 'line one',
      says: 'First, I speak. Then I go on.',
      calls: [{ name: 'look' }],
      thenSays: 'So it is.',
    },
    { hears: 'line two', says: 'Second.', faults: { transcriptionLateMs: 300 } },
    { hears: 'line three', says: 'Third.', faults: { response: 'failed' } },
    { hears: 'line four', says: 'Fourth.', faults: { transcription: 'failed' } },
    { hears: 'line five', calls: [{ name: 'look' }, { name: 'look' }], faults: { responseLateMs: 200 } },
  ],
  clausePauseMs: 150,
  voices: ['ann'],
};

async function play(actions: readonly Action[], config: Partial<Config>): Promise<Caller> {
  const caller = await call(scriptedModel(script, { inputRateHz: 16_000 }), config);
  let count = 0;
  for (const action of actions) {
    if (action.do === 'speak') await caller.speak(action.ms);
    else if (action.do === 'silence') await caller.silence(action.ms);
    else if (action.do === 'wait') await caller.settle(action.ms);
    else if (action.do === 'close') caller.link.send({ t: 'close' });
    else if (action.do === 'send') caller.link.send({ ...action.command, cmd: `cmd_${++count}` } as Command);
  }
  await caller.settle(60_000);
  return caller;
}

describe('any order of commands and audio', () => {
  it('gives a legal order of events, every command answered', async () => {
    await fc.assert(
      fc.asyncProperty(story, turns, async (actions, rule) => {
        const caller = await play(actions, { turns: rule });
        caller.end();
        const closed = actions.some(({ do: what }) => what === 'close');
        expect(caller.events.filter((event) => event.t === 'closing')).toHaveLength(closed ? 1 : 0);
        if (closed) expect(caller.clock.pending).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same events again for the same input at the same times', async () => {
    await fc.assert(
      fc.asyncProperty(story, async (actions) => {
        const [one, two] = [await play(actions, {}), await play(actions, {})];
        expect(two.events).toEqual(one.events);
      }),
      { numRuns: 30 },
    );
  });
});

import fc from 'fast-check';

/** Whom a change puts in charge: over the model that serves, over another one, or over one that cannot be had. */
export type Engine = 'same' | 'other' | 'dead' | 'never' | 'slow';

export type Action =
  | { do: 'speak'; ms: number }
  | { do: 'wait'; ms: number }
  | { do: 'interrupt' }
  | { do: 'ask' }
  | { do: 'type' }
  /** By `updateAgent`. */
  | { do: 'hand'; to: Engine; leave: 'finish' | 'cut'; carry: 'all' | 'messages' | 'none' }
  /** A task that ends `afterMs` later. */
  | { do: 'task'; to: Engine; afterMs: number; how: 'complete' | 'fail' }
  /** The connection that serves is lost. */
  | { do: 'break' }
  | { do: 'close' };

/** What a tool of a turn does. */
export type ToolKind =
  | 'fast'
  | 'slow'
  | 'failing'
  | 'hanging'
  | 'hands'
  | 'hands_far'
  | 'hands_nowhere'
  | 'tasks';

export interface Story {
  turns: { says?: string; calls?: { name: ToolKind }[]; thenSays?: string }[];
  actions: Action[];
  wordMs: number;
  clearAfterMs: number;
  greets: boolean;
}

const toolKind = fc.constantFrom<ToolKind>(
  'fast',
  'slow',
  'failing',
  'hanging',
  'hands',
  'hands_far',
  'hands_nowhere',
  'tasks',
);
const engine = fc.constantFrom<Engine>('same', 'same', 'other', 'other', 'slow', 'dead', 'never');
const says = fc.constantFrom(
  'Yes.',
  'One moment please.',
  'We open at nine. We close at five. On monday we do not.',
);

const turn: fc.Arbitrary<Story['turns'][number]> = fc.record(
  {
    says,
    calls: fc.array(fc.record({ name: toolKind }), { minLength: 1, maxLength: 3 }),
    thenSays: says,
  },
  { requiredKeys: [] },
);

const ms = fc.constantFrom(1, 20, 130, 400, 900, 2_000, 6_000);
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('speak' as const), ms: fc.constantFrom(240, 480, 960, 1_440) }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), ms }) },
  {
    weight: 2,
    arbitrary: fc.constantFrom<Action>({ do: 'interrupt' }, { do: 'ask' }, { do: 'ask' }, { do: 'type' }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('hand' as const),
      to: engine,
      leave: fc.constantFrom('finish' as const, 'cut' as const),
      carry: fc.constantFrom('all' as const, 'all' as const, 'messages' as const, 'none' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('task' as const),
      to: engine,
      afterMs: fc.constantFrom(0, 300, 3_000),
      how: fc.constantFrom('complete' as const, 'fail' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant<Action>({ do: 'break' }) },
);

const ending = fc.oneof(
  { weight: 4, arbitrary: fc.constant<Action[]>([]) },
  { weight: 1, arbitrary: fc.constant<Action[]>([{ do: 'close' }]) },
);

export const story: fc.Arbitrary<Story> = fc.record({
  turns: fc.array(turn, { minLength: 2, maxLength: 6 }),
  actions: fc
    .tuple(fc.array(action, { minLength: 3, maxLength: 14, size: '+1' }), ending)
    .map(([before, end]) => [...before, ...end]),
  wordMs: fc.constantFrom(60, 200),
  clearAfterMs: fc.constantFrom(0, 0, 60, 300),
  greets: fc.boolean(),
});

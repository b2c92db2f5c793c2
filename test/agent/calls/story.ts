import fc from 'fast-check';
import type { Script, ScriptTurn } from '../../../src/cascade/index.js';

/** What happens in a call, in its order. Everything that takes time goes on while the next thing happens. */
export type Action =
  | { do: 'speak'; ms: number }
  | { do: 'wait'; ms: number }
  | { do: 'interrupt' }
  | { do: 'ask'; times: number }
  | { do: 'type'; text: string }
  /** Stops the handle of an earlier `ask` or `type`, whatever has become of it. */
  | { do: 'drop'; handle: number }
  /** The model's connection breaks. */
  | { do: 'break' }
  | { do: 'hang up'; broken: boolean }
  | { do: 'close' };

/** The application acts in the middle of an event that it is told. */
export interface Reaction {
  to:
    | 'agent_state_changed'
    | 'user_state_changed'
    | 'speech_interrupted'
    | 'conversation_item_added'
    | 'tool_started';
  /** Counted from 0. */
  time: number;
  act: 'interrupt' | 'ask' | 'close' | 'throw';
}

/** A link that loses an event now and then. No wire may, but every wait has an end. */
export interface Loss {
  event: 'ack' | 'committed' | 'part done' | 'response started' | 'response ended' | 'said' | 'audio';
  /** Counted from 0. */
  time: number;
}

/** Everything about a call that is drawn. */
export interface Story {
  script: Script;
  actions: Action[];
  reactions: Reaction[];
  losses: Loss[];
  /** When the far end obeys a clear. */
  clearAfterMs: number | 'never';
  outputRateHz: 24_000 | 16_000;
  interruptible: boolean;
  transcribes: boolean;
  /** One way between session and model, so that what is asked and what happens cross each other. */
  latencyMs: number;
  /** The wire tells of speech which item it will be. */
  namesTurns: boolean;
  greets: boolean;
  leaves: 'at once' | 'late' | 'never' | 'throwing';
}

const words = ['nine', 'monday', 'open', 'close', 'the', 'clinic', 'is', 'we', 'at', 'yes'];

/** A few clauses of a few words; every clause ends a breath. */
const says = fc
  .array(fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 6 }), {
    minLength: 1,
    maxLength: 4,
  })
  .map((clauses) => clauses.map((clause) => `${clause.join(' ')}.`).join(' '));

const toolName = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('fast', 'slow', 'failing', 'nobody') },
  { weight: 1, arbitrary: fc.constant('endless') },
);

const turn: fc.Arbitrary<ScriptTurn> = fc.record(
  {
    hears: fc.constantFrom('when do you open', 'book me on monday', 'yes', 'and then'),
    says,
    calls: fc.array(fc.record({ name: toolName }), { minLength: 1, maxLength: 3 }),
    thenSays: says,
    faults: fc.record(
      {
        transcription: fc.constantFrom('failed' as const, 'empty' as const),
        transcriptionLateMs: fc.constantFrom(100, 700, 2_500),
        response: fc.constantFrom(
          'failed' as const,
          'mute' as const,
          'incomplete' as const,
          'silent' as const,
        ),
        responseLateMs: fc.constantFrom(100, 1_500),
      },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: ['hears'] },
);

const script: fc.Arbitrary<Script> = fc.record({
  turns: fc.array(turn, { minLength: 2, maxLength: 6, size: '+1' }),
  greeting: says,
  otherwise: fc.constantFrom('That is all.', 'I do not know. Ask again.'),
  audioMsPerWord: fc.constantFrom(80, 200),
  clausePauseMs: fc.constantFrom(0, 0, 90, 500),
  thinkMs: fc.constantFrom(0, 0, 150),
});

const wait = fc.record({
  do: fc.constant('wait' as const),
  ms: fc.constantFrom(0, 1, 17, 60, 130, 400, 900, 2_000),
});
const speak = fc.record({ do: fc.constant('speak' as const), ms: fc.constantFrom(30, 120, 300, 800) });

const ask = fc.record({ do: fc.constant('ask' as const), times: fc.integer({ min: 1, max: 3 }) });
const drop = fc.record({ do: fc.constant('drop' as const), handle: fc.nat(6) });
const interrupt = fc.constant<Action>({ do: 'interrupt' });

/** A whole turn, and whatever comes next falls near its end or the beginning of its answer. */
const turnTaken = fc
  .tuple(fc.constantFrom(120, 300, 800), fc.constantFrom(-60, 0, 7, 20, 60, 150, 400))
  .map(([ms, jitterMs]): Action[] => [
    { do: 'speak', ms },
    { do: 'wait', ms: ms + 360 + jitterMs },
  ]);

/** Somebody who cannot make up his mind. */
const flurry = fc
  .array(
    fc.oneof(
      interrupt,
      ask,
      drop,
      fc.constantFrom<Action>({ do: 'wait', ms: 0 }, { do: 'wait', ms: 20 }, { do: 'wait', ms: 110 }),
    ),
    { minLength: 3, maxLength: 7 },
  )
  .map((actions): Action[] => actions);

const some: fc.Arbitrary<Action[]> = fc.oneof(
  { weight: 5, arbitrary: turnTaken },
  { weight: 5, arbitrary: wait.map((one): Action[] => [one]) },
  { weight: 4, arbitrary: speak.map((one): Action[] => [one]) },
  { weight: 2, arbitrary: flurry },
  { weight: 2, arbitrary: interrupt.map((one): Action[] => [one]) },
  { weight: 3, arbitrary: ask.map((one): Action[] => [one]) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('yes', 'who').map((text): Action[] => [{ do: 'type', text }]),
  },
  { weight: 1, arbitrary: drop.map((one): Action[] => [one]) },
);

/** Most calls go on until nobody says anything any more. */
const ending: fc.Arbitrary<Action[]> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Action[]>([]) },
  { weight: 1, arbitrary: fc.constant<Action[]>([{ do: 'break' }]) },
  { weight: 1, arbitrary: fc.boolean().map((broken): Action[] => [{ do: 'hang up', broken }]) },
  { weight: 1, arbitrary: fc.constant<Action[]>([{ do: 'close' }]) },
);

const reaction: fc.Arbitrary<Reaction> = fc.record({
  to: fc.constantFrom(
    'agent_state_changed',
    'user_state_changed',
    'speech_interrupted',
    'conversation_item_added',
    'tool_started',
  ),
  time: fc.nat(4),
  act: fc.constantFrom('interrupt', 'interrupt', 'ask', 'ask', 'ask', 'ask', 'close', 'throw'),
});

const loss: fc.Arbitrary<Loss> = fc.record({
  event: fc.constantFrom(
    'ack',
    'committed',
    'part done',
    'response started',
    'response ended',
    'said',
    'audio',
  ),
  time: fc.nat(3),
});

const actions = fc
  .tuple(
    fc.array(some, { minLength: 3, maxLength: 14, size: '+1' }),
    ending,
    fc.array(some, { maxLength: 2 }),
  )
  .map(([before, end, after]) =>
    end.length === 0 ? before.flat() : [...before.flat(), ...end, ...after.flat()],
  );

export const story: fc.Arbitrary<Story> = fc.record({
  script,
  actions,
  reactions: fc.oneof(
    { weight: 1, arbitrary: fc.constant<Reaction[]>([]) },
    { weight: 1, arbitrary: fc.array(reaction, { minLength: 1, maxLength: 3 }) },
  ),
  losses: fc.constant([]),
  clearAfterMs: fc.constantFrom(0, 0, 0, 40, 200, 450, 'never' as const),
  outputRateHz: fc.constantFrom(24_000 as const, 24_000 as const, 16_000 as const),
  interruptible: fc.constantFrom(true, true, true, false),
  transcribes: fc.constantFrom(true, true, true, false),
  latencyMs: fc.constantFrom(0, 0, 5, 40, 130),
  namesTurns: fc.boolean(),
  greets: fc.boolean(),
  leaves: fc.constantFrom('at once', 'at once', 'late', 'never', 'throwing'),
});

/** The same over a link that loses events. */
export const lossyStory: fc.Arbitrary<Story> = fc
  .tuple(story, fc.array(loss, { minLength: 1, maxLength: 3 }))
  .map(([drawn, losses]) => ({ ...drawn, losses }));

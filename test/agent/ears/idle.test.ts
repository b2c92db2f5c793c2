import { describe, expect, test } from 'vitest';
import { type IdleInput, idleState, idleStep } from '../../../src/agent/ears/idle-machine.js';
import { AgentSession, type IdleOptions } from '../../../src/agent/index.js';
import { scriptedModel } from '../../../src/cascade/index.js';
import { pure } from '../../../src/core/index.js';
import { call } from './bench.js';

const quiet = { t: 'states', isAgentBusy: false, isUserSpeaking: false } as const;
const agent = { t: 'states', isAgentBusy: true, isUserSpeaking: false } as const;
const user = { t: 'states', isAgentBusy: false, isUserSpeaking: true } as const;
const wake = { t: 'wake' } as const;
type Bare = typeof quiet | typeof agent | typeof user | typeof wake;

function run(awayMs: number | null, promptsMs: number[], inputs: [number, Bare][]): string[] {
  const step = pure(idleStep);
  let state = idleState(awayMs, promptsMs);
  return inputs.flatMap(([atMs, input]) => {
    const [next, effects] = step(state, { ...input, atMs } as IdleInput);
    state = next;
    return effects.map((effect) =>
      effect.t === 'prompt'
        ? `prompt ${effect.step}`
        : effect.t === 'wake'
          ? `wake ${effect.atMs}`
          : effect.t,
    );
  });
}

describe('silence', () => {
  test.each<[string, number | null, number[], [number, Bare][], string[]]>([
    [
      'quiet->away',
      15_000,
      [],
      [
        [0, quiet],
        [15_000, wake],
      ],
      ['wake 15000', 'away', 'wake null'],
    ],
    [
      'away->nothing twice',
      15_000,
      [],
      [
        [0, quiet],
        [15_000, wake],
        [40_000, wake],
      ],
      ['wake 15000', 'away', 'wake null'],
    ],
    [
      'somebody speaks->it begins anew',
      15_000,
      [],
      [
        [0, quiet],
        [9_000, agent],
        [12_000, quiet],
        [20_000, user],
        [21_000, quiet],
      ],
      ['wake 15000', 'wake null', 'wake 27000', 'wake null', 'wake 36000'],
    ],
    [
      'quiet->prompt, answered by the agent->the next one, from its end',
      null,
      [5_000, 8_000],
      [
        [0, quiet],
        [5_000, wake],
        [5_100, agent],
        [7_000, quiet],
        [15_000, wake],
      ],
      ['wake 5000', 'prompt 0', 'wake 13000', 'wake null', 'wake 15000', 'prompt 1', 'wake null'],
    ],
    [
      'a prompt that comes to nothing->the next one all the same',
      null,
      [5_000, 8_000],
      [
        [0, quiet],
        [5_000, wake],
        [13_000, wake],
      ],
      ['wake 5000', 'prompt 0', 'wake 13000', 'prompt 1', 'wake null'],
    ],
    [
      'the user speaks->from the first one again',
      null,
      [5_000, 8_000],
      [
        [0, quiet],
        [5_000, wake],
        [6_000, user],
        [7_000, quiet],
        [12_000, wake],
      ],
      ['wake 5000', 'prompt 0', 'wake 13000', 'wake null', 'wake 12000', 'prompt 0', 'wake 20000'],
    ],
    [
      'prompts do not count as life',
      10_000,
      [5_000],
      [
        [0, quiet],
        [5_000, wake],
        [5_100, agent],
        [7_000, quiet],
        [10_000, wake],
      ],
      ['wake 5000', 'prompt 0', 'wake 10000', 'wake null', 'wake 10000', 'away', 'wake null'],
    ],
  ])('%s', (_, awayMs, promptsMs, inputs, told) => {
    expect(run(awayMs, promptsMs, inputs)).toEqual(told);
  });
});

describe('a caller who says nothing', () => {
  test('is away, and back with the first sound', async () => {
    const { clock, told, say, session, close } = await call(
      { turns: [{ hears: 'hello', says: 'Hello.' }] },
      { session: () => ({ userAwayTimeoutMs: 10_000 }) },
    );
    await clock.advance(9_900);
    expect(session.userState).toBe('listening');
    await clock.advance(200);
    expect(session.userState).toBe('away');
    await say(500, 2_500);
    expect(told('user_state_changed').map(({ to }) => to)).toEqual(['away', 'speaking', 'listening']);
    await close();
  });

  test('scenario 25: is asked, asked again, told goodbye; then the call is over', async () => {
    const { clock, told, texts, session } = await call(
      { turns: [], otherwise: 'Take your time.' },
      {
        session: () => ({
          idlePrompts: [
            { afterMs: 5_000, say: 'Are you still there?' },
            { afterMs: 5_000, instructions: 'Ask whether they need more time.' },
            { afterMs: 5_000, say: 'Goodbye then.', end: true },
          ],
        }),
      },
    );
    await clock.advance(30_000);
    expect(session.isClosed).toBe(true);
    expect(told('close')).toMatchObject([{ reason: 'the caller was silent' }]);
    expect(texts()[0]).toBe('assistant: Are you still there?');
    expect(texts()).toHaveLength(3);
    expect(texts().at(-1)).toBe('assistant: Goodbye then.');
    await clock.advance(10);
    expect(clock.pending).toBe(0);
  });

  test('comes back during the goodbye: the call goes on', async () => {
    const { clock, say, session, close } = await call(
      { turns: [{ hears: 'i am here', says: 'Good.' }] },
      {
        session: () => ({
          idlePrompts: [{ afterMs: 5_000, say: 'As nobody is there I say goodbye to you now.', end: true }],
        }),
      },
    );
    await clock.advance(5_600);
    await say(500, 2_500);
    expect(session.isClosed).toBe(false);
    await close();
  });

  test.each<[string, IdleOptions]>([
    ['no time', { userAwayTimeoutMs: 0 }],
    ['a prompt without words', { idlePrompts: [{ afterMs: 5 }] }],
    ['a prompt with both', { idlePrompts: [{ afterMs: 5, say: 'a', instructions: 'b' }] }],
    [
      'an end in the middle',
      {
        idlePrompts: [
          { afterMs: 5, end: true },
          { afterMs: 5, say: 'x' },
        ],
      },
    ],
  ])('%s -> option_invalid', (_, options) => {
    const make = () => new AgentSession({ llm: scriptedModel({ turns: [] }), ...options });
    expect(make).toThrow(expect.objectContaining({ code: 'option_invalid' }));
  });
});

import { describe, expect, test } from 'vitest';
import type { Command, Dialler, Event } from '../../src/realtime/index.js';
import { scene, wires } from './scenarios/scene.js';

interface Sabotage {
  command?(command: Command, count: number): Command[];
  event?(event: Event, count: number): Event[];
}

/** A model whose link does not do what links do. `count`: of this kind, from 0. */
function sabotaged({ command, event }: Sabotage): (model: Dialler) => Dialler {
  return (model) => ({
    provider: model.provider,
    model: model.model,
    capabilities: model.capabilities,
    defaults: model.defaults,
    async dial(context) {
      const link = await model.dial(context);
      const counts = new Map<string, number>();
      const next = (kind: string) => {
        const count = counts.get(kind) ?? 0;
        counts.set(kind, count + 1);
        return count;
      };
      return {
        send(one) {
          const sent = command === undefined ? [one] : command(one, next(one.t));
          for (const each of sent) link.send(each);
        },
        onEvent(listener) {
          link.onEvent((one) => {
            const told = event === undefined ? [one] : event(one, next(`event ${one.t}`));
            for (const each of told) listener(each);
          });
        },
      };
    },
  });
}

/** The judges of conversations must be able to find somebody guilty. */
describe.each(wires)('on the wire of %s, what is broken on purpose is found', (wire) => {
  test.each<[string, RegExp, Sabotage]>([
    [
      'a chunk of speech is lost',
      /^input not whole: utterance 0: missing/,
      { command: (one, count) => (one.t === 'audio' && count === 5 ? [] : [one]) },
    ],
    [
      'a chunk of speech comes twice',
      /^input not whole: utterance 0: .*twice/,
      { command: (one, count) => (one.t === 'audio' && count === 5 ? [one, one] : [one]) },
    ],
    [
      'the sound of a word comes twice',
      /^heard twice: a0w2/,
      { event: (one, count) => (one.t === 'audio' && count === 2 ? [one, one] : [one]) },
    ],
    [
      'the first answer has no sound',
      /^never answered: turn 0/,
      { event: (one, count) => (one.t === 'audio' && count < 6 ? [] : [one]) },
    ],
    [
      'the result of a tool is lost',
      /^no outcome: told 0 of \d+ calls of out-1-0/,
      { command: (one) => (one.t === 'answer' ? [] : [one]) },
    ],
    [
      'a response ends twice',
      /^illegal order: server link 1/,
      { event: (one) => (one.t === 'response' && one.phase === 'ended' ? [one, one] : [one]) },
    ],
  ])('%s', async (_, expected, sabotage) => {
    const one = scene(wire, {
      turns: [{}, { calls: ['fast'], thenSays: 4 }],
      wrap: sabotaged(sabotage),
      session: { replyTimeoutMs: 3_000, commandTimeoutMs: 3_000 },
    });
    const { caller } = one;
    for (const turn of [0, 1]) {
      await caller.speak(turn);
      await caller.until(() => caller.isAnswered(turn) && caller.isQuiet());
      await caller.pass(500);
    }
    const breaches = await one.end();
    expect(breaches.filter((breach) => expected.test(breach)).length).toBeGreaterThan(0);
  });
});

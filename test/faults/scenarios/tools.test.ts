import { describe, expect, test } from 'vitest';
import type { Call } from '../talker.js';
import { heardOf, scene, wires } from './scene.js';

/** Scenarios 17 and 18: the caller speaks around a tool. */
describe.each(wires)('on the wire of %s', (wire) => {
  test('17. an interruption in the sentence before the tool: no call is owed that was never made', async () => {
    const one = scene(wire, { turns: [{ says: 30, calls: ['fast'], thenSays: 6, kind: 'barge' }, {}] });
    const { caller } = one;
    await caller.speak(0);
    await caller.until(() => heardOf(one, 'a', 0).length > 2);
    await caller.speak(1);
    await caller.until(() => caller.isAnswered(1) && caller.isQuiet());
    const made = one.of('generation_call').length;
    const outcomes = one.history().filter((text) => text.startsWith('out-')).length;
    expect(outcomes).toBe(made);
    expect(heardOf(one, 'a', 1).length).toBe(6);
    const breaches = (await one.end()).filter((breach) => breach !== 'never answered: turn 0');
    expect(breaches).toEqual([]);
  });

  test.each([
    ['go on: its result is told, and the reply to it waits its turn', false],
    ['give up: the model is told so, and the call is over', true],
  ])('18. an interruption while the tool runs; the tool shall %s', async (_, givesUp) => {
    const one = scene(wire, { turns: [{ says: 2, calls: ['slow'], thenSays: 6 }, {}] });
    const { caller } = one;
    const calls: Call[] = [];
    caller.onCall = (call) => calls.push(call);
    await caller.speak(0);
    await caller.until(() => calls.length > 0);
    const [call] = calls;
    await caller.pass(300);
    await caller.speak(1);
    const { callId } = call!;
    const output = givesUp ? 'out-0-0 given up' : 'out-0-0';
    if (!givesUp) await caller.pass(1_000);
    const answered = caller.session.answer({ callId, name: 'slow', output, isError: givesUp });
    caller.track('answer', answered);
    await caller.pass(200);
    await answered;
    if (caller.session.capabilities.toolReply === 'asked') {
      const { replyId } = one.of('generation_created')[0]!;
      caller.track('go on', caller.session.generateReply({ continues: replyId }));
    }
    await caller.until(() => caller.isQuiet());
    const twice = caller.session.answer({ callId, name: 'slow', output }).catch((error: unknown) => error);
    await caller.pass(200);
    expect(await twice).toMatchObject({ code: 'provider_refused' });
    await one.end();
    const told = one.history().filter((text) => text.startsWith('out-0-0'));
    expect(told).toEqual([output]);
    expect(caller.unsettled.size).toBe(0);
  });
});

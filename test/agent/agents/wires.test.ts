import { describe, expect, test } from 'vitest';
import { Agent, AgentSession, AgentTask, tool } from '../../../src/agent/index.js';
import { energyVad, scriptedModel } from '../../../src/cascade/index.js';
import { countedIds } from '../../../src/core/index.js';
import { FakeClock, recordedModel } from '../../../src/testing/index.js';
import { MemoryTransport } from '../../../src/transports/memory/index.js';
import { geminiModel, openaiModel } from '../calls/models.js';
import { told } from './stand.js';

const parameters = { type: 'object', properties: {} };
const script = {
  turns: [
    {
      hears: 'my bill is wrong',
      says: 'One moment.',
      calls: [{ name: 'to_billing' }],
      thenSays: 'This is billing.',
    },
    { hears: 'my bill is wrong', says: 'Gladly.', calls: [{ name: 'save' }] },
  ],
  otherwise: 'What else?',
};
const voice = new Int16Array(600 * 16).map((_, i) => 8_000 * Math.sin(i / 20));

/** Behind our gateway, on the wire of a vendor, whose ways with tools and settings differ. */
async function call(via: 'openai' | 'gemini', inCharge: (session: AgentSession) => unknown) {
  const clock = new FakeClock();
  const errors: unknown[] = [];
  const served = { clock, latencyMs: 20, onError: (error: unknown) => errors.push(error) };
  const inner = scriptedModel(script, { inputRateHz: 16_000 });
  const model = recordedModel(
    via === 'openai' ? openaiModel(inner, served) : geminiModel(inner, served, true),
  );
  const session = new AgentSession({ llm: model, clock, ids: countedIds(), session: { vad: energyVad() } });
  session.on('error', (error) => errors.push(error));
  const transport = new MemoryTransport({ clock, openMic: true, inputSampleRateHz: 16_000 });
  const toBilling = tool({
    name: 'to_billing',
    description: '',
    parameters,
    execute: () => inCharge(session),
  });
  const desk = new Agent({ name: 'Desk', instructions: 'desk', tools: [toBilling] });
  const started = session.start({ agent: desk, transport });
  await clock.advance(200);
  await started;
  const say = async () => {
    void transport.say(voice);
    await clock.advance(12_000);
  };
  await say();
  return {
    session,
    model,
    errors,
    say,
    answers: () =>
      model.links.flat().filter((entry) => entry.dir === 'command' && entry.command.t === 'answer').length,
    async end() {
      const closed = session.close();
      await clock.advance(6_000);
      await closed;
      expect([errors, clock.pending]).toEqual([[], 0]);
      model.assertLegal();
    },
  };
}

describe.each(['openai', 'gemini'] as const)('over %s', (via) => {
  // A model that goes on by itself after its answers, and takes other instructions in an opening only, is opened anew.
  const stays = via === 'openai';

  test('a tool hands over: one answer, one voice', async () => {
    const { session, model, answers, end } = await call(
      via,
      () => new Agent({ name: 'Billing', instructions: 'bills' }),
    );
    expect(told(session)).toEqual([
      'user: my bill is wrong',
      'assistant: One moment.',
      'Desk -> Billing',
      'call to_billing',
      'result The conversation goes on with Billing.',
      stays ? 'assistant: This is billing.' : 'assistant: What else?',
    ]);
    expect([model.links.length, answers()]).toEqual(stays ? [1, 1] : [2, 0]);
    expect(session.realtime.instructions).toBe('bills');
    await end();
  });

  test('a tool waits for a task: the agent before goes on with its result', async () => {
    const task: AgentTask<string> = new AgentTask<string>({
      name: 'Order',
      instructions: 'task',
      onEnter: ({ session }) => void session.generateReply(),
      tools: [tool({ name: 'save', description: '', parameters, execute: () => task.complete('fine') })],
    });
    const { session, model, say, end } = await call(via, (session) => task.run(session));
    expect([session.currentAgent, session.agentState]).toEqual([task, 'listening']);
    await say();
    expect(told(session)).toEqual([
      'user: my bill is wrong',
      'assistant: One moment.',
      'Desk -> Order',
      'assistant: What else?',
      'user: my bill is wrong',
      'assistant: Gladly.',
      ...(stays
        ? ['call save', 'result null', 'Order -> Desk']
        : ['Order -> Desk', 'call save', 'result null']),
      'call to_billing',
      'result fine',
      'assistant: What else?',
    ]);
    expect([model.links.length, session.realtime.instructions]).toEqual([stays ? 1 : 3, 'desk']);
    await end();
  });
});

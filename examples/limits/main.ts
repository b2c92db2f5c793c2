// A call that keeps within its limits. It needs no key: the model is a script behind our own gateway, on OpenAI's wire, and is paid for
// by the list price. `node examples/dist/limits/main.js` has three turns, a goodbye and a clean end, prints what each cost and
// how long it took, and fails where something else comes out.
import assert from 'node:assert/strict';
import { Agent, AgentSession, type CallMetrics } from 'repartee';
import { scriptedModel } from 'repartee/cascade';
import { messageText } from 'repartee/chat';
import { createGateway } from 'repartee/gateway';
import { RealtimeModel } from 'repartee/openai';
import { MemoryTransport } from 'repartee/transports/memory';

const goodbye = 'That is all the time we have today. Goodbye!';
const script = {
  audioMsPerWord: 20,
  turns: [
    { hears: 'When do you open?', says: 'We open at nine.' },
    { hears: 'And close?', says: 'At five, and at four on Fridays.' },
    { hears: 'And on Sundays?', says: 'On Sundays we are closed.' },
  ],
  otherwise: goodbye,
};
const gateway = await createGateway({ model: scriptedModel(script) });

const session = new AgentSession({
  llm: new RealtimeModel({
    baseUrl: `${gateway.httpUrl}/v1`,
    apiKey: 'none',
    turnDetection: { type: 'server_vad', silenceDurationMs: 200 },
  }),
  limits: {
    maxTurns: 3,
    maxDurationMs: 60_000,
    maxCostUsd: 1,
    approachingAt: 0.6,
    goodbye: { instructions: 'The call has to end. Say goodbye in one sentence.' },
  },
});

const told: string[] = [];
const tell = (line: string) => {
  told.push(line);
  console.log(line);
};
session.on('limit_approaching', ({ limit, used, max }) => tell(`near: ${limit} ${used} of ${max}`));
session.on('limit_reached', ({ limit, used, max }) => tell(`reached: ${limit} ${used} of ${max}`));
session.on('close', ({ reason }) => tell(`closed: ${reason}`));
session.on('error', ({ code, message }) => tell(`${code}: ${message}`));
session.on('usage_updated', ({ costMicroUsd, totalTokens }) =>
  console.log(`so far: ${totalTokens} tokens, $${((costMicroUsd ?? Number.NaN) / 1_000_000).toFixed(6)}`),
);
session.on('metrics_collected', (metrics) => {
  if (metrics.type !== 'turn') return;
  const { commitMs, modelMs, playMs, leadSilenceMs } = metrics.waterfall;
  const stages = [commitMs, modelMs, playMs, leadSilenceMs].map((ms) => ms.toFixed(0)).join(' + ');
  console.log(`answered after ${metrics.voiceToVoiceMs.toFixed(0)} ms = ${stages}`);
});
const ended = new Promise<CallMetrics>((resolve) => session.on('call_metrics', resolve));

/** A voice, as far as the script's ears can tell. */
const voice = Int16Array.from({ length: 24_000 * 0.2 }, (_, i) => 8_000 * Math.sin(i / 20));
const transport = new MemoryTransport({ openMic: true });

try {
  await session.start({ agent: new Agent({ instructions: 'You are the desk of a shop.' }), transport });
  for (let turn = 0; turn < 3; turn++) {
    const answered = new Promise<void>((resolve) => {
      const off = session.on('agent_state_changed', ({ from }) => {
        if (from !== 'speaking') return;
        off();
        resolve();
      });
    });
    await transport.say(voice);
    await answered;
  }
  const metrics = await ended;
  assert.deepEqual(told.slice(0, 2), ['near: maxTurns 2 of 3', 'reached: maxTurns 3 of 3']);
  const last = session.history.items.at(-1);
  assert.ok(last?.kind === 'message' && messageText(last) === goodbye && last.heard === 'heard');
  assert.deepEqual([metrics.turns.count, metrics.turns.answered, metrics.tools.orphaned], [3, 3, 0]);
  const { costMicroUsd, models } = session.usage;
  assert.ok(costMicroUsd !== null && costMicroUsd > 0);
  assert.equal(models[0]?.price?.certainty, 'vendor');
  console.log(
    `The call cost $${(costMicroUsd / 1_000_000).toFixed(6)}, p95 ${metrics.voiceToVoiceMs.p95?.toFixed(0)} ms.`,
  );
} finally {
  await session.close();
  await gateway.close();
}
assert.equal(told.at(-1), 'closed: limit reached: maxTurns');
console.log('All as it should be.');

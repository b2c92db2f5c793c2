import { expect, it } from 'vitest';
import { Agent } from '../../../src/agent/index.js';
import { scriptedModel } from '../../../src/cascade/index.js';
import { callAgent } from '../../../src/testing/index.js';

it('tries', async () => {
  for (let k = 0; k < 4; k++) {
  const t = performance.now();
  const result = await callAgent(
    {
      name: 'try',
      steps: [
        { wait: { for: 'agent_stopped' } },
        { say: { text: 'When do you open on Thursday?' } },
        { overlapAt: { agentMs: 800 } },
        { say: { text: 'Sorry, I mean Friday.' } },
        { wait: { for: 'agent_started' } },
        { wait: { for: 'agent_stopped' } },
        { wait: { ms: 21000 } },
      ],
    },
    () => ({
      agent: new Agent({ instructions: 'x', onEnter: (a) => void a.session.generateReply() }),
      options: {
        llm: scriptedModel({
          greeting: 'Hello, this is the clinic.',
          turns: [
            { hears: 'when do you open on thursday', says: 'On Thursday we open at nine in the morning and close at five.' },
            { hears: 'sorry i mean friday', says: 'On Friday we open at ten.' },
          ],
        }),
      },
    }),
  );
  console.log(performance.now() - t);
  console.log(result.durationMs);
  expect(result.passed).toBe(true);
  }
});

import { Agent } from '../../src/agent/index.js';
import { scriptedModel } from '../../src/cascade/index.js';
import type { Callee } from '../../src/testing/index.js';

/** Somebody to be called by the tests: says hello, and the hours to whatever is asked. */
export default function desk(): Callee {
  const llm = scriptedModel({
    greeting: 'Hello.',
    turns: [{ hears: 'when do you open', says: 'We open at nine.' }],
  });
  const agent = new Agent({
    instructions: 'Be brief.',
    onEnter: ({ session }) => void session.generateReply(),
  });
  return { agent, options: { llm } };
}

import { expect, it } from 'vitest';
import { Conversation } from '../../src/agent/conversation.js';
import type { AgentEvents } from '../../src/agent/index.js';
import { countedIds } from '../../src/core/index.js';
import { FakeClock } from '../../src/testing/index.js';

it('settled->heard once more: the item stays final', () => {
  const captions: AgentEvents['agent_output_transcribed'][] = [];
  const conversation = new Conversation(new FakeClock(), countedIds(), (name, event) => {
    if (name === 'agent_output_transcribed') captions.push(event as AgentEvents['agent_output_transcribed']);
  });
  conversation.begun('item');
  conversation.said({
    responseId: 'response',
    itemId: 'item',
    part: 0,
    text: 'Good day to you.',
    how: 'append',
    stage: 'spoken',
  });
  conversation.heard('item', 990, 1000);
  conversation.settled('item', 'heard');
  conversation.heard('item', 1000, 1000);
  expect(captions.at(-1)).toMatchObject({ heard: 'Good day to you.', rest: '', isFinal: true });
});

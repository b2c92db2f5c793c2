import { describe, expect, it } from 'vitest';
import { Conversation } from '../../src/agent/conversation.js';
import type { AgentEvents } from '../../src/agent/index.js';
import { countedIds, Emitter } from '../../src/core/index.js';
import { FakeClock } from '../../src/testing/index.js';

const goodDay = {
  responseId: 'response',
  itemId: 'item',
  part: 0,
  text: 'Good day to you.',
  how: 'append',
  stage: 'spoken',
} as const;

it('settled->heard once more: the item stays final', () => {
  const captions: AgentEvents['agent_output_transcribed'][] = [];
  const told = new Emitter<AgentEvents>();
  told.on('agent_output_transcribed', (caption) => captions.push(caption));
  const conversation = new Conversation(new FakeClock(), countedIds(), told);
  conversation.begun('item');
  conversation.said(goodDay);
  conversation.heard('item', 990, 1000);
  conversation.settled('item', 'heard');
  conversation.heard('item', 1000, 1000);
  expect(captions.at(-1)).toMatchObject({ heard: 'Good day to you.', rest: '', isFinal: true });
});

it('unheard->position->untold: captions are put together from the first listener on', () => {
  const told = new Emitter<AgentEvents>();
  const conversation = new Conversation(new FakeClock(), countedIds(), told);
  conversation.begun('item');
  conversation.said(goodDay);
  conversation.heard('item', 500, 1000);
  const captions: AgentEvents['agent_output_transcribed'][] = [];
  told.on('agent_output_transcribed', (caption) => captions.push(caption));
  conversation.heard('item', 500, 1000);
  conversation.heard('item', 510, 1000);
  expect(captions).toEqual([
    { itemId: 'item', heard: 'Good day', rest: ' to you.', interrupted: false, isFinal: false },
  ]);
});

describe('the place of a turn', () => {
  const begin = () => {
    const told: string[] = [];
    const events = new Emitter<AgentEvents>();
    events.on('conversation_item_reserved', ({ itemId }) => told.push(`reserved ${itemId}`));
    events.on('conversation_item_released', ({ itemId }) => told.push(`released ${itemId}`));
    const conversation = new Conversation(new FakeClock(), countedIds(), events);
    return { conversation, told, ids: () => conversation.history.ids() };
  };

  it('is where it began, also when its item comes after what was said meanwhile', () => {
    const { conversation, ids } = begin();
    conversation.begun('a');
    conversation.speechStarted('t1', undefined);
    conversation.begun('b');
    conversation.committed('t1', 'u');
    conversation.begun('c');
    expect(ids()).toEqual(['a', 'u', 'b', 'c']);
  });

  it('is the first one where nothing was said before', () => {
    const { conversation, ids } = begin();
    conversation.speechStarted('t1', undefined);
    conversation.begun('a');
    conversation.committed('t1', 'u');
    expect(ids()).toEqual(['u', 'a']);
  });

  it('is kept from its first word on, and given up where it was no turn', () => {
    const { conversation, told, ids } = begin();
    conversation.speechStarted('t1', 'u1');
    conversation.speechStarted('t2', 'u2');
    conversation.speechDiscarded('t1');
    expect(ids()).toEqual(['u2']);
    expect(told).toEqual(['reserved u1', 'reserved u2', 'released u1']);
  });

  it('is handed on where the wire commits it by another name', () => {
    const { conversation, ids } = begin();
    conversation.speechStarted('t1', 'early');
    conversation.begun('a');
    conversation.committed('t1', 'late');
    expect(ids()).toEqual(['late', 'a']);
  });
});

import { describe, expect, it } from 'vitest';
import { scriptedModel } from '../../src/cascade/index.js';
import { call } from './caller.js';

const desk = scriptedModel({
  turns: [
    { hears: 'when are you open', says: 'We are open from nine to five. Anything else?' },
    {
      hears: 'book me in',
      says: 'One moment.',
      calls: [{ name: 'book', args: { day: 'monday' } }],
      thenSays: 'Booked for {result.day}.',
    },
  ],
});

describe('x', () => {
  it('turn', async () => {
    const caller = await call(desk);
    await caller.turn();
    console.log(caller.story().join('\n'));
    await caller.turn();
    console.log(caller.story().join('\n'));
    await caller.send('answer', {
      call: 'call_1',
      name: 'book',
      output: '{"day":"monday"}',
      isError: false,
      more: false,
      then: 'speak',
    });
    await caller.send('reply', {});
    console.log(caller.story().join('\n'));
    caller.end();
  });
});

import type { Command, Event } from '../contract.js';

/** What is told of a cut that the link cannot make: confirmed, and only this side knows. */
export function cutHere({ cmd, item: id, heardMs }: Extract<Command, { t: 'item.cut' }>): [Event, Event] {
  return [
    { t: 'ack', cmd, item: id, basis: 'sent' },
    {
      t: 'item',
      phase: 'cut',
      item: { kind: 'message', id, role: 'assistant', parts: [] },
      heardMs,
      basis: 'sent',
    },
  ];
}

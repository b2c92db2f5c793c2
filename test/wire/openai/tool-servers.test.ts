import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/realtime/index.js';
import { ClientBench, type Json, readTrace } from './client-harness.js';
import { ServerBench } from './server-bench.js';

/**
 * A vendor's server, our client's end, our server's end, a client: what the vendor says of its tool servers arrives as it was
 * said, and what the client answers goes back.
 */
function between() {
  const near = new ClientBench();
  const far = new ServerBench({ hostedTools: true });
  far.acks = false;
  let told = 0;
  /** Commands of the server's end go to the link; the link's events to the server's end. */
  const flow = () => {
    for (const command of far.commands.splice(0)) near.do(command);
    for (; told < near.events.length; told += 1) far.link(near.events[told] as Event);
    if (far.commands.length > 0) flow();
  };
  far.wake(0);
  flow();
  return { near, far, flow };
}

describe('hosted tools through both ends', () => {
  it('lists, approvals, calls and results are the same at the far end', () => {
    const { near, far, flow } = between();
    const said: Json[] = [];
    for (const line of readTrace('mcp')) {
      if (line.do?.t === 'reply') far.client({ type: 'response.create' });
      if (line.do?.t === 'approve') {
        far.client({
          type: 'conversation.item.create',
          item: {
            type: 'mcp_approval_response',
            id: 'item_1',
            approval_request_id: line.do.approval,
            approve: line.do.approve,
          },
        });
      }
      flow();
      const { s } = line;
      if (s === undefined) continue;
      const reply = near.frames.filter(({ type }) => type === 'response.create').at(-1);
      const event = asked(s, reply);
      if (!String(s.type).startsWith('session.')) said.push(event);
      near.serve(event);
      flow();
    }
    const heard = far.events.filter(({ type }) => !type.startsWith('session.'));
    expect(heard.filter(({ type }) => type === 'error')).toEqual([]);
    expect(heard.map(summary).sort()).toEqual(said.map(summary).sort());
    // In order, too, item by item.
    for (const id of ['mcpl_1', 'mcpl_2', 'mcpr_1', 'mcp_1', 'mcp_2']) {
      const about = (events: readonly object[]) =>
        events.filter((event) => JSON.stringify(event).includes(`"${id}"`)).map(summary);
      expect(about(heard.filter(ofItem))).toEqual(about(said.filter(ofItem)));
    }
    expect(near.frames.filter(({ type }) => type === 'conversation.item.create')).toMatchObject([
      { item: { type: 'mcp_approval_response', approval_request_id: 'mcpr_1', approve: true } },
    ]);
    near.checker.finish();
  });
});

/** The vendor repeats the metadata of the request. */
function asked(event: Json, reply: Json | undefined): Json {
  const { response } = event as { response?: Json };
  if (response === undefined) return event;
  const { metadata } = (reply?.response ?? {}) as Json;
  return { ...event, response: { ...response, metadata } };
}

/** A list's beginning may stand on either side of its item's. */
function ofItem(event: object): boolean {
  return !('response' in event) && (event as Json).type !== 'mcp_list_tools.in_progress';
}

/** What matters of an event, whoever numbers it. */
function summary(event: object): string {
  const { type, item, delta, arguments: args } = event as Json;
  const { status_details: _details, output, ...response } = ((event as Json).response ?? {}) as Json;
  const said = { item, delta, args, status: response.status, output };
  return `${String(type)} ${JSON.stringify(said, Object.keys(flat(said)).sort())}`;
}

/** Names of fields; an absent reason is `null` in one place and not there in another. */
function flat(value: unknown, into: Record<string, true> = {}): Record<string, true> {
  if (typeof value !== 'object' || value === null) return into;
  for (const [key, inner] of Object.entries(value)) {
    if (key !== 'reason') into[key] = true;
    flat(inner, into);
  }
  return into;
}

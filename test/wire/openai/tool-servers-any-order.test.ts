import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../../src/realtime/contract.js';
import { ServerBench } from './server-bench.js';

type Json = Record<string, unknown>;

function item(phase: 'added' | 'done', fields: Json & { id: string; type: string }): Event {
  return {
    t: 'item',
    phase,
    item: { kind: 'provider', id: fields.id, type: fields.type },
    basis: 'wire',
    raw: { type: `conversation.item.${phase}`, item: fields },
  };
}

const call = (over: Json = {}) => ({
  id: 'm1',
  type: 'mcp_call',
  server_label: 'docs',
  name: 'search',
  arguments: '{}',
  ...over,
});
const list = { id: 'l1', type: 'mcp_list_tools', server_label: 'docs', tools: [{ name: 'search' }, 7] };
const request = { ...call(), id: 'q1', type: 'mcp_approval_request' };
const told = (phase: 'args' | 'ready' | 'withdrawn', args: string): Event => ({
  t: 'call',
  phase,
  response: 'r1',
  item: 'm1',
  call: 'm1',
  name: 'search',
  args,
  owner: 'provider',
});

/** What a link tells of its vendor's tool servers, some of it not as the wire has it. */
const link = fc.constantFrom<Event>(
  { t: 'response', phase: 'started', response: 'r1', cause: { by: 'wire' }, outOfBand: false },
  { t: 'response', phase: 'ended', response: 'r1', status: 'completed', basis: 'wire' },
  item('added', call()),
  item('done', call({ output: 'x' })),
  item('done', call({ error: { type: 'http_error', code: 500, message: 'No.' } })),
  item('done', call({ error: { type: 'strange' }, output: 7, approval_request_id: 7 })),
  item('added', { id: 'm1', type: 'mcp_call' }),
  item('added', list),
  item('done', list),
  item('added', request),
  item('done', request),
  told('args', '{'),
  told('args', '}'),
  told('ready', '{}'),
  told('withdrawn', ''),
  { t: 'approval', approval: 'q1', server: 'docs', name: 'search', args: '{}' },
  { t: 'refused', code: 'mcp_list_tools_failed', message: 'No.', benign: false, raw: { item_id: 'l1' } },
  { t: 'refused', code: 'mcp_list_tools_failed', message: 'No.', benign: false, raw: 7 },
);

describe('tool servers of the model behind, in any order', () => {
  it('every event is as the official types have it, and each begins and ends once', () => {
    fc.assert(
      fc.property(fc.array(link, { maxLength: 40 }), (events) => {
        const bench = new ServerBench({ hostedTools: true }).opened();
        bench.link(...events, {
          t: 'response',
          phase: 'ended',
          response: 'r1',
          status: 'completed',
          basis: 'wire',
        });
        const count = (type: string) => bench.events.filter((event) => event.type === type).length;
        expect(count('response.output_item.done')).toBe(count('response.output_item.added'));
        const calls = bench.events.filter(
          (event) => event.type === 'response.output_item.added' && event.item.type === 'mcp_call',
        ).length;
        expect(count('response.mcp_call.in_progress')).toBe(count('response.mcp_call_arguments.done'));
        expect(count('response.mcp_call.in_progress')).toBeLessThanOrEqual(calls);
        expect(count('response.mcp_call.completed') + count('response.mcp_call.failed')).toBeLessThanOrEqual(
          count('response.mcp_call.in_progress'),
        );
        expect(count('mcp_list_tools.in_progress')).toBeLessThanOrEqual(1);
        expect(count('mcp_list_tools.completed') + count('mcp_list_tools.failed')).toBeLessThanOrEqual(1);
      }),
    );
  });
});

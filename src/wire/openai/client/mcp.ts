import type { Command } from '../../../realtime/contract.js';
import { addArguments, settleCall } from './calls.js';
import type { ClientCore } from './core.js';
import type { KnownItem } from './items.js';
import { type Fields, idOf, optionalId, optionalText, textOf } from './read.js';
import { responseOf } from './response-events.js';
import type { Running } from './responses.js';

/** Approvals that may be open at once; the oldest are forgotten. */
const maxApprovals = 256;

/**
 * Tools of servers that the vendor calls by itself. Their calls are told and never answered; the result stands in the raw form
 * of the item's end. What is ours is the answer to an approval.
 */
export function onMcpArgumentsDelta(core: ClientCore, event: Fields, name: string): void {
  const running = responseOf(core, event);
  if (running === null) return core.note(name, event);
  addArguments(core, running, event, textOf(event, 'delta'), 'provider');
}

/** The arguments are whole; with them the vendor's call begins. */
export function onMcpArgumentsDone(core: ClientCore, event: Fields, name: string): void {
  const running = responseOf(core, event);
  const known = running?.items.get(idOf(event, 'item_id'));
  if (running === null || known?.call === undefined) return core.note(name, event);
  known.call.args = textOf(event, 'arguments');
  settle(core, running, known, event);
}

/** The call began. It names no response, and is told with its arguments where these had come with the item. */
export function onMcpCallInProgress(core: ClientCore, event: Fields, name: string): void {
  const running = core.responses.holding(idOf(event, 'item_id'));
  const known = running?.items.get(idOf(event, 'item_id'));
  if (running === undefined || known === undefined) return core.note(name, event);
  settle(core, running, known, event);
}

export function onMcpCallFailed(core: ClientCore, event: Fields, name: string): void {
  const running = core.responses.holding(idOf(event, 'item_id'));
  const known = running?.items.get(idOf(event, 'item_id'));
  if (running === undefined || known?.call === undefined) return core.note(name, event);
  settle(core, running, known, event);
  if (known.call.state !== 'ready') return;
  known.call.state = 'withdrawn';
  core.emit({
    t: 'call',
    phase: 'withdrawn',
    response: running.id,
    item: known.id,
    call: known.call.id,
    name: known.call.name,
    args: '',
    owner: 'provider',
    raw: event,
  });
}

/** Its name comes with the item: before that there is nothing to tell. */
function settle(core: ClientCore, running: Running, known: KnownItem, raw: Fields): void {
  if (known.call?.name !== '') settleCall(core, running, known, true, raw);
}

/** A server whose tools cannot be listed: the session goes on without them. */
export function onMcpListFailed(core: ClientCore, event: Fields): void {
  const item = idOf(event, 'item_id');
  const label = core.toolServers?.get(item);
  const which = label === undefined ? 'A tool server' : `The tool server '${label}'`;
  const message = `${which} did not list its tools: the model goes on without them.`;
  core.emit({
    t: 'refused',
    code: 'mcp_list_tools_failed',
    message,
    param: 'tools',
    benign: false,
    raw: event,
  });
}

/** What an item of a tool server says beside being there. `done`: the item is whole. */
export function readMcpItem(core: ClientCore, item: Fields, done: boolean, raw: Fields): void {
  const id = optionalId(item, 'id');
  const server = optionalText(item, 'server_label') ?? '';
  if (id === undefined) return;
  if (item.type === 'mcp_list_tools') {
    core.toolServers ??= new Map();
    core.toolServers.set(id, server);
  }
  if (item.type !== 'mcp_approval_request' || !done || core.approvals?.has(id) === true) return;
  core.approvals ??= new Map();
  core.approvals.set(id, 'open');
  if (core.approvals.size > maxApprovals) core.approvals.delete(core.approvals.keys().next().value ?? '');
  core.emit({
    t: 'approval',
    approval: id,
    server,
    name: optionalText(item, 'name') ?? '',
    args: optionalText(item, 'arguments') ?? '',
    raw,
  });
}

/** The wire runs nothing by itself then: the next response does, whoever asks for it. */
export function answerApproval(
  core: ClientCore,
  { cmd, approval, approve, reason }: Extract<Command, { t: 'approve' }>,
): void {
  if (core.approvals?.get(approval) !== 'open') {
    const message = `No open approval ${approval}: answered, or of another connection.`;
    core.refuse(cmd, 'approval_not_open', message);
    return;
  }
  core.approvals.set(approval, 'answered');
  const id = core.ids('item');
  core.expect({ kind: 'create', cmd, eventId: cmd, key: id, shape: 'mcp_approval_response', approval });
  core.send({
    type: 'conversation.item.create',
    event_id: cmd,
    item: {
      type: 'mcp_approval_response',
      id,
      approval_request_id: approval,
      approve,
      ...(reason === undefined ? {} : { reason }),
    },
  });
}

import type { Cause, ResponseStatus } from '../../../realtime/contract.js';
import { usageFromWire } from '../convert/index.js';
import { closeItems, readCall } from './calls.js';
import type { ClientCore } from './core.js';
import { readMcpItem } from './mcp.js';
import type { Pending } from './pending.js';
import { asFields, type Fields, fieldsOf, idOf, optionalId, optionalText } from './read.js';
import { commandKey } from './reply.js';
import type { Running } from './responses.js';

export function onResponseCreated(core: ClientCore, event: Fields, name: string): void {
  const response = fieldsOf(event, 'response');
  const id = idOf(response, 'id');
  if (core.responses.get(id) !== undefined || core.responses.hasEnded(id)) return core.note(name, event);
  begin(core, id, response, event);
}

/** Also without `response.created` before it: an interruption can be that fast. */
export function onResponseDone(core: ClientCore, event: Fields, name: string): void {
  const response = fieldsOf(event, 'response');
  const id = idOf(response, 'id');
  if (core.responses.hasEnded(id)) return core.note(name, event);
  const running = core.responses.get(id) ?? begin(core, id, response, event);
  const details = asFields(response.status_details) ?? {};
  const error = asFields(details.error) ?? {};
  const status = statusOf(response.status);
  const said =
    typeof response.status === 'string' && response.status !== status ? response.status : undefined;
  const reason =
    optionalId(details, 'reason') ?? optionalId(error, 'code') ?? optionalId(error, 'type') ?? said;
  const message = optionalText(error, 'message');
  const usage = asFields(response.usage);
  const counts = usage === undefined ? undefined : usageFromWire(usage);

  // A server may tell a call only here.
  for (const item of Array.isArray(response.output) ? response.output.map(asFields) : []) {
    if (item?.type === 'function_call' || item?.type === 'mcp_call') readCall(core, running, item);
    if (item !== undefined) readMcpItem(core, item, true, event);
  }
  closeItems(core, running, status === 'completed', event);
  answerStops(core, id, status === 'cancelled', event);
  core.emit({
    t: 'response',
    phase: 'ended',
    response: id,
    status,
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message }),
    basis: 'wire',
    ...(counts === undefined ? {} : { usage: counts }),
    raw: event,
  });
  forget(core, running);
}

/** The response that an event names: under way, or begun by it; `null` when it is over, so that the event is late. */
export function responseOf(core: ClientCore, event: Fields): Running | null {
  return runningOf(core, idOf(event, 'response_id'), event);
}

/** The same, its id read. */
export function runningOf(core: ClientCore, id: string, event: Fields): Running | null {
  const running = core.responses.get(id);
  if (running !== undefined) return running;
  return core.responses.hasEnded(id) ? null : begin(core, id, undefined, event);
}

function begin(core: ClientCore, id: string, response: Fields | undefined, raw: Fields): Running {
  const metadata = asFields(response?.metadata);
  const named = metadata?.[commandKey];
  if (typeof named === 'string') core.metadataComesBack = true;
  const apart = response === undefined ? undefined : response.conversation_id === null;
  const reply =
    typeof named === 'string'
      ? core.pending.takeReply(named)
      : adopted(core, apart, response?.metadata === null);
  const { unanswered } = core.turns;
  const outOfBand =
    reply === undefined ? apart === true && unanswered === undefined : reply.outOfBand === true;

  let cause: Cause = { by: 'wire' };
  if (typeof reply?.cmd === 'string') cause = { by: 'command', cmd: reply.cmd };
  else if (unanswered !== undefined && !outOfBand) {
    cause = { by: 'turn', turn: unanswered.turn };
    core.turns.unanswered = undefined;
  }
  // The wire runs one at a time: the end of the one before was lost.
  const before = outOfBand ? undefined : core.responses.current;
  if (before !== undefined) endUnsaid(core, before, raw);

  const running = core.responses.start(id, outOfBand);
  core.ack(reply?.cmd, raw);
  core.emit({
    t: 'response',
    phase: 'started',
    response: id,
    cause,
    outOfBand,
    ...(response === undefined && reply?.metadata === undefined
      ? {}
      : { metadata: reply?.metadata ?? shown(metadata) }),
    raw,
  });
  return running;
}

/**
 * Where the server repeats no metadata: first asked, first answered; a turn committed before the request comes first, and any
 * turn where the server says that this response has none (`bare`), as OpenAI's does of those that it makes by itself.
 */
function adopted(core: ClientCore, apart: boolean | undefined, bare: boolean): Pending | undefined {
  if (core.metadataComesBack) return undefined;
  const { unanswered } = core.turns;
  const reply =
    core.pending.peek('reply', (entry) => apart === undefined || (entry.outOfBand === true) === apart) ??
    core.pending.peek('reply');
  if (reply === undefined) return undefined;
  const isOfTurn = unanswered !== undefined && (bare || unanswered.order < reply.order);
  if (isOfTurn && reply.outOfBand !== true) return undefined;
  core.pending.remove(reply);
  return reply;
}

function endUnsaid(core: ClientCore, running: Running, raw: Fields): void {
  closeItems(core, running, false, raw);
  answerStops(core, running.id, true, raw);
  core.emit({
    t: 'response',
    phase: 'ended',
    response: running.id,
    status: 'incomplete',
    reason: 'superseded',
    basis: 'inferred',
  });
  forget(core, running);
}

/** A cancel that came too late is told now; the server's own error about it then has nobody to go to. */
function answerStops(core: ClientCore, id: string, cancelled: boolean, raw: Fields): void {
  for (let stop = core.pending.take('stop', id); stop !== undefined; stop = core.pending.take('stop', id)) {
    if (stop.cmd === null) continue;
    if (cancelled) core.ack(stop.cmd, raw);
    else core.refuse(stop.cmd, 'response_cancel_not_active', 'The response had ended by itself.', true);
  }
}

function forget(core: ClientCore, running: Running): void {
  core.responses.end(running.id);
  core.flowing.forget();
  if (running.outOfBand) for (const item of running.items.keys()) core.items.delete(item);
}

function statusOf(value: unknown): ResponseStatus {
  switch (value) {
    case 'completed':
    case 'cancelled':
    case 'incomplete':
    case 'failed':
      return value;
    default:
      return 'incomplete';
  }
}

/** What the server shows, without our own pair. */
function shown(metadata: Fields | undefined): Record<string, string> | null {
  if (metadata === undefined) return null;
  const pairs: Record<string, string> = {};
  for (const [key, value] of Object.entries(metadata)) {
    if (key !== commandKey && typeof value === 'string') pairs[key] = value;
  }
  return Object.keys(pairs).length === 0 ? null : pairs;
}

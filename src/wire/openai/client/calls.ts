import type { ClientCore } from './core.js';
import type { Call, KnownItem } from './items.js';
import { type Fields, idOf, indexOf, optionalId, optionalText } from './read.js';
import type { Running } from './responses.js';

/** What an item of type `function_call` or `mcp_call` says, kept for when the call is complete. */
export function readCall(core: ClientCore, running: Running, item: Fields): KnownItem {
  const known = itemOf(core, running, idOf(item, 'id'));
  const call = callOf(known, optionalId(item, 'call_id'), item.type === 'mcp_call' ? 'provider' : 'us');
  if (call.name === '') call.name = optionalText(item, 'name') ?? '';
  call.args = optionalText(item, 'arguments') || call.args;
  return known;
}

/** An item of a response, known from now on. */
export function itemOf(core: ClientCore, running: Running, id: string): KnownItem {
  const { latest } = running;
  if (latest?.id === id) return latest;
  let known = running.items.get(id);
  if (known === undefined) {
    known = core.items.of(id);
    running.items.set(known.id, known);
  }
  running.latest = known;
  return known;
}

function callOf(known: KnownItem, id: string | undefined, owner: Call['owner'] = 'us'): Call {
  known.call ??= { id: id ?? known.id, name: '', args: '', state: 'open', told: false, owner };
  return known.call;
}

export function addArguments(
  core: ClientCore,
  running: Running,
  event: Fields,
  delta: string,
  owner: Call['owner'] = 'us',
): void {
  const known = itemOf(core, running, idOf(event, 'item_id'));
  known.index = indexOf(event, 'output_index');
  const call = callOf(known, optionalId(event, 'call_id'), owner);
  call.args += delta;
  if (delta === '' || call.name === '' || call.state !== 'open' || core.settledCalls.has(call.id)) return;
  call.told = true;
  core.emit({
    t: 'call',
    phase: 'args',
    response: running.id,
    item: known.id,
    call: call.id,
    name: call.name,
    args: delta,
    owner: call.owner,
    raw: event,
  });
}

/** The whole text; whether the call may run is told by its item's end. */
export function setArguments(core: ClientCore, running: Running, event: Fields, args: string): void {
  const known = itemOf(core, running, idOf(event, 'item_id'));
  const call = callOf(known, optionalId(event, 'call_id'));
  call.args = args;
  if (call.name === '') call.name = optionalText(event, 'name') ?? '';
}

/** A cut response leaves calls with half their arguments: those are never run. */
export function settleCall(
  core: ClientCore,
  running: Running,
  known: KnownItem,
  complete: boolean,
  raw: Fields,
): void {
  const { call } = known;
  if (call === undefined || call.state !== 'open') return;
  call.state = complete ? 'ready' : 'withdrawn';
  if ((!complete && !call.told) || core.settledCalls.has(call.id)) return;
  core.settledCalls.add(call.id);
  core.emit({
    t: 'call',
    phase: complete ? 'ready' : 'withdrawn',
    response: running.id,
    item: known.id,
    call: call.id,
    name: call.name,
    args: complete ? call.args : '',
    owner: call.owner,
    raw,
  });
}

/** Ends what a response left open. */
export function closeItems(core: ClientCore, running: Running, completed: boolean, raw: Fields): void {
  for (const known of running.items.values()) {
    for (const part of known.parts) {
      if (part.done) continue;
      part.done = true;
      core.emit({
        t: 'part',
        phase: 'done',
        response: running.id,
        item: known.id,
        index: known.index,
        part: part.index,
        kind: part.kind,
        raw,
      });
    }
    settleCall(core, running, known, completed, raw);
  }
}

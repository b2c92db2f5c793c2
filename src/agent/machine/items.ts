import { byId } from '../../core/index.js';
import { type Heard, isClearing, isUnplayed } from '../playout.js';
import type { AgentEffect, AgentInput, AgentMachineState } from './state.js';

/** The model begins a part of a message, or has said all of it. */
export function part(
  state: AgentMachineState,
  { phase, response: id, item: itemId, kind }: Extract<AgentInput, { t: 'part' }>,
  fx: AgentEffect[],
): void {
  const response = byId(state.responses, id);
  if (response === undefined || response.aside) return;
  const item = byId(state.items, itemId);
  if (phase === 'done') {
    if (item !== undefined) item.done = true;
  } else if (item !== undefined) {
    item.done = false;
  } else {
    const { cut } = response;
    const fresh = {
      part: 0,
      writtenMs: 0,
      heardMs: 0,
      done: false,
      coming: false,
      lost: false,
      settled: false,
    };
    state.items = state.items.concat({ id: itemId, response: id, kind, cut, ...fresh });
  }
  settleItems(state, fx);
}

/** Whether audio of the item is on its way to the line. */
export function coming(
  state: AgentMachineState,
  { item: id, is }: Extract<AgentInput, { t: 'coming' }>,
  fx: AgentEffect[],
): void {
  const item = byId(state.items, id);
  if (item === undefined) return;
  item.coming = is;
  settleItems(state, fx);
}

/** The response has said all that it will ever say. */
export function closeItems(state: AgentMachineState, response: string): void {
  for (const item of state.items) {
    if (item.response === response) item.done = true;
  }
}

/** The response was lost in the middle: what was being said of it has no end. */
export function loseItems(state: AgentMachineState, response: string): void {
  for (const item of state.items) {
    if (item.response !== response || (item.done && !item.coming) || item.kind === 'text') continue;
    item.cut = true;
    item.lost = true;
  }
}

/** What the caller is hearing. */
export function heard(state: AgentMachineState, parts: readonly Heard[], fx: AgentEffect[]): void {
  for (const { item: id, part, heardMs, writtenMs } of parts) {
    const item = byId(state.items, id);
    if (item !== undefined && item.part === part) item.heardMs = heardMs;
    fx.push({ t: 'heard', item: id, heardMs, writtenMs });
  }
  settleItems(state, fx);
}

/** A clear has cut these off. */
export function cutItems(state: AgentMachineState, cuts: readonly Heard[], fx: AgentEffect[]): void {
  const open = cuts.filter(({ item }) => byId(state.items, item)?.settled === false);
  for (const { item: id, part, heardMs, writtenMs } of open) {
    fx.push({ t: 'truncate', item: id, part, heardMs, writtenMs });
    const item = byId(state.items, id);
    if (item === undefined || item.settled) continue;
    item.settled = true;
    const wasHeard = heardMs > 0 || part > 0;
    fx.push({ t: 'settled', item: id, heard: wasHeard ? 'partly' : 'unheard' });
  }
  settleItems(state, fx);
}

/** Items of which it is known by now what was heard: all of it, or all that came before an interruption. */
export function settleItems(state: AgentMachineState, fx: AgentEffect[]): void {
  for (const item of state.items) {
    const { id } = item;
    if (item.settled || isUnplayed(state.playout, id)) continue;
    if (item.cut) {
      // The clear under way says how much it was.
      if (isClearing(state.playout)) continue;
      item.settled = true;
      const { kind, part, writtenMs, lost } = item;
      // Text is read as it comes, and cannot be cut.
      if (kind === 'audio' && !lost)
        fx.push({ t: 'truncate', item: id, part, heardMs: writtenMs, writtenMs });
      const heard = kind === 'text' ? 'heard' : writtenMs > 0 ? 'partly' : 'unheard';
      fx.push({ t: 'settled', item: id, heard });
    } else if (item.done && !item.coming) {
      item.settled = true;
      const heard = item.writtenMs > 0 || item.kind === 'text' ? 'heard' : 'unheard';
      fx.push({ t: 'settled', item: id, heard });
    }
  }
}

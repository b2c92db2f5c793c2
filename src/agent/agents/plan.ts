import { type Capabilities, type Config, type Patch, patchTo } from '../../realtime/index.js';
import type { Carry } from './handoff.js';

/** What two agents want of their models. */
export interface Change {
  before: Config;
  after: Config;
  isSameModel: boolean;
  capabilities: Capabilities;
  carry: Carry;
  /** A tool's call waits for the handoff, or for a task. */
  callIsOpen: boolean;
}

/** The session of the model stays and is told what differs; or another one takes its place. */
export type Plan = { t: 'stay'; patch: Patch } | { t: 'move' };

/**
 * How the model's side follows a change of agents. It stays where the wire takes all that differs at once. What it takes only with
 * another connection, or not at all, is had by another session, which is told what was said.
 */
export function planOf({ before, after, isSameModel, capabilities, carry, callIsOpen }: Change): Plan {
  const move: Plan = { t: 'move' };
  if (!isSameModel) return move;
  // That model would go on by itself, as the agent that it was; or wait for the answer and say nothing.
  if (callIsOpen && capabilities.toolReply === 'auto') return move;
  // What is taken away would take the call along, and nobody could answer it.
  if (callIsOpen && carry !== 'all') return move;
  if (carry !== 'all' && !(capabilities.remove && capabilities.history === 'any')) return move;
  const patch = patchTo(before, after, () => true) ?? {};
  const fields = Object.keys(patch) as (keyof Config)[];
  const isLive = (field: keyof Config) => capabilities.configure[field] === 'live';
  return fields.every(isLive) ? { t: 'stay', patch } : move;
}

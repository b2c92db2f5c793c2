import { byId } from '../../core/index.js';
import { allBut } from '../../core/none.js';
import type { AgentEffect, AgentInput, AgentMachineState } from './state.js';

/** A speech was asked for: it takes its place behind those of its priority, and begins when its turn has come. */
export function ask(
  state: AgentMachineState,
  { speech, own, priority, cuttable }: Extract<AgentInput, { t: 'ask' }>,
): void {
  const { waiting } = state;
  const place = waiting.findIndex((other) => other.priority < priority);
  state.waiting = waiting.toSpliced(place < 0 ? waiting.length : place, 0, { speech, own, priority });
  if (!cuttable) state.shielded = state.shielded.concat(speech);
}

/**
 * Lets the next one through. Those that the model speaks are let through one by one, for the sake of their order; the model
 * itself keeps them apart from its answers. Words of our own wait until the model is not saying anything.
 */
export function nextSpeech(state: AgentMachineState, fx: AgentEffect[]): void {
  const next = state.waiting[0];
  if (next === undefined || state.current !== null || (next.own && speaks(state))) return;
  state.waiting = state.waiting.slice(1);
  state.current = next.speech;
  fx.push({ t: 'begin_speech', speech: next.speech });
}

/** It has said all that it has to say, though not all of it was heard; or it never will. */
export function saidAll(state: AgentMachineState, speech: string): void {
  if (state.current === speech) state.current = null;
}

/** One that has not begun is not wanted any more. False: it has begun, or is none. */
export function forget(state: AgentMachineState, speech: string, fx: AgentEffect[]): boolean {
  const index = state.waiting.findIndex((other) => other.speech === speech);
  if (index < 0) return false;
  state.waiting = state.waiting.toSpliced(index, 1);
  done(state, speech, true, fx);
  return true;
}

/** All that have not begun, but for those that are shielded. False: there were none. */
export function forgetAll(state: AgentMachineState, force: boolean, fx: AgentEffect[]): boolean {
  let isNews = false;
  for (const { speech } of [...state.waiting]) {
    if (!force && isShielded(state, speech)) continue;
    isNews = forget(state, speech, fx);
  }
  return isNews;
}

/** The one that was let through, where nothing has come of it yet. */
export function forgetCurrent(state: AgentMachineState, fx: AgentEffect[]): void {
  const { current } = state;
  if (current !== null && byId(state.replies, current) === undefined) done(state, current, true, fx);
}

/** Only force may stop it. */
export function isShielded({ shielded }: AgentMachineState, speech: string): boolean {
  return shielded.length > 0 && shielded.includes(speech);
}

/** Nothing more comes of a reply. */
export function done(state: AgentMachineState, reply: string, interrupted: boolean, fx: AgentEffect[]): void {
  saidAll(state, reply);
  state.shielded = allBut(state.shielded, reply);
  fx.push({ t: 'reply_done', reply, interrupted });
}

/** A response of the conversation is under way. */
export function speaks(state: AgentMachineState): boolean {
  for (const { ended, aside, cut } of state.responses) {
    if (!ended && !aside && !cut) return true;
  }
  return false;
}

import { byId, type Ms } from '../../../core/index.js';
import { allBut } from '../../../core/none.js';
import type { AgentEffect, AgentMachineState, InterruptedBy, ResponseState } from '../../machine/state.js';
import * as words from '../words.js';
import { answerTools, owe } from './answers.js';
import { type AbortReason, type CallState, plainPlan, type ToolInput } from './state.js';

type InputOf<T extends ToolInput['t']> = Extract<ToolInput, { t: T }>;
type Timed<T extends ToolInput['t']> = InputOf<T> & { atMs: Ms };

/** The model asks for a tool. */
export function call(state: AgentMachineState, input: Timed<'call'>, fx: AgentEffect[]): void {
  const { response, call: id, name, args, plan = plainPlan, atMs } = input;
  const of = byId(state.responses, response) ?? unnamed(state, response);
  const replyId = of.reply;
  const steps = byId(state.replies, replyId)?.steps ?? 0;
  const isFirst = !state.calls.some((other) => other.response === response);
  const twin = plan.onDuplicate === 'allow' ? undefined : atWork(state, plan.key);
  const dueMs = plan.timeoutMs === null ? null : atMs + plan.timeoutMs;
  const one: CallState = {
    call: id,
    name,
    args,
    response,
    plan,
    work: 'running',
    late: of.cut,
    silent: false,
    dueMs,
  };
  state.calls = state.calls.concat(one);
  // running->call(replace)->over: the old one, before the new one begins
  if (twin !== undefined && plan.onDuplicate === 'replace') {
    twin.silent = true;
    stop(state, twin, 'replaced', words.replaced(name), fx);
  }
  if (steps >= state.maxToolSteps) {
    if (isFirst && steps === state.maxToolSteps) fx.push({ t: 'steps_exceeded', reply: replyId, steps });
    return settle(state, one, words.tooManySteps(steps), true, fx);
  }
  if (twin !== undefined && plan.onDuplicate === 'reject') {
    return settle(state, one, words.duplicate(name), true, fx);
  }
  // cut->call(cancel)->over: it was asked for before the interruption was known
  if (one.late && plan.onInterrupt === 'cancel') {
    one.silent = true;
    return settle(state, one, words.cancelled(name), true, fx);
  }
  fx.push({ t: 'run_tool', call: id, name, args });
  begin(state, one, fx);
}

/** A wire that names no response asks beside all of them. */
function unnamed(state: AgentMachineState, id: string): ResponseState {
  const beside = { id, reply: '', ended: true, aside: false, cut: false, own: false };
  state.responses = state.responses.concat(beside);
  return beside;
}

/** The tool has an outcome. Of a call that is over (withdrawn, stopped, timed out) nobody wants it any more. */
export function toolDone(state: AgentMachineState, input: InputOf<'tool_done'>, fx: AgentEffect[]): void {
  const one = find(state, input.call);
  if (one === undefined || one.work === 'over') return;
  if (input.silent === true) one.silent = true;
  const isUnwanted = one.late && one.plan.late === 'drop';
  if (isUnwanted) settle(state, one, words.outdated(one.name), false, fx);
  else settle(state, one, input.output, input.isError, fx);
}

/** The tool says how it stands: in place of the result, or, where the call is answered already, as text. */
export function toolUpdate(state: AgentMachineState, input: InputOf<'tool_update'>, fx: AgentEffect[]): void {
  const one = find(state, input.call);
  if (one === undefined || one.work === 'over') return;
  const { message, speak } = input;
  fx.push({ t: 'tool_updated', call: one.call, name: one.name, message });
  if (state.calls.includes(one)) {
    one.result = { output: words.progress(message), isError: false };
    const wasSilent = one.silent;
    one.silent ||= !speak;
    answerTools(state, one.response, fx);
    one.silent = wasSilent;
  } else {
    fx.push({ t: 'tell', call: one.call, text: words.update(one.name, one.args, message) });
    if (speak && !one.silent) owe(state);
  }
}

/** running->asks->approving */
export function toolAsks(
  state: AgentMachineState,
  { call: id, atMs }: Timed<'tool_asks'>,
  fx: AgentEffect[],
): void {
  const one = find(state, id);
  if (one?.work !== 'running') return;
  const withinMs = one.plan.approvalTimeoutMs;
  one.work = 'approving';
  one.dueMs = atMs + withinMs;
  fx.push({ t: 'ask_approval', call: id, name: one.name, args: one.args, withinMs });
}

/** approving->approved->running, or over */
export function toolApproved(
  state: AgentMachineState,
  input: Timed<'tool_approved'>,
  fx: AgentEffect[],
): void {
  const one = find(state, input.call);
  if (one?.work !== 'approving') return;
  const { approved, reason, atMs } = input;
  if (!approved) return stop(state, one, 'refused', words.refused(one.name, reason), fx);
  const { timeoutMs } = one.plan;
  one.work = 'running';
  one.dueMs = timeoutMs === null ? null : atMs + timeoutMs;
  fx.push({ t: 'release_tool', call: one.call });
}

/** Whatever was waited for too long is over. */
export function toolTime(state: AgentMachineState, atMs: Ms, fx: AgentEffect[]): void {
  state.toolWakeMs = null;
  const due = [...state.calls, ...state.background].filter(({ dueMs }) => dueMs !== null && dueMs <= atMs);
  for (const one of due) {
    if (one.work === 'approving') stop(state, one, 'refused', words.notApprovedInTime(one.name), fx);
    else stop(state, one, 'timeout', words.timedOut(one.name, one.plan.timeoutMs ?? 0), fx);
  }
}

/** The model took the call back: no answer is owed, and a late result finds nothing. */
export function withdraw(state: AgentMachineState, id: string, fx: AgentEffect[]): void {
  const one = find(state, id);
  if (one === undefined) return;
  state.calls = allBut(state.calls, one);
  state.background = allBut(state.background, one);
  if (one.work !== 'over') fx.push({ t: 'abort_tool', call: id, why: 'withdrawn' });
  answerTools(state, one.response, fx);
}

/** Somebody takes the floor while tools are at work. `reply`: of this one only. */
export function interruptCalls(
  state: AgentMachineState,
  by: InterruptedBy,
  fx: AgentEffect[],
  reply?: string,
): void {
  for (const one of [...state.calls, ...state.background]) {
    const response = byId(state.responses, one.response);
    if (response?.aside === true || (reply !== undefined && response?.reply !== reply)) continue;
    if (by === 'application' && one.parked === undefined) one.silent = true;
    goneOn(state, one, fx);
  }
}

/** The user has said something else while tools are at work. */
export function turnPassed(state: AgentMachineState, fx: AgentEffect[]): void {
  for (const one of [...state.calls, ...state.background]) goneOn(state, one, fx);
}

function goneOn(state: AgentMachineState, one: CallState, fx: AgentEffect[]): void {
  if (one.parked !== undefined) return;
  one.late = true;
  if (one.work === 'over' || one.result !== undefined) return;
  if (one.plan.onInterrupt === 'cancel') {
    // Whoever interrupted is answered; that is enough.
    one.silent = true;
    stop(state, one, 'interrupted', words.cancelled(one.name), fx);
  } else if (one.plan.onInterrupt === 'detach') {
    one.result = { output: words.detached(one.name), isError: false };
    answerTools(state, one.response, fx);
  }
}

/** Where the tool takes long, the model need not wait for it. */
function begin(state: AgentMachineState, one: CallState, fx: AgentEffect[]): void {
  const { placeholder } = one.plan;
  if (placeholder === null) return;
  one.result = { output: placeholder, isError: false };
  answerTools(state, one.response, fx);
}

function stop(
  state: AgentMachineState,
  one: CallState,
  why: AbortReason,
  text: string,
  fx: AgentEffect[],
): void {
  fx.push({ t: 'abort_tool', call: one.call, why });
  settle(state, one, text, true, fx);
}

/** The tool is over: its call can be answered, or, where it is already, the model is told as text. */
function settle(
  state: AgentMachineState,
  one: CallState,
  output: string,
  isError: boolean,
  fx: AgentEffect[],
): void {
  one.work = 'over';
  one.dueMs = null;
  if (!state.background.includes(one)) {
    one.result = { output, isError };
    return answerTools(state, one.response, fx);
  }
  state.background = allBut(state.background, one);
  const { call, name, args, plan, late, silent } = one;
  const isDropped = late && plan.late === 'drop';
  fx.push({ t: 'tell', call, text: isDropped ? output : words.result(name, args, output, isError) });
  if (!silent && (!late || plan.late === 'speak')) owe(state);
}

function find(state: AgentMachineState, id: string): CallState | undefined {
  const isIt = (one: CallState) => one.call === id;
  return state.calls.find(isIt) ?? state.background.find(isIt);
}

function atWork(state: AgentMachineState, key: string): CallState | undefined {
  const isIt = ({ plan, work }: CallState) => plan.key === key && work !== 'over';
  return state.calls.find(isIt) ?? state.background.find(isIt);
}

import type { Ms } from '../../core/index.js';

// What the model is told in words. Each says what happened and what to do about it, and nothing of this side's insides.

export const timedOut = (name: string, ms: Ms): string =>
  `The tool '${name}' gave no result within ${seconds(ms)} and was stopped. Say so, and offer to try again.`;

export const failed = (name: string): string =>
  `The tool '${name}' failed. Say so, and offer something else.`;

export const notHandedOver = (agent: string): string =>
  `${agent} cannot be reached now. Say so, and go on yourself.`;

export const unknown = (name: string): string => `There is no tool '${name}'.`;

export const cancelled = (name: string): string =>
  `The tool '${name}' was stopped because the user interrupted. It has no result.`;

export const detached = (name: string): string =>
  `The tool '${name}' is still at work. Its result follows later; do not call it again.`;

export const longRunning = (name: string): string =>
  `The tool '${name}' has begun and takes a while. Tell the user so. Its result follows later; do not call it again.`;

export const progress = (message: string): string =>
  `${message}\n(The tool is still at work. Its result follows later; do not call it again.)`;

export const refused = (name: string, reason: string): string =>
  `The call of '${name}' was not approved${reason === '' ? '' : `: ${reason}`}. It was not run.`;

export const notApprovedInTime = (name: string): string =>
  `Nobody approved the call of '${name}' in time. It was not run.`;

export const duplicate = (name: string): string =>
  `The tool '${name}' is at work already. Wait for its result; do not call it again.`;

export const replaced = (name: string): string =>
  `This call of '${name}' was stopped: a newer one takes its place.`;

export const tooManySteps = (steps: number): string =>
  `No more tools can be called for this answer: ${steps} rounds of them were. Answer with what you know.`;

export const outdated = (name: string): string =>
  `The tool '${name}' was done after the user had gone on to something else. Its result is not needed any more.`;

/** Of a call that was answered by a placeholder. */
export const result = (name: string, args: string, output: string, isError: boolean): string =>
  `${isError ? 'Error' : 'Result'} of the tool '${name}' (${args}): ${output}`;

export const update = (name: string, args: string, message: string): string =>
  `News of the tool '${name}' (${args}), which is still at work: ${message}`;

function seconds(ms: Ms): string {
  return `${Math.round(ms / 100) / 10} s`;
}

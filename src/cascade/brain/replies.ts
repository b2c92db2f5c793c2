import type { Command } from '../../realtime/index.js';
import { hasImage, noImages } from './item-list.js';
import { begin, cancel, findResponse } from './slot.js';
import { broken, thought, written } from './speaking.js';
import { ack, type Pass, type Refusal, refuse, unknownVoice } from './state.js';
import { thinkWhenHeard } from './waiting.js';

type Reply = Extract<Command, { t: 'reply' }>;
type Say = Extract<Command, { t: 'say' }>;

export function reply(pass: Pass, command: Reply): void {
  const { state } = pass;
  const outOfBand = command.outOfBand === true;
  if (!outOfBand && state.main !== null) {
    refuseBusy(pass, command.cmd);
    return;
  }
  if (outOfBand && state.aside.length >= state.limits.maxAside) {
    refuse(pass, command.cmd, {
      code: 'rate_limit_exceeded',
      message: `No more than ${state.limits.maxAside} out-of-band responses run at once.`,
    });
    return;
  }
  const objection = objectionTo(pass, command);
  if (objection !== undefined) {
    refuse(pass, command.cmd, objection);
    return;
  }
  ack(pass, command.cmd);
  const output = command.overrides?.output ?? state.config.output;
  const response = begin(pass, { by: 'command', cmd: command.cmd }, { outOfBand, output, command });
  // Given input stands in the place of the conversation, so nothing of the conversation is waited for.
  if (command.input === undefined) response.awaiting = state.unheard.map((unheard) => unheard.item);
  thinkWhenHeard(pass, response);
}

function objectionTo(pass: Pass, command: Reply): Refusal | undefined {
  if (command.input?.some(hasImage)) return noImages('response.input');
  return unknownVoice(pass, command.overrides?.voice);
}

/** Something came of it: the watchdog begins anew. */
export function progress(pass: Pass, id: string): void {
  const response = findResponse(pass, id);
  if (response !== undefined) response.quietAtMs = pass.nowMs + pass.state.limits.quietMs;
}

/** Responses of which nothing came for too long. */
export function wakeResponses(pass: Pass): void {
  const { main, aside } = pass.state;
  for (const response of main === null ? [...aside] : [main, ...aside]) {
    if (response.quietAtMs > pass.nowMs) continue;
    const { id } = response;
    const message = `Neither the language model nor the synthesiser gave anything for ${pass.state.limits.quietMs} ms.`;
    broken(pass, { in: 'broken', nowMs: pass.nowMs, response: id, code: 'reply_timeout', message });
  }
}

/** Speaks a given text as a response of its own; no language model is asked. */
export function say(pass: Pass, command: Say): void {
  if (pass.state.main !== null) {
    refuseBusy(pass, command.cmd);
    return;
  }
  if (command.text.trim() === '' || command.text.length > pass.state.limits.maxTextChars) {
    refuse(pass, command.cmd, {
      code: 'invalid_value',
      message: `The text to say must have words, and at most ${pass.state.limits.maxTextChars} characters.`,
      param: 'text',
    });
    return;
  }
  ack(pass, command.cmd);
  const { output } = pass.state.config;
  const response = begin(
    pass,
    { by: 'command', cmd: command.cmd },
    { outOfBand: false, output, command: null },
  );
  response.cuttable = command.cuttable;
  written(pass, { in: 'written', nowMs: pass.nowMs, response: response.id, text: command.text });
  thought(pass, { in: 'thought', nowMs: pass.nowMs, response: response.id, reason: 'stop', usage: null });
}

export function stop(pass: Pass, command: Extract<Command, { t: 'stop' }>): void {
  const { state } = pass;
  const response =
    command.response === undefined ? state.main : (findResponse(pass, command.response) ?? null);
  if (response === null) {
    refuse(pass, command.cmd, {
      code: 'response_cancel_not_active',
      message: 'There is nothing to cancel: no such response is running.',
      benign: true,
    });
    return;
  }
  ack(pass, command.cmd);
  cancel(pass, response, 'client_cancelled');
}

function refuseBusy(pass: Pass, cmd: string): void {
  refuse(pass, cmd, {
    code: 'conversation_already_has_active_response',
    message: `Response ${pass.state.main?.id} is running: cancel it, or wait until it has ended.`,
    benign: true,
  });
}

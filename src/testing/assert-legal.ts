import type { Command, Event, Link } from '../realtime/index.js';
import { checkCommand } from './legality/commands.js';
import { checkItem } from './legality/items.js';
import { checkAudio, checkCall, checkPart, checkResponse, checkSaid } from './legality/responses.js';
import { checkMs, checkUsage } from './legality/shapes.js';
import { type Fail, type LinkEntry, Seen } from './legality/state.js';
import { checkCommitted, checkHeard, checkSpeech } from './legality/turns.js';
import { overLink } from './over-link.js';

export type { LinkEntry } from './legality/state.js';

/** An order or shape that no link may produce. `index` counts entries from 0; -1: found at `finish`. */
export class IllegalOrderError extends Error {
  override readonly name = 'IllegalOrderError';

  constructor(
    readonly rule: string,
    readonly index: number,
    what: string,
    why: string,
  ) {
    super(`${what} breaks '${rule}': ${why}`);
  }
}

/**
 * The legal orders of commands and events on one link, stated once. Feed it both directions in the order in which they
 * happened; it throws at the first illegal entry. Because a listener that throws may be swallowed on the way, the first
 * violation is kept, and every later call throws it again.
 */
export class LegalityChecker {
  readonly #seen = new Seen();
  #count = 0;
  #violation: IllegalOrderError | undefined;

  command(command: Command): void {
    this.#check(`command #${this.#count} ${name(command)}`, (fail) => {
      checkCommand(this.#seen, command, fail);
    });
  }

  event(event: Event): void {
    this.#check(`event #${this.#count} ${name(event)}`, (fail) => checkEvent(this.#seen, event, fail));
  }

  /** Commands sent and not yet answered. */
  get unanswered(): string[] {
    return [...this.#seen.commands.keys()].filter((cmd) => !this.#seen.answered.has(cmd));
  }

  /** Throws the violation met before, or names the commands that nothing answered (closing answers all). */
  finish(): void {
    if (this.#violation !== undefined) throw this.#violation;
    const { unanswered } = this;
    if (this.#seen.closing || unanswered.length === 0) return;
    const names = unanswered.map((cmd) => `${this.#seen.commands.get(cmd)?.t} ${cmd}`);
    throw new IllegalOrderError('answered-once', -1, 'the end', `nothing answered ${names.join(', ')}`);
  }

  #check(what: string, run: (fail: Fail) => void): void {
    if (this.#violation !== undefined) throw this.#violation;
    const index = this.#count++;
    run((rule, why) => {
      this.#violation = new IllegalOrderError(rule, index, what, why);
      throw this.#violation;
    });
  }
}

/** Checks a whole conversation, its end included. */
export function assertLegal(entries: readonly LinkEntry[]): void {
  const checker = new LegalityChecker();
  for (const entry of entries) {
    if (entry.dir === 'command') checker.command(entry.command);
    else checker.event(entry.event);
  }
  checker.finish();
}

/** The same link with a checker between it and its session. Call `checker.finish()` at the end of the test. */
export function checkedLink(
  inner: Link,
  checker = new LegalityChecker(),
): Link & { checker: LegalityChecker } {
  const link = overLink(inner, {
    send(command) {
      checker.command(command);
      inner.send(command);
    },
    onEvent(listener) {
      inner.onEvent((event) => {
        checker.event(event);
        listener(event);
      });
    },
  });
  return Object.assign(link, { checker });
}

function checkEvent(seen: Seen, event: Event, fail: Fail): void {
  if (seen.closing) fail('closing-last', 'closing came before');
  if (!seen.ready && !['ready', 'refused', 'closing', 'unknown'].includes(event.t)) {
    fail('ready-first', 'ready has not come');
  }
  switch (event.t) {
    case 'ready':
      if (seen.ready) fail('ready-once', 'ready came before');
      if (!seen.opened) fail('open-first', 'open was never sent');
      seen.ready = true;
      checkMs('expiresAtMs', event.expiresAtMs, fail);
      break;
    case 'ack':
    case 'refused':
      if (event.cmd !== undefined) checkAnswer(seen, event.cmd, fail);
      break;
    case 'speech':
      checkSpeech(seen, event, fail);
      break;
    case 'committed':
      checkCommitted(seen, event, fail);
      break;
    case 'cleared':
      if (event.cmd !== undefined && !seen.commands.has(event.cmd)) {
        fail('answered-once', `command ${event.cmd} was never sent`);
      }
      break;
    case 'item':
      checkItem(seen, event, fail);
      break;
    case 'heard':
      checkHeard(seen, event, fail);
      break;
    case 'response':
      checkResponse(seen, event, fail);
      break;
    case 'part':
      checkPart(seen, event, fail);
      break;
    case 'audio':
      checkAudio(seen, event, fail);
      break;
    case 'said':
      checkSaid(seen, event, fail);
      break;
    case 'call':
      checkCall(seen, event, fail);
      break;
    case 'approval':
      if (seen.approvals.has(event.approval)) {
        fail('approval-once', `${event.approval} was asked for before`);
      }
      seen.approvals.add(event.approval);
      break;
    case 'drop':
      if (event.response !== undefined && !seen.responses.has(event.response)) {
        fail('response-started-first', `${event.response} never started`);
      }
      break;
    case 'usage':
      checkUsage(event.usage, fail);
      break;
    case 'limits':
    case 'resumable':
      break;
    case 'expiring':
      checkMs('inMs', event.inMs, fail);
      break;
    case 'closing':
      seen.closing = true;
      break;
    case 'unknown':
      if (event.raw === undefined) fail('unknown-raw', 'unknown carries no raw');
  }
}

/** Each command with a cmd is answered once, after it was sent. */
function checkAnswer(seen: Seen, cmd: string, fail: Fail): void {
  if (!seen.commands.has(cmd)) fail('answered-once', `command ${cmd} was never sent`);
  if (seen.answered.has(cmd)) fail('answered-once', `command ${cmd} was answered before`);
  seen.answered.add(cmd);
}

function name(entry: Command | Event): string {
  const words: string[] = [entry.t];
  if ('phase' in entry) words.push(entry.phase);
  if ('edge' in entry) words.push(entry.edge);
  if ('how' in entry) words.push(entry.how);
  const id = ('cmd' in entry && entry.cmd) || ('response' in entry && entry.response);
  return id ? `${words.join(' ')} (${id})` : words.join(' ');
}

import { byId, ConfigError, type Ms, type Timer, toReparteeError } from '../../core/index.js';
import { allBut } from '../../core/none.js';
import type { GenerationText } from '../../realtime/index.js';
import { isForCaller } from '../machine/step.js';
import type { SessionHost } from '../session-host.js';
import type { Lanes } from './lanes.js';

/** `ok`: it may be heard. `stop`: neither it nor what follows. `replace`: these words are said in its place. */
export type GuardrailVerdict = 'ok' | 'stop' | { replace: string };

/**
 * Judges what the agent is about to say. `text`: all of the message so far, up to the end of a clause; `final`: it is whole. What was
 * passed before is not taken back. One that throws stops the reply.
 */
export type OutputGuardrail = (
  text: string,
  about: { itemId: string; final: boolean },
) => GuardrailVerdict | Promise<GuardrailVerdict>;

export interface GuardrailOptions {
  check: OutputGuardrail;
  /** How long speech may wait for a verdict, or for its words where the wire sends those later. Default 3,000. */
  maxDelayMs?: Ms;
  /** What becomes of a message that has waited so long. Default `play`. */
  whenLate?: 'play' | 'stop';
}

/** ConfigError `option_invalid`. */
export function guardrailOf(option: OutputGuardrail | GuardrailOptions): Required<GuardrailOptions> {
  const options = typeof option === 'function' ? { check: option } : option;
  const { check, maxDelayMs = 3_000, whenLate = 'play' } = options;
  if (typeof check !== 'function') {
    throw new ConfigError('option_invalid', 'outputGuardrail needs a function', {
      param: 'outputGuardrail.check',
    });
  }
  if (!(maxDelayMs > 0 && maxDelayMs <= 60_000)) {
    const message = `maxDelayMs must be above 0 and no more than 60,000, not ${maxDelayMs}`;
    throw new ConfigError('option_invalid', message, { param: 'outputGuardrail.maxDelayMs' });
  }
  if (whenLate !== 'play' && whenLate !== 'stop') {
    throw new ConfigError('option_invalid', `whenLate must be play or stop`, {
      param: 'outputGuardrail.whenLate',
    });
  }
  return { check, maxDelayMs, whenLate };
}

/** How many of the last ones are remembered. */
const memoryLimit = 32;

/** A stretch of speech, and how many characters of the text were known when it came: it says no more than what follows them. */
interface Held {
  part: number;
  pcm: Int16Array;
  rateHz: number;
  known: number;
}

/** Words that have not been passed on, and where they end in the text. */
interface Words {
  event: GenerationText;
  end: number;
}

/** A message of the model on its way. */
interface Message {
  response: string;
  item: string;
  text: string;
  passed: number;
  /** The machine has heard of the response. */
  known: boolean;
  /** Its speech waits here: the machine knows that it is coming. */
  opened: boolean;
  /** All of the text is known; and judged. */
  whole: boolean;
  over: boolean;
  busy: boolean;
  words: Words[];
  held: Held[];
  timer: Timer | undefined;
}

export interface GuardrailParts {
  host: SessionHost;
  lanes(): Lanes | undefined;
  /** Words that may be heard. */
  pass(event: GenerationText): void;
  /** All of the message may be heard. */
  passedAll(response: string): void;
}

/** Speech of the model waits here until its words have passed; so do the words. */
export class Guardrail {
  readonly #parts: GuardrailParts;
  readonly #options: Required<GuardrailOptions>;
  #messages: readonly Message[] = [];
  /** Responses that were stopped: what still comes of them is neither heard nor told. */
  #tripped: readonly string[] = [];

  constructor(parts: GuardrailParts, options: Required<GuardrailOptions>) {
    this.#parts = parts;
    this.#options = options;
  }

  /** Words that were given to say were judged by whoever gave them. */
  judges(response: string): boolean {
    const { state, speeches } = this.#parts.host;
    const reply = byId(state.responses, response)?.reply;
    return reply === undefined || speeches.get(reply)?.verbatim !== true;
  }

  /** Words of a response of the conversation. */
  said(event: GenerationText): void {
    const { responseId, itemId, text, how, stage } = event;
    if (responseId === null || itemId === null || stage === 'thought' || !this.judges(responseId))
      return this.#parts.pass(event);
    if (this.#tripped.includes(responseId)) return;
    const message = this.#message(responseId, itemId);
    // It goes unjudged, or its words come after its end.
    if (message.over) return this.#parts.pass(event);
    if (how === 'append') message.text += text;
    else if (text !== '') message.text = text;
    if (how === 'final') message.whole = true;
    message.words.push({ event, end: message.text.length });
    this.#go(message);
  }

  /** Speech of a response of the conversation. */
  play(response: string, item: string, part: number, pcm: Int16Array, rateHz: number): void {
    if (this.#tripped.includes(response)) return;
    const message = this.#message(response, item);
    if (message.over && message.held.length === 0)
      return this.#parts.lanes()?.play(response, item, part, pcm, rateHz);
    message.opened = true;
    this.#parts.lanes()?.open(response, item);
    message.held.push({ part, pcm, rateHz, known: message.text.length });
    this.#go(message);
  }

  /** The response has said all. What has no words has nothing to be judged. */
  ended(response: string): void {
    for (const message of this.#messages) {
      if (message.response !== response) continue;
      message.whole = true;
      this.#go(message);
    }
  }

  /** Some of the response waits. */
  isHolding(response: string): boolean {
    return this.#messages.some((message) => message.response === response && !message.over);
  }

  /** Words of the item wait. */
  isChecking(item: string): boolean {
    return this.#messages.some((message) => message.item === item && !message.over);
  }

  /** What was interrupted, or is over, is forgotten. */
  tidy(): void {
    const { state } = this.#parts.host;
    for (const message of this.#messages) {
      message.known ||= byId(state.responses, message.response) !== undefined;
      if (message.known && !isForCaller(state, message.response)) this.#forget(message);
    }
  }

  close(): void {
    for (const message of this.#messages) this.#forget(message);
  }

  #message(response: string, item: string): Message {
    const known = this.#messages.find((message) => message.item === item);
    if (known !== undefined) return known;
    const none = { known: false, opened: false, whole: false, over: false, busy: false };
    const message: Message = {
      response,
      item,
      ...none,
      text: '',
      passed: 0,
      words: [],
      held: [],
      timer: undefined,
    };
    this.#messages = this.#messages.concat(message);
    return message;
  }

  /** Judges what can be judged by now. */
  #go(message: Message): void {
    if (message.busy || message.over) return;
    const { text, whole } = message;
    const end = whole ? text.length : clausesEnd(text);
    if (end > message.passed) void this.#judge(message, text.slice(0, end), whole);
    else if (whole) this.#passAll(message);
    else this.#watch(message);
  }

  async #judge(message: Message, text: string, final: boolean): Promise<void> {
    const { host } = this.#parts;
    message.busy = true;
    this.#watch(message);
    let verdict: GuardrailVerdict = 'stop';
    try {
      verdict = await this.#options.check(text, { itemId: message.item, final });
    } catch (thrown) {
      host.emit('error', toReparteeError(thrown, 'listener_threw', 'outputGuardrail: '));
    }
    // Interrupted meanwhile, or too late.
    if (message.over || !this.#messages.includes(message)) return;
    message.busy = false;
    if (verdict !== 'ok') return this.#trip(message, text, verdict);
    message.passed = text.length;
    message.timer?.cancel();
    message.timer = undefined;
    if (final && message.text.length === text.length) this.#passAll(message);
    else {
      this.#release(message, false);
      this.#go(message);
    }
  }

  #release(message: Message, all: boolean): void {
    const { response, item, held, words, passed } = message;
    if (!all) divide(words, passed);
    while (words[0] !== undefined && (all || words[0].end <= passed)) this.#parts.pass(words.shift()!.event);
    while (held[0] !== undefined && (all || held[0].known < passed)) {
      const { part, pcm, rateHz } = held.shift()!;
      this.#parts.lanes()?.play(response, item, part, pcm, rateHz);
    }
  }

  #passAll(message: Message): void {
    message.timer?.cancel();
    this.#release(message, true);
    message.over = true;
    if (message.opened) this.#parts.lanes()?.close(message.response, message.item);
    this.#parts.passedAll(message.response);
  }

  /** What waits does so for a while only. */
  #watch(message: Message): void {
    if (message.timer !== undefined || (message.held.length === 0 && message.words.length === 0)) return;
    const { clock } = this.#parts.host;
    const { maxDelayMs, whenLate } = this.#options;
    message.timer = clock.at(clock.now() + maxDelayMs, () => {
      if (whenLate === 'stop') return this.#trip(message, message.text, 'stop');
      this.#tell(message, 'played_late', message.text);
      this.#passAll(message);
    });
  }

  #trip(message: Message, text: string, verdict: Exclude<GuardrailVerdict, 'ok'>): void {
    const { host } = this.#parts;
    const reply = byId(host.state.responses, message.response)?.reply ?? '';
    this.#tripped = this.#tripped.concat(message.response).slice(-memoryLimit);
    this.#forget(message);
    this.#parts.lanes()?.drop(message.response);
    const replacement = verdict === 'stop' ? '' : verdict.replace;
    this.#tell(message, replacement === '' ? 'stopped' : 'replaced', text);
    host.input({ t: 'interrupt_reply', reply });
    if (replacement !== '') this.#replace(replacement);
  }

  /** A model that was asked for the words might say what it was stopped for. */
  #replace(text: string): void {
    const { host } = this.#parts;
    try {
      host.say(text, { strict: true });
    } catch (thrown) {
      host.emit('error', toReparteeError(thrown, 'unsupported'));
    }
  }

  #tell(
    { item: itemId, response: responseId }: Message,
    action: 'stopped' | 'replaced' | 'played_late',
    text: string,
  ): void {
    this.#parts.host.emit('guardrail_tripped', { itemId, responseId, action, text });
  }

  #forget(message: Message): void {
    message.timer?.cancel();
    message.over = true;
    this.#messages = allBut(this.#messages, message);
  }
}

/** A piece of text that goes beyond what has passed becomes two. */
function divide(words: Words[], passed: number): void {
  const index = words.findIndex(({ end }) => end > passed);
  const [word] = index < 0 ? [] : words.slice(index, index + 1);
  if (word === undefined || word.event.how !== 'append') return;
  const { text } = word.event;
  const at = text.length - (word.end - passed);
  if (at <= 0) return;
  const { words: _, ...before } = word.event;
  const first = { event: { ...before, text: text.slice(0, at) }, end: passed };
  words.splice(index, 1, first, { event: { ...word.event, text: text.slice(at) }, end: word.end });
}

/** Where the last whole clause of a text ends; 0: there is none. */
function clausesEnd(text: string): number {
  const ends = text.matchAll(/[.!?…;:]["')\]”’]*(?=\s)|\n/gu);
  let end = 0;
  for (const { index, 0: mark } of ends) end = index + mark.length;
  return end;
}

import { type Ms, Runner, type Timer, ToolError, toReparteeError } from '../../../core/index.js';
import type { TranscriptSource } from '../../ears/transcript.js';
import type { CaptureHost, CaptureSpeech } from '../host.js';
import type { CaptureRules, Checked, Said } from '../kinds/rules.js';
import type { Standing } from '../words/apply.js';
import { best } from './choose.js';
import { valueIn } from './look-back.js';
import type { CaptureMemory } from './memory.js';
import {
  type CaptureEffect,
  type CaptureFailure,
  type CaptureInput,
  type CaptureLine,
  type CaptureSettings,
  type CaptureState,
  captureState,
} from './state.js';
import { captureStep } from './step.js';

/** How long the application's check may take: the caller hears nothing meanwhile. */
const checkWithinMs: Ms = 10_000;

/** What one capture works with. */
export interface CapturePlan {
  rules: CaptureRules;
  settings: CaptureSettings;
  /** Which ear; absent: the session's record. */
  source: TranscriptSource | undefined;
  /** How long the words of a turn may take. */
  wordsMs: number;
  /** Turns before the call that may hold the value. */
  lookBack: number;
  /** The application's own check of a value that is whole. */
  validate: ((value: string) => boolean | Promise<boolean>) | undefined;
  say(line: CaptureLine, value: Checked | null): string;
  /** What the model is told where a wrong value cannot be removed. */
  note(wrong: readonly string[], right: string | null): string;
}

/** One capture, from the call of the tool to the value: hears, asks, reads back. Lives as long as its `run`. */
export class CaptureDialogue {
  readonly #host: CaptureHost;
  readonly #plan: CapturePlan;
  readonly #memory: CaptureMemory;
  readonly #runner: Runner<CaptureState, CaptureInput, CaptureEffect>;
  readonly #done: Promise<Checked>;
  #settle: { resolve: (value: Checked) => void; reject: (why: unknown) => void } | undefined;
  /** What the caller says is taken one turn after the other. */
  #queue: Promise<void> = Promise.resolve();
  #speech: CaptureSpeech | undefined;
  #timer: Timer | undefined;
  /** While the application checks a value. */
  #checking: Timer | undefined;
  #isOver = false;

  /** `guesses`: what the model takes the value for. */
  constructor(host: CaptureHost, plan: CapturePlan, memory: CaptureMemory, guesses: readonly string[]) {
    this.#host = host;
    this.#plan = plan;
    this.#memory = memory;
    for (const guess of guesses) memory.wrong.add(guess);
    this.#runner = new Runner(captureState(plan.settings), captureStep, (effects) => {
      for (const effect of effects) this.#perform(effect);
    });
    this.#done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Who aborts does not wait for it.
    this.#done.catch(() => {});
  }

  /**
   * The confirmed value. Rejects with `capture_failed`, with the reason of `signal`, with what the application's check throws, and with
   * `tool_timeout` where that takes too long.
   */
  async run(signal: AbortSignal): Promise<Checked> {
    const letGo = this.#host.hold();
    const unlisten = this.#host.listen({
      speech: (edge) => this.#spoke(edge),
      words: () => this.#hearNew(),
      keys: (digits) => this.#next(() => this.#heard(this.#plan.rules.said(digits, nothing))),
    });
    const abort = () => {
      this.#settle?.reject(toReparteeError(signal.reason, 'closed'));
      this.#speech?.stop();
    };
    signal.addEventListener('abort', abort);
    try {
      if (signal.aborted) abort();
      this.#next(() => this.#begin());
      return await this.#done;
    } finally {
      this.#isOver = true;
      signal.removeEventListener('abort', abort);
      unlisten();
      this.#timer?.cancel();
      this.#checking?.cancel();
      letGo();
    }
  }

  async #begin(): Promise<void> {
    const { lookBack, rules } = this.#plan;
    const mayHold = (turn: string) => rules.mayHold?.(turn) !== false;
    if (this.#host.isUserSpeaking) this.#input({ t: 'speech', edge: 'start' });
    const [latest] = this.#host.words.recent(1);
    const isNew = latest !== undefined && this.#memory.isFresh(latest);
    const taken = await this.#take(lookBack, false);
    const turns = taken.filter(mayHold);
    const hasBegun = isNew && mayHold(taken.at(-1) ?? '');
    const { confirmed } = this.#memory;
    const found = await valueIn(turns, { confirmed, hasBegun, rules, best: (texts) => this.#best(texts) });
    // Asked again, and the caller has not said anything else since.
    if (confirmed !== null && (found === null || found.value === confirmed.value)) {
      return this.#settle?.resolve(confirmed);
    }
    this.#input({ t: 'begin', found });
  }

  #spoke(edge: 'start' | 'stop'): void {
    if (edge === 'start') this.#input({ t: 'speech', edge });
    // Until its words are known nothing is waited for.
    else this.#hearNew(() => this.#input({ t: 'speech', edge }));
  }

  #hearNew(then: () => void = () => {}): void {
    this.#next(async () => {
      for (const text of await this.#take(4, true)) {
        if (text === '') continue;
        const { phase, standing } = this.#runner.state;
        const open = phase === 'growing';
        await this.#heard(this.#plan.rules.said(text, { text: standing?.text ?? null, open }));
      }
      then();
    });
  }

  async #heard({ verdict, wish, texts }: Said): Promise<void> {
    const found = await this.#best(texts);
    this.#input({ t: 'heard', verdict, wish, found });
  }

  /** The words of turns that nobody has taken yet; '' where they will not be known. `areAnswers`: they are for this capture. */
  async #take(count: number, areAnswers: boolean): Promise<string[]> {
    const { words } = this.#host;
    const { source, wordsMs: timeoutMs } = this.#plan;
    const fresh = words.recent(count).filter((turn) => this.#memory.isFresh(turn));
    const texts: string[] = [];
    for (const turn of fresh) {
      this.#memory.take(turn, areAnswers);
      const options = source === undefined ? { timeoutMs } : { source, timeoutMs };
      const said = await words.settled(turn, options).catch(() => undefined);
      texts.push(said?.text ?? '');
    }
    return texts;
  }

  async #best(texts: readonly string[]): Promise<Checked | null> {
    const { rules, validate } = this.#plan;
    const found = best(texts, rules, this.#memory.refused);
    if (found === null || validate === undefined || (found.fit !== 'whole' && found.fit !== 'open'))
      return found;
    return (await this.#inTime(validate(found.value))) ? found : { ...found, fit: 'wrong' };
  }

  #inTime<T>(answer: T | Promise<T>): Promise<T> {
    const { clock } = this.#host;
    return new Promise((resolve, reject) => {
      const message = `The check of the value gave no answer within ${checkWithinMs} ms`;
      this.#checking = clock.at(clock.now() + checkWithinMs, () =>
        reject(new ToolError('tool_timeout', message)),
      );
      Promise.resolve(answer)
        .then(resolve, reject)
        .finally(() => this.#checking?.cancel());
    });
  }

  #next(work: () => Promise<void> | void): void {
    this.#queue = this.#queue
      .then(() => (this.#isOver ? undefined : work()))
      .catch((thrown) => this.#settle?.reject(thrown));
  }

  #input(input: CaptureInput): void {
    if (!this.#isOver) this.#runner.input(input);
  }

  #perform(effect: CaptureEffect): void {
    switch (effect.t) {
      case 'say':
        return this.#say(effect.line, effect.value);
      case 'wait':
        return this.#wait(effect.ms);
      case 'refused':
        this.#memory.refuse(effect.value);
        return;
      case 'confirmed':
        this.#memory.confirm(effect.value);
        this.#speech?.stop();
        this.#repair(effect.value);
        return this.#settle?.resolve(effect.value);
      case 'given_up':
        this.#repair(null);
        return this.#settle?.reject(new ToolError('capture_failed', reasons[effect.reason]));
    }
  }

  #say(line: CaptureLine, value: Checked | null): void {
    this.#speech?.stop();
    let speech: CaptureSpeech;
    try {
      speech = this.#host.say(this.#plan.say(line, value));
    } catch (thrown) {
      // A session that ends says nothing any more.
      return this.#settle?.reject(thrown);
    }
    this.#speech = speech;
    void speech.finished.then(() => {
      if (this.#speech === speech) this.#input({ t: 'told' });
    });
  }

  #wait(ms: number | null): void {
    this.#timer?.cancel();
    const { clock } = this.#host;
    this.#timer = ms === null ? undefined : clock.at(clock.now() + ms, () => this.#input({ t: 'time' }));
  }

  /** The model is not to repeat what the caller has refused. */
  #repair(right: Checked | null): void {
    const { rules, note } = this.#plan;
    const wrong = this.#memory.wrongBeside(right, (text) => rules.check(text).value);
    if (wrong.length === 0) return;
    this.#host.repair({
      says: (text) => wrong.some((value) => says(text, value, rules)),
      note: note(wrong, right?.value ?? null),
    });
  }
}

const nothing: Standing = { text: null, open: false };

const reasons: Record<CaptureFailure, string> = {
  declined: 'The caller does not want to give it.',
  silence: 'The caller did not answer.',
  attempts: 'It was not understood, however it was asked for. Do not guess it.',
};

/** Whether a text says a value, in figures or in words. */
function says(text: string, value: string, rules: CaptureRules): boolean {
  const bare = (one: string) => one.toLowerCase().replace(/[^\p{L}\p{N}@]/gu, '');
  if (bare(value).length > 2 && bare(text).includes(bare(value))) return true;
  return rules.said(text, nothing).texts.some((said) => said === value || rules.check(said).value === value);
}

import { type Ms, StateError } from '../../core/index.js';
import type { SpeechHandle } from '../mouth/speech-handle.js';
import type { ToolContext } from './context.js';
import { failureOf, outcomeOf, type ToolOutcome } from './outcome.js';
import type { PreparedCall, Tool } from './tool.js';

/** What a running call asks of the session. */
export interface CallHost {
  say(text: string): SpeechHandle | undefined;
  update(call: string, message: string, speak: boolean): void;
  /** Somebody must say yes: `release` or `abort` follows. */
  asks(call: string): void;
}

/** A tool at work: from its start until it is over or aborted. Also what the tool sees of it. */
export class RunningCall implements ToolContext {
  readonly callId: string;
  readonly name: string;
  readonly startedMs: Ms;
  readonly #host: CallHost;
  readonly #abort = new AbortController();
  #release: (() => void) | undefined;
  #over = false;

  constructor(callId: string, name: string, startedMs: Ms, host: CallHost) {
    this.callId = callId;
    this.name = name;
    this.startedMs = startedMs;
    this.#host = host;
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  say(text: string): SpeechHandle | undefined {
    return this.#over ? undefined : this.#host.say(text);
  }

  update(message: string, { speak = true }: { speak?: boolean } = {}): void {
    if (!this.#over) this.#host.update(this.callId, message, speak);
  }

  /** Undefined: it was aborted, and nobody wants its result. */
  async run(tool: Tool, args: string): Promise<ToolOutcome | undefined> {
    let outcome: ToolOutcome;
    try {
      const call = await tool.prepare(args);
      await this.#approval(call);
      outcome = outcomeOf(this.name, this.#over ? undefined : await call.run(this));
    } catch (thrown) {
      outcome = failureOf(this.name, thrown);
    }
    if (this.#over) return undefined;
    this.#over = true;
    return outcome;
  }

  /** It was approved. */
  release(): void {
    this.#release?.();
  }

  /** It is over for everybody but the tool, which learns it by its signal. */
  abort(why: string): void {
    if (this.#over) return;
    this.#over = true;
    this.#release?.();
    this.#abort.abort(new StateError('closed', `The call of '${this.name}' is over: ${why}`));
  }

  async #approval(call: PreparedCall): Promise<void> {
    if (this.#over || !(await call.needsApproval()) || this.#over) return;
    const released = new Promise<void>((resolve) => {
      this.#release = resolve;
    });
    this.#host.asks(this.callId);
    await released;
  }
}

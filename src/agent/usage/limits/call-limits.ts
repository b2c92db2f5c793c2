import {
  type Clock,
  ConfigError,
  type Ms,
  type ReparteeError,
  Runner,
  type Timer,
} from '../../../core/index.js';
import type { SpeechHandle } from '../../mouth/speech-handle.js';
import type { SessionUsage } from '../accounts.js';
import {
  type LimitEffect,
  type LimitInput,
  type LimitName,
  type LimitState,
  limitState,
  limitStep,
} from './limit-machine.js';

/** What a call may use. One that is reached ends it: the agent says goodbye, and the session closes. */
export interface LimitOptions {
  /** Dollars, by the list prices and `prices`. What has no known price does not count, and an `error` says so once. */
  maxCostUsd?: number;
  /** From the moment in which both sides are connected. */
  maxDurationMs?: Ms;
  /** Turns of the caller that were answered. The last one still is. */
  maxTurns?: number;
  /** In and out, of all models. */
  maxTokens?: number;
  /** Share of a limit from which on `limit_approaching` is told. Default 0.8. */
  approachingAt?: number;
  /** Words to say, or what to tell the model to say; false: the call ends at once. Default: the model says goodbye. */
  goodbye?: string | { instructions: string } | false;
  /** The session closes so long after a limit was reached, whether the goodbye was heard or not. Default 15,000. */
  goodbyeMs?: Ms;
}

/** What is told of a limit. `used` and `max` in the limit's own unit. */
export interface LimitEvents {
  /** `share`: what was used of it, 0..1. Once for each limit. */
  limit_approaching: { limit: LimitName; used: number; max: number; share: number };
  /** Once: the call ends. */
  limit_reached: { limit: LimitName; used: number; max: number };
}

/** What the limits do to their session. */
export interface LimitHost {
  readonly clock: Clock;
  approaching(event: LimitEvents['limit_approaching']): void;
  reached(event: LimitEvents['limit_reached']): void;
  error(error: ReparteeError): void;
  /** The agent's last words. */
  goodbye(words: string | { instructions: string }): SpeechHandle;
  close(reason: string): void;
}

const names: readonly LimitName[] = ['maxCostUsd', 'maxDurationMs', 'maxTurns', 'maxTokens'];
const microUsd = 1_000_000;

const defaultGoodbye = {
  instructions:
    'The call has to end now. Tell the caller so in one short, friendly sentence, and say goodbye. Ask nothing, and call no tool.',
};

/** Watches what a call uses, and ends it in good form. */
export class CallLimits {
  readonly #host: LimitHost;
  readonly #goodbye: string | { instructions: string } | false;
  readonly #counts: boolean;
  readonly #runner: Runner<LimitState, LimitInput, LimitEffect>;
  #timer: Timer | undefined;
  #complained = false;

  /** ConfigError `option_invalid`. */
  constructor(options: LimitOptions, host: LimitHost) {
    this.#host = host;
    const { approachingAt = 0.8, goodbye = defaultGoodbye, goodbyeMs = 15_000 } = options;
    const limits: Partial<Record<LimitName, number>> = {};
    for (const name of names) {
      const max = options[name];
      if (max === undefined) continue;
      if (!(max > 0 && Number.isFinite(max))) refuse(name, 'a number above 0', max);
      limits[name] = name === 'maxCostUsd' ? Math.round(max * microUsd) : max;
    }
    if (!(approachingAt > 0 && approachingAt <= 1))
      refuse('approachingAt', 'above 0 and at most 1', approachingAt);
    if (!(goodbyeMs > 0 && Number.isFinite(goodbyeMs))) refuse('goodbyeMs', 'a number above 0', goodbyeMs);
    this.#goodbye = goodbye;
    this.#counts = limits.maxCostUsd !== undefined;
    const state = limitState(limits, { approachingAt, goodbyeMs: goodbye === false ? null : goodbyeMs });
    this.#runner = new Runner(state, limitStep, (effects) => {
      for (const effect of effects) this.#perform(effect);
    });
  }

  /** Both sides are connected. */
  start(): void {
    this.#runner.input({ t: 'start', atMs: this.#now });
  }

  used({ pricedMicroUsd, totalTokens, unpriced }: SessionUsage): void {
    if (this.#counts && unpriced.length > 0 && !this.#complained) {
      this.#complained = true;
      const message = `limits.maxCostUsd cannot hold: the price of ${unpriced.join(', ')} is not known; give it in prices`;
      this.#host.error(new ConfigError('option_unsupported', message, { param: 'limits.maxCostUsd' }));
    }
    this.#runner.input({ t: 'used', costMicroUsd: pricedMicroUsd, tokens: totalTokens, atMs: this.#now });
  }

  /** A turn of the caller is being answered. */
  answered(): void {
    this.#runner.input({ t: 'turn', atMs: this.#now });
  }

  /** The call ends, by whatever reason. Safe to call twice. */
  close(): void {
    this.#runner.input({ t: 'end', atMs: this.#now });
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  get #now(): Ms {
    return this.#host.clock.now();
  }

  #perform(effect: LimitEffect): void {
    const host = this.#host;
    switch (effect.t) {
      case 'approaching': {
        const { limit, used, max } = shown(effect);
        return host.approaching({ limit, used, max, share: effect.used / effect.max });
      }
      case 'reached':
        return host.reached(shown(effect));
      case 'goodbye':
        return this.#sayGoodbye();
      case 'close':
        return host.close(`limit reached: ${effect.limit}`);
      case 'wake_at':
        this.#timer?.cancel();
        this.#timer =
          effect.atMs === null
            ? undefined
            : host.clock.at(effect.atMs, () => this.#runner.input({ t: 'wake', atMs: this.#now }));
    }
  }

  #sayGoodbye(): void {
    if (this.#goodbye === false) return;
    const said = () => this.#runner.input({ t: 'said', atMs: this.#now });
    try {
      void this.#host.goodbye(this.#goodbye).waitForPlayout().then(said);
    } catch {
      // The session is closing already, or nobody there can speak.
      said();
    }
  }
}

function shown({ limit, used, max }: { limit: LimitName; used: number; max: number }) {
  const by = limit === 'maxCostUsd' ? microUsd : 1;
  return { limit, used: used / by, max: max / by };
}

function refuse(name: string, what: string, value: number): never {
  const param = `limits.${name}`;
  throw new ConfigError('option_invalid', `${param} is ${what}, not ${value}.`, { param });
}

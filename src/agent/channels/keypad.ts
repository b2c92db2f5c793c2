import {
  type Clock,
  ConfigError,
  type DtmfKey,
  isDtmfKey,
  type Ms,
  Runner,
  type Timer,
} from '../../core/index.js';
import {
  type KeyEffect,
  type KeyInput,
  type KeyRules,
  type KeyState,
  type KeysEnded,
  keyState,
  keyStep,
} from './key-machine.js';

export interface DtmfOptions {
  /** The caller has pressed all when no key came for so long. Default 2,000. */
  timeoutMs?: Ms;
  /** The key that ends a number at once, and is no part of it; null: none. Default `#`. */
  terminator?: DtmfKey | null;
  /** So many are all. Default 32. */
  maxDigits?: number;
  /** What the model is told, as the caller's text; false: nothing. Default: the keys, in a sentence. */
  tell?: ((digits: string, ended: KeysEnded) => string) | false;
}

/** What a keypad does for its session. */
export interface KeypadHost {
  readonly clock: Clock;
  collected(digits: string, ended: KeysEnded): void;
  pressed(key: DtmfKey): void;
}

/** Puts the keys of a caller together. */
export class Keypad {
  readonly #host: KeypadHost;
  readonly #runner: Runner<KeyState, KeyInput, KeyEffect>;
  #timer: Timer | undefined;
  #closed = false;

  /** ConfigError `option_invalid`, as `keyRules`. */
  constructor(options: DtmfOptions, host: KeypadHost) {
    this.#host = host;
    this.#runner = new Runner(keyState(keyRules(options)), keyStep, (effects) => {
      for (const effect of effects) this.#perform(effect);
    });
  }

  /** Somebody is there to be told. */
  begin(): void {
    this.#input({ t: 'begin', atMs: this.#host.clock.now() });
  }

  press(key: DtmfKey): void {
    if (this.#closed) return;
    this.#host.pressed(key);
    this.#input({ t: 'key', key, atMs: this.#host.clock.now() });
  }

  /** What is there is all. Safe to call twice. */
  close(): void {
    this.#input({ t: 'end', atMs: this.#host.clock.now() });
    this.#closed = true;
    this.#timer?.cancel();
  }

  #input(input: KeyInput): void {
    if (!this.#closed) this.#runner.input(input);
  }

  #perform(effect: KeyEffect): void {
    const { clock } = this.#host;
    if (effect.t === 'collected') return this.#host.collected(effect.digits, effect.ended);
    this.#timer?.cancel();
    this.#timer =
      effect.atMs === null
        ? undefined
        : clock.at(effect.atMs, () => this.#input({ t: 'wake', atMs: clock.now() }));
  }
}

/** The rules that the options mean. ConfigError `option_invalid`. */
export function keyRules({ timeoutMs = 2_000, terminator = '#', maxDigits = 32 }: DtmfOptions): KeyRules {
  if (!(timeoutMs > 0 && Number.isFinite(timeoutMs))) refuse('timeoutMs', 'is a number above 0');
  if (!(Number.isInteger(maxDigits) && maxDigits > 0)) refuse('maxDigits', 'is a whole number above 0');
  if (terminator !== null && !isDtmfKey(terminator)) refuse('terminator', 'is a key, or null');
  return { timeoutMs, terminator, maxDigits };
}

/** What the model is told where the application says nothing else. */
export function keysInWords(digits: string, ended: KeysEnded, terminator: string | null = '#'): string {
  const keys = ended === 'terminator' ? `${digits}${terminator}` : digits;
  return `The caller pressed these keys of the telephone: ${[...keys].join(' ')}`;
}

function refuse(name: string, what: string): never {
  throw new ConfigError('option_invalid', `dtmf.${name} ${what}.`, { param: `dtmf.${name}` });
}

import { ConfigError, type Ms, Runner, type Timer } from '../../core/index.js';
import type { SessionHost } from '../session-host.js';
import { type IdleEffect, type IdleInput, type IdleState, idleState, idleStep } from './idle-machine.js';

/** What is done about a silence of both sides. Give `say` or `instructions`, or neither to do nothing but `end`. */
export interface IdlePrompt {
  /** After so much silence, counted from the end of the prompt before. */
  afterMs: Ms;
  /** Said as it is. */
  say?: string;
  /** The model is asked to say something. */
  instructions?: string;
  /** When it was said the call is over. Only of the last one. */
  end?: boolean;
}

export interface IdleOptions {
  /** Silence of both sides after which the user's state is `away`. Default: it never is. */
  userAwayTimeoutMs?: Ms;
  /** One after the other while the user stays silent; from the first one again once the user has spoken. Default none. */
  idlePrompts?: readonly IdlePrompt[];
}

/** ConfigError `option_invalid`. */
export function checkIdle({ userAwayTimeoutMs, idlePrompts = [] }: IdleOptions): void {
  if (userAwayTimeoutMs !== undefined && !(userAwayTimeoutMs > 0))
    throw invalid('userAwayTimeoutMs', 'above 0');
  for (const [index, { afterMs, say, instructions, end }] of idlePrompts.entries()) {
    const param = `idlePrompts[${index}]`;
    if (!(afterMs > 0)) throw invalid(`${param}.afterMs`, 'above 0');
    if (say !== undefined && instructions !== undefined)
      throw invalid(param, 'say or instructions, not both');
    if (say === undefined && instructions === undefined && end !== true) {
      throw invalid(param, 'something to do: say, instructions or end');
    }
    if (end === true && index < idlePrompts.length - 1)
      throw invalid(`${param}.end`, 'of the last one alone');
  }
}

/** Watches for silence: tells that the user is away, and prompts. Made only where somebody wants it. */
export class Idle {
  readonly #host: SessionHost;
  readonly #prompts: readonly IdlePrompt[];
  readonly #close: (reason: string) => void;
  readonly #machine: Runner<IdleState, IdleInput, IdleEffect>;
  readonly #off: readonly (() => void)[];
  #timer: Timer | undefined;

  constructor(
    host: SessionHost,
    { userAwayTimeoutMs, idlePrompts = [] }: IdleOptions,
    close: (reason: string) => void,
  ) {
    this.#host = host;
    this.#prompts = idlePrompts;
    this.#close = close;
    const state = idleState(
      userAwayTimeoutMs ?? null,
      idlePrompts.map(({ afterMs }) => afterMs),
    );
    this.#machine = new Runner(state, idleStep, (effects) => {
      for (const effect of effects) this.#perform(effect);
    });
    const changed = () => this.#changed();
    this.#off = [
      host.events.on('agent_state_changed', changed),
      host.events.on('user_state_changed', changed),
    ];
  }

  close(): void {
    this.#timer?.cancel();
    for (const off of this.#off) off();
  }

  #changed(): void {
    const { agent, user } = this.#host.state;
    this.#input({ t: 'states', isAgentBusy: agent !== 'listening', isUserSpeaking: user === 'speaking' });
  }

  #input(input: { t: 'wake' } | Omit<Extract<IdleInput, { t: 'states' }>, 'atMs'>): void {
    this.#machine.input({ atMs: this.#host.clock.now(), ...input });
  }

  #perform(effect: IdleEffect): void {
    const { clock } = this.#host;
    if (effect.t === 'away') return this.#host.input({ t: 'away' });
    if (effect.t === 'prompt') return void this.#prompt(this.#prompts[effect.step]!);
    this.#timer?.cancel();
    this.#timer = effect.atMs === null ? undefined : clock.at(effect.atMs, () => this.#input({ t: 'wake' }));
  }

  async #prompt({ say, instructions, end }: IdlePrompt): Promise<void> {
    const { isHeld, speaking } = this.#host;
    // Somebody else talks with the caller.
    if (isHeld) return;
    const speech =
      say !== undefined
        ? this.#host.say(say)
        : instructions === undefined
          ? undefined
          : speaking.reply({ instructions });
    if (end !== true) return;
    await speech?.waitForPlayout();
    // The user has come back.
    if (speech?.interrupted !== true) this.#close('the caller was silent');
  }
}

function invalid(param: string, range: string): ConfigError {
  return new ConfigError('option_invalid', `${param} must be ${range}`, { param });
}

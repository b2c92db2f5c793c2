import { UnsupportedError } from '../core/index.js';
import type { Capabilities } from './capabilities.js';
import { withPatch } from './config.js';
import type { Config, Patch } from './contract.js';
import { isSame } from './same.js';

/** What a session is set to: the opening's settings, and each change once the server has confirmed it. */
export class Settings {
  readonly config: Config;
  /** Changes sent and not answered, by command id. */
  #sent: Map<string, Patch> | undefined;

  constructor(config: Config) {
    this.config = config;
  }

  /** As it will be, should the server confirm all that it was sent, and this. */
  wanted(patch: Patch = {}): Config {
    let config = this.config;
    for (const sent of this.#sent?.values() ?? []) config = withPatch(config, sent);
    return withPatch(config, patch);
  }

  /** What of a change is one: fields that would stay as they are, and keys of `vendor`, are left out. Undefined = nothing. */
  changed(patch: Patch): Patch | undefined {
    const [before, after] = [this.wanted(), this.wanted(patch)];
    const change: Patch = {};
    for (const key of Object.keys(patch) as (keyof Config)[]) {
      if (patch[key] !== undefined && !isSame(before[key], after[key])) keep(change, patch, key);
    }
    // Null takes them all off; else only what differs goes out.
    if (change.vendor) {
      const differs = ([key, value]: [string, unknown]) => !isSame(before.vendor[key], value);
      change.vendor = Object.fromEntries(Object.entries(change.vendor).filter(differs));
    }
    return unlessEmpty(change);
  }

  /** What of a change goes out as a command, and what takes another connection. Undefined = nothing. */
  split(patch: Patch, { configure }: Capabilities): { live: Patch | undefined; reopen: Patch | undefined } {
    const live: Patch = {};
    const reopen: Patch = {};
    for (const key of Object.keys(patch) as (keyof Config)[]) {
      keep(configure[key] === 'reopen' ? reopen : live, patch, key);
    }
    return { live: unlessEmpty(live), reopen: unlessEmpty(reopen) };
  }

  /** Rejects with `unsupported` what cannot be changed while a session is open. `hasSpoken`: audio of the model has come. */
  check(patch: Patch, { configure }: Capabilities, provider: string, hasSpoken: boolean): void {
    for (const key of Object.keys(patch) as (keyof Config)[]) {
      const when = configure[key];
      if (when === 'live' || when === 'reopen' || (when === 'before-audio' && !hasSpoken)) continue;
      const since = when === 'before-audio' ? 'once the model has spoken' : 'while a session is open';
      throw new UnsupportedError('unsupported', `${provider} cannot change '${key}' ${since}`, {
        param: key,
      });
    }
  }

  apply(patch: Patch): void {
    Object.assign(this.config, withPatch(this.config, patch));
  }

  sent(cmd: string, patch: Patch): void {
    this.#sent ??= new Map();
    this.#sent.set(cmd, patch);
  }

  /** The command was answered; any command's answer may be given. */
  answered(cmd: string, isConfirmed: boolean): void {
    const patch = this.#sent?.get(cmd);
    if (patch === undefined) return;
    this.#sent?.delete(cmd);
    if (isConfirmed) this.apply(patch);
  }

  clear(): void {
    this.#sent = undefined;
  }
}

function unlessEmpty(patch: Patch): Patch | undefined {
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function keep<K extends keyof Config>(change: Patch, patch: Patch, key: K): void {
  change[key] = patch[key] as Patch[K];
}

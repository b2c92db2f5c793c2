import { UnsupportedError } from '../core/index.js';
import type { Capabilities } from './capabilities.js';
import { withPatch } from './config.js';
import type { Config, Patch } from './contract.js';

/** What a session is set to: the opening's settings, and each change once the server has confirmed it. */
export class Settings {
  readonly config: Config;
  /** Changes sent and not answered, by command id. */
  #sent: Map<string, Patch> | undefined;

  constructor(config: Config) {
    this.config = config;
  }

  /** Rejects with `unsupported` what cannot be changed while a session is open. */
  check(patch: Patch, { configure }: Capabilities, provider: string): void {
    for (const key of Object.keys(patch) as (keyof Config)[]) {
      if (configure[key] === 'live') continue;
      const message = `${provider} cannot change '${key}' while a session is open`;
      throw new UnsupportedError('unsupported', message, { param: key });
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

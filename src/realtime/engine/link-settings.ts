import { none } from '../../core/none.js';
import type { Capabilities } from '../capabilities.js';
import { patchTo, withPatch } from '../config.js';
import type { Config, Patch, TurnRule } from '../contract.js';
import { isSame } from '../same.js';
import type { Opening } from './connection.js';

/** What links are set to: the session's settings, and the changes that a lost link took along unanswered. */
export class LinkSettings {
  readonly #config: Config;
  readonly #configure: Capabilities['configure'];
  #stranded: readonly Patch[] = none;

  /** `config` is the session's own object: it is read whenever a link is opened. */
  constructor(config: Config, { configure }: Capabilities) {
    this.#config = config;
    this.#configure = configure;
  }

  /** As they are now, with what a link took along. */
  get now(): Config {
    return this.#stranded.reduce(withPatch, { ...this.#config });
  }

  strand(patch: Patch): void {
    this.#stranded = this.#stranded.concat(patch);
  }

  /** Another link has them all. */
  told(): void {
    this.#stranded = none;
  }

  /** What was changed since the opening was made and can be told live; undefined: nothing. */
  changedSince(opening: Opening): Patch | undefined {
    return patchTo(opening.config, this.now, (key) => this.#isLive(key));
  }

  /** The rule by which a link of this opening serves, once it does. */
  rulesOf(opening: Opening | undefined): TurnRule | undefined {
    return this.#isLive('turns') ? this.now.turns : opening?.config.turns;
  }

  /** It was opened with what these fields are set to now. */
  areIn(opening: Opening, of: Patch): boolean {
    return (Object.keys(of) as (keyof Config)[]).every((key) =>
      isSame(opening.config[key], this.#config[key]),
    );
  }

  #isLive(key: keyof Config): boolean {
    const when = this.#configure[key];
    return when === 'live' || when === 'before-audio';
  }
}

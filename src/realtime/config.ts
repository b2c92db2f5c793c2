import type { Config, Patch } from './contract.js';
import { isSame } from './same.js';

const off: Config = {
  instructions: '',
  tools: [],
  toolChoice: 'auto',
  voice: '',
  turns: { owner: 'caller' },
  output: 'audio',
  transcription: null,
  vendor: {},
};

/** A new config with the patch applied; `null` = off, that is the field's empty value. `vendor` is merged by key. */
export function withPatch(config: Config, patch: Patch): Config {
  return {
    instructions: pick(config, patch, 'instructions'),
    tools: pick(config, patch, 'tools'),
    toolChoice: pick(config, patch, 'toolChoice'),
    voice: pick(config, patch, 'voice'),
    turns: pick(config, patch, 'turns'),
    output: pick(config, patch, 'output'),
    transcription: pick(config, patch, 'transcription'),
    vendor:
      patch.vendor === undefined ? config.vendor : { ...(patch.vendor && config.vendor), ...patch.vendor },
  };
}

/** What makes `before` equal to `after`, of the fields that are wanted; undefined where nothing does. */
export function patchTo(
  before: Config,
  after: Config,
  isWanted: (key: keyof Config) => boolean,
): Patch | undefined {
  const keys = Object.keys(off) as (keyof Config)[];
  const differing = keys.filter((key) => isWanted(key) && !isSame(before[key], after[key]));
  if (differing.length === 0) return undefined;
  return Object.fromEntries(differing.map((key) => [key, after[key]]));
}

function pick<K extends keyof Config>(config: Config, patch: Patch, key: K): Config[K] {
  const value: Config[K] | null | undefined = patch[key];
  if (value === undefined) return config[key];
  return value === null ? off[key] : value;
}

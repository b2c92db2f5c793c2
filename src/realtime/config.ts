import type { Config, Patch } from './contract.js';

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
    vendor: patch.vendor === null ? {} : { ...config.vendor, ...patch.vendor },
  };
}

function pick<K extends keyof Config>(config: Config, patch: Patch, key: K): Config[K] {
  const value: Config[K] | null | undefined = patch[key];
  if (value === undefined) return config[key];
  return value === null ? off[key] : value;
}

import { ConfigError } from '../../core/index.js';
import type { Config, Patch } from '../../realtime/index.js';
import type { RealtimeModelOptions, UpdatableOptions } from './options.js';
import { patchOf } from './settings.js';
import { validateOptions } from './validate.js';

/** A change by the names of the model's options, by those of the contract, or both. */
export type OptionsUpdate = UpdatableOptions | Patch;

const ofContract = ['instructions', 'tools', 'turns', 'output', 'transcription', 'vendor'] as const;

const updatable: Record<keyof UpdatableOptions, true> = {
  voice: true,
  modalities: true,
  toolChoice: true,
  inputAudioTranscription: true,
  inputAudioNoiseReduction: true,
  turnDetection: true,
  speed: true,
  maxResponseOutputTokens: true,
  reasoning: true,
  parallelToolCalls: true,
  truncation: true,
  tracing: true,
  prompt: true,
  include: true,
  mcpTools: true,
};

/**
 * What an update changes, in the contract's words. ConfigError: `option_invalid`, and `option_unsupported` for options that
 * are the model's or the connection's own.
 */
export function patchOfUpdate(update: OptionsUpdate): Patch {
  const options: Record<string, unknown> = {};
  const patch: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(update)) {
    if (value === undefined) continue;
    if (isOfContract(name) || (value === null && (name === 'voice' || name === 'toolChoice'))) {
      patch[name] = value;
    } else options[name] = value;
  }
  validateOptions(options);
  for (const name of Object.keys(options)) {
    if (Object.hasOwn(updatable, name)) continue;
    const message = `${name} is fixed once the model is made: make another RealtimeModel.`;
    throw new ConfigError('option_unsupported', message, { param: name });
  }
  const known: RealtimeModelOptions = options;
  const { vendor, ...rest } = patchOf(known);
  const given = patch.vendor as Config['vendor'] | null | undefined;
  const merged = vendor === undefined ? given : { ...given, ...vendor };
  return { ...patch, ...rest, ...(merged === undefined ? {} : { vendor: merged }) };
}

function isOfContract(name: string): boolean {
  return (ofContract as readonly string[]).includes(name);
}

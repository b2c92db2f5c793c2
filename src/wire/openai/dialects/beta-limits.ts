import type { Config } from '../../../realtime/contract.js';
import type { OpenAIVendor } from '../convert/vendor.js';

/** Settings for which beta has no field; each with what makes it one. */
const limits: readonly { param: string; asked: (config: Config, vendor: OpenAIVendor) => boolean }[] = [
  { param: 'reasoning', asked: (_config, { reasoning }) => reasoning !== undefined },
  { param: 'parallelToolCalls', asked: (_config, vendor) => vendor.parallelToolCalls !== undefined },
  {
    param: 'truncation',
    asked: (_config, { truncation }) => truncation !== undefined && truncation !== 'auto',
  },
  { param: 'prompt', asked: (_config, { prompt }) => prompt !== undefined && prompt !== null },
  { param: 'include', asked: (_config, { include }) => (include ?? []).length > 0 },
  { param: 'mcpTools', asked: (_config, { mcpTools }) => (mcpTools ?? []).length > 0 },
  { param: 'voice', asked: ({ voice }) => voice.startsWith('voice_') },
  {
    param: 'inputAudioNoiseReduction.strength',
    asked: (_config, { noiseReduction }) => noiseReduction?.strength !== undefined,
  },
  ...(['languages', 'keywords', 'delay'] as const).map((name) => ({
    param: `inputAudioTranscription.${name}`,
    asked: (_config: Config, vendor: OpenAIVendor) => vendor.transcriptionOptions?.[name] !== undefined,
  })),
  {
    param: 'turnDetection.idleTimeoutMs',
    asked: ({ turns }) => turns.owner === 'wire' && typeof turns.idleTimeoutMs === 'number',
  },
];

/** The first setting that the beta dialect cannot carry, by the name of its option; `null` = it carries all. */
export function betaRefusal(config: Config): string | null {
  const vendor: OpenAIVendor = config.vendor;
  return limits.find(({ asked }) => asked(config, vendor))?.param ?? null;
}

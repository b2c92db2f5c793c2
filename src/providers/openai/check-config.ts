import { ConfigError } from '../../core/index.js';
import type { Config } from '../../realtime/index.js';
import type { OpenAIVendor } from '../../wire/openai/index.js';
import {
  anyObject,
  between,
  type Check,
  flag,
  listOf,
  oneOf,
  orNull,
  record,
  text,
  textOr,
} from './checks.js';
import { type ModelFacts, transcriberFacts } from './models.js';

/** What a model's name says of what it takes. */
export interface ModelRules {
  model: string;
  facts: ModelFacts;
  /** Voices and transcription models are the vendor's own: elsewhere they may have other names. */
  ownNames: boolean;
}

/**
 * Throws `ConfigError` for what the model does not take: `option_invalid` (a value that no model takes), `option_unsupported`
 * (one that this model does not take), `options_conflict` (two that cannot both hold). `param` is the option's name.
 */
export function checkConfig(config: Config, rules: ModelRules): void {
  const vendor: OpenAIVendor = config.vendor;
  for (const [name, check] of Object.entries(vendorChecks)) {
    const value = config.vendor[name];
    if (value !== undefined) check(value, `vendor.${name}`);
  }
  checkReasoning(vendor, rules);
  checkVoice(config.voice, rules);
  checkTranscription(config, vendor, rules);
  checkTruncation(vendor, rules);
}

function checkReasoning(vendor: OpenAIVendor, { model, facts }: ModelRules): void {
  if (facts.reasoning) return;
  for (const name of ['reasoning', 'parallelToolCalls'] as const) {
    if (vendor[name] === undefined) continue;
    unsupported(name, `${model} does not reason and refuses a session that names ${name}.`);
  }
}

function checkVoice(voice: string, { model, facts, ownNames }: ModelRules): void {
  if (!ownNames || voice === '' || voice.startsWith('voice_') || facts.voices.includes(voice)) return;
  unsupported(
    'voice',
    `${model} has no such voice. It has ${facts.voices.join(', ')}, and custom ones by id.`,
  );
}

function checkTranscription(
  { transcription, turns }: Config,
  { transcriptionOptions = {} }: OpenAIVendor,
  { model, facts, ownNames }: ModelRules,
): void {
  const name = transcription?.model;
  if (name === undefined) return;
  const known = transcriberFacts(name);
  if (known === undefined || !facts.transcribers.includes(name)) {
    if (!ownNames) return;
    const which = facts.transcribers.join(', ');
    unsupported('inputAudioTranscription.model', `Beside ${model} one of these can transcribe: ${which}.`);
  }
  if (known.manualTurns && turns.owner === 'wire') {
    const message = `The transcription model ${name} needs turnDetection: null and a commit for each turn.`;
    throw new ConfigError('options_conflict', message, { param: 'inputAudioTranscription.model' });
  }
  for (const option of ['languages', 'delay'] as const) {
    if (transcriptionOptions[option] == null || known[option]) continue;
    const message = `The transcription model ${name} does not take ${option}.`;
    unsupported(`inputAudioTranscription.${option}`, message);
  }
}

function checkTruncation({ truncation }: OpenAIVendor, { model, facts }: ModelRules): void {
  const limit = typeof truncation === 'object' ? truncation.token_limits?.post_instructions : undefined;
  if (limit === undefined || limit <= facts.maxInputTokens) return;
  unsupported(
    'truncation.tokenLimits.postInstructions',
    `${model} takes ${facts.maxInputTokens} tokens at most besides its answer; ${limit} is more.`,
  );
}

function unsupported(param: string, message: string): never {
  throw new ConfigError('option_unsupported', message, { param });
}

const efforts = oneOf('minimal', 'low', 'medium', 'high', 'xhigh');

/** The vendor's fields in the wire's own shape, as a patch may bring them. */
const vendorChecks: Record<keyof OpenAIVendor, Check> = {
  speed: between(0.25, 1.5),
  maxOutputTokens: textOr(oneOf('inf'), between(1, 4096, true)),
  noiseReduction: orNull(
    record({ type: oneOf('near_field', 'far_field'), strength: between(0, Number.MAX_VALUE) }),
  ),
  reasoning: record({ effort: efforts }),
  parallelToolCalls: flag,
  truncation: textOr(
    oneOf('auto', 'disabled'),
    record(
      {
        type: oneOf('retention_ratio'),
        retention_ratio: between(0, 1),
        token_limits: record({ post_instructions: between(0, Number.MAX_SAFE_INTEGER, true) }),
      },
      ['type', 'retention_ratio'],
    ),
  ),
  tracing: orNull(textOr(oneOf('auto'), anyObject)),
  prompt: orNull(record({ id: text, version: orNull(text), variables: orNull(anyObject) }, ['id'])),
  include: orNull(listOf(oneOf('item.input_audio_transcription.logprobs'))),
  mcpTools: listOf(anyObject),
  transcriptionOptions: anyObject,
};

import type { Config, Patch, TurnRule } from '../../realtime/index.js';
import type { OpenAIVendor } from '../../wire/openai/index.js';
import { mcpToolToWire } from './mcp-tools.js';
import type { InputAudioTranscription, TurnDetection, UpdatableOptions } from './options.js';

const defaultVoice = 'marin';
const defaultTranscriber = 'gpt-transcribe';

/** The options that are the session's, as a `Config`. */
export function settingsOf(options: UpdatableOptions): Config {
  const { turnDetection = { type: 'semantic_vad' }, inputAudioTranscription = {} } = options;
  const patch = patchOf({ ...options, inputAudioTranscription });
  const { transcriptionOptions, ...vendor } = patch.vendor ?? {};
  const hasOptions = Object.keys(transcriptionOptions ?? {}).length > 0;
  return {
    instructions: '',
    tools: [],
    toolChoice: patch.toolChoice ?? 'auto',
    voice: patch.voice ?? defaultVoice,
    turns: turnRule(turnDetection),
    output: patch.output ?? 'audio',
    transcription: patch.transcription ?? null,
    vendor: hasOptions ? { ...vendor, transcriptionOptions } : vendor,
  };
}

/** What the given options change in a `Config`; what is not given is not named. */
export function patchOf(options: UpdatableOptions): Patch {
  const { voice, modalities, toolChoice, inputAudioTranscription: transcription, turnDetection } = options;
  const patch: Patch = {};
  if (voice !== undefined) patch.voice = typeof voice === 'string' ? voice : voice.id;
  // The transcript of speech is text as well: both together mean speech.
  if (modalities !== undefined) patch.output = modalities.includes('audio') ? 'audio' : 'text';
  if (toolChoice !== undefined) patch.toolChoice = toolChoice;
  if (turnDetection !== undefined) patch.turns = turnRule(turnDetection);
  if (transcription !== undefined) patch.transcription = transcription && transcriptionOf(transcription);
  const vendor = vendorOf(options);
  // Of another transcription none of the old one's options are left.
  if (transcription) vendor.transcriptionOptions ??= {};
  if (Object.keys(vendor).length > 0) patch.vendor = { ...vendor };
  return patch;
}

function transcriptionOf({ model, language, prompt }: InputAudioTranscription): Config['transcription'] {
  return {
    model: model ?? defaultTranscriber,
    ...(language === undefined ? {} : { language }),
    ...(prompt === undefined ? {} : { prompt }),
  };
}

type WireTurns = Extract<TurnRule, { owner: 'wire' }>;

function turnRule(detection: TurnDetection | null): TurnRule {
  if (detection === null) return { owner: 'caller' };
  const { createResponse: autoReply = true, interruptResponse: autoCut = true } = detection;
  // Not by spreads: V8 gives each object that is made of several a shape of its own, kept as long as the model.
  if (detection.type === 'semantic_vad') {
    const { eagerness } = detection;
    const rule: WireTurns = { owner: 'wire', autoReply, autoCut, kind: 'semantic_vad' };
    if (eagerness !== undefined) rule.eagerness = eagerness;
    return rule;
  }
  const { threshold, prefixPaddingMs, silenceDurationMs, idleTimeoutMs } = detection;
  const rule: WireTurns = { owner: 'wire', autoReply, autoCut, kind: 'server_vad' };
  if (threshold !== undefined) rule.threshold = threshold;
  if (prefixPaddingMs !== undefined) rule.prefixMs = prefixPaddingMs;
  if (silenceDurationMs !== undefined) rule.silenceMs = silenceDurationMs;
  if (idleTimeoutMs !== undefined) rule.idleTimeoutMs = idleTimeoutMs;
  return rule;
}

function vendorOf(options: UpdatableOptions): OpenAIVendor {
  const { inputAudioNoiseReduction: noise, inputAudioTranscription, truncation, tracing, include } = options;
  const vendor: OpenAIVendor = {};
  if (options.speed !== undefined) vendor.speed = options.speed;
  if (options.maxResponseOutputTokens !== undefined) vendor.maxOutputTokens = options.maxResponseOutputTokens;
  if (noise !== undefined) vendor.noiseReduction = typeof noise === 'string' ? { type: noise } : noise;
  if (options.reasoning !== undefined) vendor.reasoning = options.reasoning;
  if (options.parallelToolCalls !== undefined) vendor.parallelToolCalls = options.parallelToolCalls;
  if (typeof truncation === 'string') vendor.truncation = truncation;
  else if (truncation !== undefined) {
    const limit = truncation.tokenLimits?.postInstructions;
    vendor.truncation = {
      type: 'retention_ratio',
      retention_ratio: truncation.retentionRatio,
      ...(limit === undefined ? {} : { token_limits: { post_instructions: limit } }),
    };
  }
  if (tracing !== undefined) vendor.tracing = tracingOf(tracing);
  if (options.prompt !== undefined) vendor.prompt = options.prompt;
  if (include !== undefined) vendor.include = include && [...include];
  if (options.mcpTools !== undefined) vendor.mcpTools = options.mcpTools.map(mcpToolToWire);
  const { languages, keywords, delay } = inputAudioTranscription ?? {};
  if (languages !== undefined || keywords !== undefined || delay !== undefined) {
    vendor.transcriptionOptions = {
      ...(languages === undefined ? {} : { languages: [...languages] }),
      ...(keywords === undefined ? {} : { keywords: [...keywords] }),
      ...(delay === undefined ? {} : { delay }),
    };
  }
  return vendor;
}

function tracingOf(
  tracing: NonNullable<UpdatableOptions['tracing']> | null,
): NonNullable<OpenAIVendor['tracing']> | null {
  if (tracing === null || tracing === 'auto') return tracing;
  const { workflowName, groupId, metadata } = tracing;
  return {
    ...(workflowName === undefined ? {} : { workflow_name: workflowName }),
    ...(groupId === undefined ? {} : { group_id: groupId }),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

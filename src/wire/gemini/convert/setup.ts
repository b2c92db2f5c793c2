import type { Config, TurnRule } from '../../../realtime/contract.js';
import type { GenerationConfig, RealtimeInputConfig, Setup, Tool } from '../messages.js';
import type { ModelTraits, PerTool, ToolBehavior } from '../models.js';
import { isObject, type JsonObject } from './json.js';
import { toolsToWire } from './tools.js';

export interface SetupInput {
  config: Config;
  /** Bare name, `models/…` or a publisher's long name. */
  model: string;
  traits: ModelTraits;
  toolBehavior?: PerTool<ToolBehavior> | undefined;
  /** Turns to be given after `setupComplete`. */
  hasHistory: boolean;
  resume?: string | undefined;
}

/**
 * The first frame. `config.vendor` holds fields of the setup in the wire's own names; they go over ours, objects within
 * objects, `tools` after ours; a vendor field of `null` takes ours out. Nothing is sent empty or null.
 */
export function setupFromConfig(input: SetupInput): Setup {
  const { config, model, traits, hasHistory, resume } = input;
  const generationConfig: GenerationConfig = {
    responseModalities: [config.output === 'text' ? 'TEXT' : 'AUDIO'],
  };
  if (config.voice !== '') {
    generationConfig.speechConfig = {
      voiceConfig: { prebuiltVoiceConfig: { voiceName: config.voice } },
    };
  }
  const setup: Setup = { model: model.includes('/') ? model : `models/${model}`, generationConfig };
  if (config.instructions !== '') setup.systemInstruction = instructionContent(config.instructions);
  const tools = toolList(input);
  const { tools: _tools, inputAudioTranscription, ...vendor } = config.vendor;
  // Off is off, whatever the vendor's own fields say of it.
  if (config.transcription !== null && inputAudioTranscription !== undefined) {
    vendor.inputAudioTranscription = inputAudioTranscription;
  }
  if (tools.length > 0) setup.tools = tools;
  const realtimeInputConfig = realtimeInput(config.turns);
  if (Object.keys(realtimeInputConfig).length > 0) setup.realtimeInputConfig = realtimeInputConfig;
  if (config.transcription !== null) {
    const { language } = config.transcription;
    setup.inputAudioTranscription = language === undefined ? {} : { languageCodes: [language] };
  }
  if (config.output === 'audio') setup.outputAudioTranscription = {};
  setup.sessionResumption = resume === undefined ? {} : { handle: resume };
  if (hasHistory && traits.seeding === 'history-config') {
    setup.historyConfig = { initialHistoryInClientContent: true };
  }
  return merge({ ...setup }, vendor) as JsonObject & Setup;
}

/** Our tools and the vendor's own. */
export function toolList({
  config,
  traits,
  toolBehavior,
}: Pick<SetupInput, 'config' | 'traits' | 'toolBehavior'>): Tool[] {
  // The wire has no tool choice; not offering a tool is the only way to forbid it.
  const tools: Tool[] = config.toolChoice === 'none' ? [] : toolsToWire(config.tools, traits, toolBehavior);
  const { tools: vendorTools } = config.vendor;
  return Array.isArray(vendorTools) ? [...tools, ...(vendorTools as Tool[])] : tools;
}

/** A plain text as the wire's system instruction. */
export function instructionContent(instructions: string) {
  return { role: 'user' as const, parts: [{ text: instructions }] };
}

function realtimeInput(turns: TurnRule): RealtimeInputConfig {
  if (turns.owner === 'caller') return { automaticActivityDetection: { disabled: true } };
  const detection: RealtimeInputConfig['automaticActivityDetection'] = {};
  if (turns.silenceMs !== undefined) detection.silenceDurationMs = Math.round(turns.silenceMs);
  if (turns.prefixMs !== undefined) detection.prefixPaddingMs = Math.round(turns.prefixMs);
  const config: RealtimeInputConfig = {};
  if (Object.keys(detection).length > 0) config.automaticActivityDetection = detection;
  if (!turns.autoCut) config.activityHandling = 'NO_INTERRUPTION';
  return config;
}

function merge(ours: JsonObject, over: JsonObject): JsonObject {
  const out: JsonObject = { ...ours };
  for (const [key, value] of Object.entries(over)) {
    if (value === null) delete out[key];
    else if (value !== undefined) {
      const mine = out[key];
      out[key] = isObject(mine) && isObject(value) ? merge(mine, value) : value;
    }
  }
  return out;
}

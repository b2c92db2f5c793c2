import type { Config, TurnRule } from '../../realtime/index.js';
import type { GenerationConfig, RealtimeInputConfig, Setup, Tool } from '../../wire/gemini/index.js';
import { modelFacts } from './models.js';
import { defaultModel } from './names.js';
import type { ActivityDetection, RealtimeModelOptions, TranscriptionOptions } from './options.js';

/**
 * The options that are the session's, as a `Config`; what only this vendor has is in the setup's own names. A vendor
 * field of `null` is left out of the setup.
 */
export function settingsOf(options: RealtimeModelOptions): Config {
  const { turnDetection = {}, inputAudioTranscription: heard = {}, voice = '', modalities } = options;
  return {
    instructions: '',
    tools: [],
    toolChoice: 'auto',
    voice,
    turns: turnRule(turnDetection, options.realtimeInput?.activityHandling),
    output: modalities?.[0] ?? 'audio',
    transcription: heard === null ? null : heard.language === undefined ? {} : { language: heard.language },
    vendor: vendorFields(options, turnDetection),
  };
}

function vendorFields(
  options: RealtimeModelOptions,
  detection: ActivityDetection | null,
): Record<string, unknown> {
  const { outputAudioTranscription: said = {}, sessionResumption = true, setup = {} } = options;
  const { inputAudioTranscription: heard, safetySettings, labels, explicitVadSignal, proactivity } = options;
  const { generationConfig: rawGeneration, realtimeInputConfig: rawInput, tools: rawTools, ...raw } = setup;
  const vendor: Record<string, unknown> = {
    contextWindowCompression: compression(options.contextWindowCompression),
  };
  const generation = { ...generationConfig(options), ...rawGeneration };
  if (Object.keys(generation).length > 0) vendor.generationConfig = generation;
  const input = { ...realtimeInput(options, detection), ...rawInput };
  if (Object.keys(input).length > 0) vendor.realtimeInputConfig = input;
  const tools = [...serverTools(options), ...(rawTools ?? [])];
  if (tools.length > 0) vendor.tools = tools;
  const words = heard === undefined || heard === null ? {} : transcription(heard);
  if (Object.keys(words).length > 0) vendor.inputAudioTranscription = words;
  if (said === null) vendor.outputAudioTranscription = null;
  else if (Object.keys(said).length > 0) vendor.outputAudioTranscription = transcription(said);
  if (sessionResumption === false) vendor.sessionResumption = null;
  else if (sessionResumption !== true && sessionResumption.transparent === true) {
    vendor.sessionResumption = { transparent: true };
  }
  if (proactivity !== undefined) vendor.proactivity = { proactiveAudio: proactivity };
  if (explicitVadSignal !== undefined) vendor.explicitVadSignal = explicitVadSignal;
  if (safetySettings !== undefined && safetySettings.length > 0) vendor.safetySettings = [...safetySettings];
  if (labels !== undefined && Object.keys(labels).length > 0) vendor.labels = { ...labels };
  return { ...vendor, ...raw };
}

function generationConfig(options: RealtimeModelOptions): GenerationConfig {
  const { thinkingDefault } = modelFacts(options.model ?? defaultModel);
  const { languageCode, mediaResolution, thinking, affectiveDialog, translation } = options;
  const out: GenerationConfig = {};
  for (const name of plain) if (options[name] !== undefined) out[name] = options[name];
  if (languageCode !== undefined) out.speechConfig = { languageCode };
  if (mediaResolution !== undefined) out.mediaResolution = resolutions[mediaResolution];
  const { budget, level, includeThoughts } = thinking ?? {};
  const thinkingConfig: GenerationConfig['thinkingConfig'] = {};
  if (budget !== undefined) thinkingConfig.thinkingBudget = budget;
  if (level !== undefined) thinkingConfig.thinkingLevel = levels[level];
  else if (thinkingDefault !== undefined) thinkingConfig.thinkingLevel = thinkingDefault;
  if (includeThoughts !== undefined) thinkingConfig.includeThoughts = includeThoughts;
  if (Object.keys(thinkingConfig).length > 0) out.thinkingConfig = thinkingConfig;
  if (affectiveDialog !== undefined) out.enableAffectiveDialog = affectiveDialog;
  if (translation !== undefined) {
    const { targetLanguage, echoTargetLanguage } = translation;
    out.translationConfig = {
      targetLanguageCode: targetLanguage,
      ...(echoTargetLanguage === undefined ? {} : { echoTargetLanguage }),
    };
  }
  return out;
}

function serverTools({ googleSearch, serverTools = [] }: RealtimeModelOptions): Tool[] {
  return [...(googleSearch === true ? [{ googleSearch: {} }] : []), ...serverTools];
}

function transcription(options: TranscriptionOptions) {
  const { language, languages, customVocabulary, wordTimestamps } = options;
  const codes = languages ?? (language === undefined ? undefined : [language]);
  return {
    ...(codes === undefined || codes.length === 0 ? {} : { languageCodes: [...codes] }),
    ...(customVocabulary === undefined || customVocabulary.length === 0
      ? {}
      : { customVocabulary: [...customVocabulary] }),
    ...(wordTimestamps === undefined ? {} : { wordTimestamp: wordTimestamps }),
  };
}

function compression(
  option: RealtimeModelOptions['contextWindowCompression'],
): Setup['contextWindowCompression'] | null {
  if (option === null) return null;
  const { triggerTokens, targetTokens } = option ?? {};
  return {
    ...(triggerTokens === undefined ? {} : { triggerTokens }),
    slidingWindow: targetTokens === undefined ? {} : { targetTokens },
  };
}

function turnRule(
  detection: ActivityDetection | null,
  handling: 'START_OF_ACTIVITY_INTERRUPTS' | 'NO_INTERRUPTION' | undefined,
): TurnRule {
  if (detection === null) return { owner: 'caller' };
  const { silenceDurationMs, prefixPaddingMs, interruptResponse } = detection;
  return {
    owner: 'wire',
    kind: 'server_vad',
    autoReply: true,
    autoCut: interruptResponse ?? handling !== 'NO_INTERRUPTION',
    ...(silenceDurationMs === undefined ? {} : { silenceMs: silenceDurationMs }),
    ...(prefixPaddingMs === undefined ? {} : { prefixMs: prefixPaddingMs }),
  };
}

/** What the contract's turn rule has no field for. */
function realtimeInput(
  { realtimeInput }: RealtimeModelOptions,
  detection: ActivityDetection | null,
): RealtimeInputConfig {
  const { startOfSpeechSensitivity: start, endOfSpeechSensitivity: end } = detection ?? {};
  const automaticActivityDetection: RealtimeInputConfig['automaticActivityDetection'] = {};
  if (start !== undefined) automaticActivityDetection.startOfSpeechSensitivity = startNames[start];
  if (end !== undefined) automaticActivityDetection.endOfSpeechSensitivity = endNames[end];
  const config: RealtimeInputConfig = {};
  if (start !== undefined || end !== undefined)
    config.automaticActivityDetection = automaticActivityDetection;
  const { activityHandling, turnCoverage } = realtimeInput ?? {};
  if (activityHandling !== undefined) config.activityHandling = activityHandling;
  if (turnCoverage !== undefined) config.turnCoverage = turnCoverage;
  return config;
}

const plain = [
  'temperature',
  'topP',
  'topK',
  'maxOutputTokens',
  'seed',
  'presencePenalty',
  'frequencyPenalty',
] as const;
const resolutions = {
  low: 'MEDIA_RESOLUTION_LOW',
  medium: 'MEDIA_RESOLUTION_MEDIUM',
  high: 'MEDIA_RESOLUTION_HIGH',
} as const;
const levels = { minimal: 'MINIMAL', low: 'LOW', medium: 'MEDIUM', high: 'HIGH' } as const;
const startNames = { high: 'START_SENSITIVITY_HIGH', low: 'START_SENSITIVITY_LOW' } as const;
const endNames = { high: 'END_SENSITIVITY_HIGH', low: 'END_SENSITIVITY_LOW' } as const;

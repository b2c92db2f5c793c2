import type { Config, TurnRule } from '../../realtime/index.js';
import type { OpenAIVendor } from '../../wire/openai/index.js';
import type { InputAudioTranscription, RealtimeModelOptions, TurnDetection } from './options.js';

const defaultVoice = 'marin';
const defaultTranscriber = 'gpt-transcribe';

/** The options that are the session's, as a `Config`. */
export function settingsOf(options: RealtimeModelOptions): Config {
  const { modalities, inputAudioTranscription: transcription = {} } = options;
  return {
    instructions: '',
    tools: [],
    toolChoice: options.toolChoice ?? 'auto',
    voice: options.voice ?? defaultVoice,
    turns: turnRule(options.turnDetection === undefined ? { type: 'semantic_vad' } : options.turnDetection),
    // The transcript of speech is text as well: both together mean speech.
    output: modalities === undefined || modalities.includes('audio') ? 'audio' : 'text',
    transcription:
      transcription === null
        ? null
        : {
            model: transcription.model ?? defaultTranscriber,
            ...(transcription.language === undefined ? {} : { language: transcription.language }),
            ...(transcription.prompt === undefined ? {} : { prompt: transcription.prompt }),
          },
    vendor: { ...vendorOf(options, transcription) },
  };
}

function turnRule(detection: TurnDetection | null): TurnRule {
  if (detection === null) return { owner: 'caller' };
  const both = {
    owner: 'wire',
    autoReply: detection.createResponse ?? true,
    autoCut: detection.interruptResponse ?? true,
  } as const;
  if (detection.type === 'semantic_vad') {
    const { eagerness } = detection;
    return { ...both, kind: 'semantic_vad', ...(eagerness === undefined ? {} : { eagerness }) };
  }
  const { threshold, prefixPaddingMs, silenceDurationMs, idleTimeoutMs } = detection;
  return {
    ...both,
    kind: 'server_vad',
    ...(threshold === undefined ? {} : { threshold }),
    ...(prefixPaddingMs === undefined ? {} : { prefixMs: prefixPaddingMs }),
    ...(silenceDurationMs === undefined ? {} : { silenceMs: silenceDurationMs }),
    ...(idleTimeoutMs === undefined ? {} : { idleTimeoutMs }),
  };
}

function vendorOf(
  options: RealtimeModelOptions,
  transcription: InputAudioTranscription | null,
): OpenAIVendor {
  const { speed, maxResponseOutputTokens, inputAudioNoiseReduction: noise } = options;
  const vendor: OpenAIVendor = {};
  if (speed !== undefined) vendor.speed = speed;
  if (maxResponseOutputTokens !== undefined) vendor.maxOutputTokens = maxResponseOutputTokens;
  if (noise !== undefined) vendor.noiseReduction = typeof noise === 'string' ? { type: noise } : noise;
  const { languages, keywords, delay } = transcription ?? {};
  if (languages !== undefined || keywords !== undefined || delay !== undefined) {
    vendor.transcriptionOptions = {
      ...(languages === undefined ? {} : { languages: [...languages] }),
      ...(keywords === undefined ? {} : { keywords: [...keywords] }),
      ...(delay === undefined ? {} : { delay }),
    };
  }
  return vendor;
}

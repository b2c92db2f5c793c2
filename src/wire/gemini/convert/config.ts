import type { Config, TurnRule } from '../../../realtime/contract.js';
import type { RealtimeInputConfig, Setup } from '../messages.js';
import { textOf } from './content.js';
import { toolsFromWire } from './tools.js';

/** A client's setup as ours. Fields that only this vendor has are not in it. */
export function configFromSetup(setup: Setup): Config {
  const { generationConfig, inputAudioTranscription } = setup;
  const language = inputAudioTranscription?.languageCodes?.[0];
  return {
    instructions: textOf(setup.systemInstruction),
    tools: toolsFromWire(setup.tools),
    toolChoice: 'auto',
    voice: generationConfig?.speechConfig?.voiceConfig?.prebuiltVoiceConfig?.voiceName ?? '',
    turns: turnRule(setup.realtimeInputConfig),
    output: generationConfig?.responseModalities?.[0] === 'TEXT' ? 'text' : 'audio',
    transcription: inputAudioTranscription === undefined ? null : language === undefined ? {} : { language },
    vendor: {},
  };
}

function turnRule(config: RealtimeInputConfig | undefined): TurnRule {
  const detection = config?.automaticActivityDetection;
  if (detection?.disabled === true) return { owner: 'caller' };
  return {
    owner: 'wire',
    kind: 'server_vad',
    autoReply: true,
    autoCut: config?.activityHandling !== 'NO_INTERRUPTION',
    ...(detection?.silenceDurationMs === undefined ? {} : { silenceMs: Number(detection.silenceDurationMs) }),
    ...(detection?.prefixPaddingMs === undefined ? {} : { prefixMs: Number(detection.prefixPaddingMs) }),
  };
}

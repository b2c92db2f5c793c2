import type { Config, TurnRule } from '../../realtime/index.js';
import type { RealtimeInputConfig } from '../../wire/gemini/index.js';
import type { ActivityDetection, RealtimeModelOptions, SetupFields } from './options.js';

/** The options that are the session's, as a `Config`; what only this vendor has is in the setup's own names. */
export function settingsOf(options: RealtimeModelOptions): Config {
  const { turnDetection = {}, inputAudioTranscription: transcription = {}, voice = '' } = options;
  return {
    instructions: '',
    tools: [],
    toolChoice: 'auto',
    voice,
    turns: turnRule(turnDetection),
    output: 'audio',
    transcription,
    vendor: {
      // Without it a session of audio ends after 15 minutes.
      contextWindowCompression: { slidingWindow: {} },
      ...options.setup,
      ...realtimeInput(turnDetection, options.setup?.realtimeInputConfig),
    },
  };
}

function turnRule(detection: ActivityDetection | null): TurnRule {
  if (detection === null) return { owner: 'caller' };
  const { silenceDurationMs, prefixPaddingMs, interruptResponse = true } = detection;
  return {
    owner: 'wire',
    kind: 'server_vad',
    autoReply: true,
    autoCut: interruptResponse,
    ...(silenceDurationMs === undefined ? {} : { silenceMs: silenceDurationMs }),
    ...(prefixPaddingMs === undefined ? {} : { prefixMs: prefixPaddingMs }),
  };
}

/** What the contract's turn rule has no field for. */
function realtimeInput(
  detection: ActivityDetection | null,
  given: SetupFields['realtimeInputConfig'],
): Pick<SetupFields, 'realtimeInputConfig'> {
  const { startOfSpeechSensitivity: start, endOfSpeechSensitivity: end } = detection ?? {};
  const automaticActivityDetection: RealtimeInputConfig['automaticActivityDetection'] = {};
  if (start !== undefined) automaticActivityDetection.startOfSpeechSensitivity = startNames[start];
  if (end !== undefined) automaticActivityDetection.endOfSpeechSensitivity = endNames[end];
  const config: RealtimeInputConfig = { ...given };
  if (start !== undefined || end !== undefined)
    config.automaticActivityDetection = automaticActivityDetection;
  return Object.keys(config).length === 0 ? {} : { realtimeInputConfig: config };
}

const startNames = { high: 'START_SENSITIVITY_HIGH', low: 'START_SENSITIVITY_LOW' } as const;
const endNames = { high: 'END_SENSITIVITY_HIGH', low: 'END_SENSITIVITY_LOW' } as const;

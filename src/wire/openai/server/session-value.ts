import { configToSession, pcm24k } from '../convert/index.js';
import type {
  AudioInput,
  AudioInputUpdate,
  RealtimeSession,
  RealtimeSessionUpdate,
  TurnDetection,
} from '../events.js';
import type { OpenAIServerOptions } from './options.js';

/** What a session shows where the model's default voice has no name. */
export const placeholderVoice = 'alloy';

/** As the client is shown it: what opens a tool server is written and never read. */
export function shownSession(session: RealtimeSession): RealtimeSession {
  const tools = session.tools.map((tool) => {
    if (tool.type !== 'mcp') return tool;
    const { authorization: _authorization, headers: _headers, ...shown } = tool;
    return shown;
  });
  return { ...session, tools };
}

/** The session before any update: what the model is set to, and over it what `options.session` says. */
export function startSession(
  {
    model,
    defaults,
    expiresAt,
    session,
  }: Pick<OpenAIServerOptions, 'model' | 'defaults' | 'expiresAt' | 'session'>,
  id: string,
): RealtimeSession {
  const blank: RealtimeSession = {
    type: 'realtime',
    object: 'realtime.session',
    id,
    expires_at: expiresAt,
    model,
    output_modalities: ['audio'],
    instructions: '',
    tools: [],
    tool_choice: 'auto',
    max_output_tokens: 'inf',
    truncation: 'auto',
    tracing: null,
    prompt: null,
    include: null,
    audio: {
      input: { format: pcm24k, noise_reduction: null, transcription: null, turn_detection: null },
      output: { format: pcm24k, voice: placeholderVoice, speed: 1 },
    },
  };
  const withDefaults = merge(blank, configToSession(defaults));
  return session === undefined ? withDefaults : merge(withDefaults, session);
}

/** An update merged by leaf: absent = keep. The result shares nothing that is changed later. */
export function merge(session: RealtimeSession, update: RealtimeSessionUpdate): RealtimeSession {
  const { audio, model: _model, type: _type, ...top } = update;
  return {
    ...session,
    ...top,
    audio: {
      input: mergeInput(session.audio.input, audio?.input ?? {}),
      output: { ...session.audio.output, ...audio?.output },
    },
  };
}

function mergeInput(input: AudioInput, update: AudioInputUpdate): AudioInput {
  const { noise_reduction, transcription, turn_detection, format } = update;
  const merged: AudioInput = { ...input };
  if (format !== undefined) merged.format = format;
  if (noise_reduction !== undefined) {
    merged.noise_reduction =
      noise_reduction === null ? null : { type: 'near_field', ...input.noise_reduction, ...noise_reduction };
  }
  if (transcription !== undefined) {
    merged.transcription = transcription === null ? null : { ...input.transcription, ...transcription };
  }
  if (turn_detection !== undefined) {
    merged.turn_detection = turn_detection === null ? null : mergeTurns(input.turn_detection, turn_detection);
  }
  return merged;
}

/** [W] as a real `session.created` has them; the vendor's pages say 500 ms of silence. */
const vadDefaults = {
  threshold: 0.5,
  prefix_padding_ms: 300,
  silence_duration_ms: 200,
  idle_timeout_ms: null,
  create_response: true,
  interrupt_response: true,
} as const;

const semanticDefaults = { eagerness: 'auto', create_response: true, interrupt_response: true } as const;

/** Leaves are kept within one kind of detection; another kind begins with its defaults. */
function mergeTurns(before: TurnDetection | null, update: TurnDetection): TurnDetection {
  const kept = before?.type === update.type ? before : {};
  return update.type === 'server_vad'
    ? { ...vadDefaults, ...kept, ...update }
    : { ...semanticDefaults, ...kept, ...update };
}

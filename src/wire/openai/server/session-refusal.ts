import { voiceFromWire } from '../convert/index.js';
import type { RealtimeSession, RealtimeSessionUpdate } from '../events.js';
import { modelFacts, transcriberFacts } from '../models.js';
import { type Problem, problem } from './errors.js';
import { merge } from './session-value.js';

/** What the update has to know about the rest of the session. */
export interface SessionFacts {
  /** The model has spoken: its voice is fixed. */
  spoke: boolean;
  responding: boolean;
}

/** Why an update is refused as a whole. */
export function refusal(
  session: RealtimeSession,
  update: RealtimeSessionUpdate,
  facts: SessionFacts,
): Problem | null {
  const { voice, speed } = update.audio?.output ?? {};
  if (update.model !== undefined && update.model !== session.model) {
    return problem(
      'invalid_value',
      `The model of a session cannot be changed: it is '${session.model}'.`,
      'session.model',
    );
  }
  if (
    facts.spoke &&
    voice !== undefined &&
    voiceFromWire(voice) !== voiceFromWire(session.audio.output.voice)
  ) {
    return problem(
      'cannot_update_voice',
      "Cannot update a conversation's voice if assistant audio is present.",
    );
  }
  if (facts.responding && speed !== undefined && speed !== session.audio.output.speed) {
    return problem(
      'invalid_value',
      'The speed of the audio can be changed only between responses.',
      'session.audio.output.speed',
    );
  }
  if (
    session.tracing !== null &&
    update.tracing !== undefined &&
    JSON.stringify(update.tracing) !== JSON.stringify(session.tracing)
  ) {
    return problem('invalid_value', 'Tracing cannot be changed once it is set.', 'session.tracing');
  }
  return modelRefusal(session.model, update, 'session') ?? conflict(merge(session, update));
}

/** Fields that only some models take. `at`: the object that names them. */
export function modelRefusal(
  model: string,
  fields: Pick<RealtimeSessionUpdate, 'reasoning' | 'parallel_tool_calls'>,
  at: 'session' | 'response',
): Problem | null {
  if (modelFacts(model).reasoning) return null;
  for (const name of ['reasoning', 'parallel_tool_calls'] as const) {
    if (fields[name] === undefined) continue;
    const path = `${at}.${name}`;
    return problem(
      'unsupported_parameter',
      `Unsupported parameter: '${path}' with the model '${model}'.`,
      path,
    );
  }
  return null;
}

/** What cannot hold together, however it came about. */
function conflict({ model, audio, truncation }: RealtimeSession): Problem | null {
  const { transcription, turn_detection } = audio.input;
  const transcriber = transcription?.model ?? '';
  if (turn_detection !== null && transcriberFacts(transcriber)?.manualTurns === true) {
    return problem(
      'invalid_value',
      `The transcription model '${transcriber}' needs 'turn_detection' to be null.`,
      'session.audio.input.transcription.model',
    );
  }
  const limit = typeof truncation === 'string' ? undefined : truncation.token_limits?.post_instructions;
  const { maxInputTokens } = modelFacts(model);
  if (limit !== undefined && limit > maxInputTokens) {
    return problem(
      'integer_above_max_value',
      `Invalid 'post_instructions': expected a value <= ${maxInputTokens}, but got ${limit} instead.`,
      'session.truncation.token_limits.post_instructions',
    );
  }
  return null;
}

import type { EngineStateOptions } from './engine/state.js';
import type { Dialler } from './model.js';
import type { SessionOptions } from './session-options.js';

/** What the engine's link logic is set to: the session's options, else the model's. */
export function lineOptions(
  model: Dialler,
  options: SessionOptions,
): Omit<EngineStateOptions, 'replyTimeoutMs'> {
  const { maxRetries, intervalMs } = { ...model.connOptions, ...options.connOptions };
  const maxSessionDurationMs = options.maxSessionDurationMs ?? model.maxSessionDurationMs;
  const { deadAir, partialReply, hostedReply } = options;
  return {
    ...(maxRetries === undefined ? {} : { maxRetries }),
    ...(intervalMs === undefined ? {} : { intervalMs }),
    ...(maxSessionDurationMs === undefined ? {} : { maxSessionDurationMs }),
    ...(partialReply === undefined ? {} : { partialReply }),
    ...(hostedReply === undefined ? {} : { hostedReply }),
    ...(deadAir === undefined
      ? {}
      : { deadAir: { then: deadAir.then, afterMs: deadAir.afterMs ?? null, text: deadAir.text ?? '' } }),
  };
}

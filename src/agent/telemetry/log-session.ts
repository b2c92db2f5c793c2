import type { Logger } from '../../core/index.js';
import type { AgentSession } from '../session.js';
import { redact } from './redact.js';

export interface LogOptions {
  /** Frames of the model's wire, at debug. Default: where the logger reads debug. To be given before `start`. */
  frames?: boolean;
  /** What was said, by both sides. Default false: these are people's words. Frames have them, too. */
  words?: boolean;
}

/** Writes down what a session does: errors as errors, what goes on by itself as warnings, calls at info, the rest at debug. */
export function logSession(session: AgentSession, logger: Logger, options: LogOptions = {}): void {
  const { frames = logger.isLevelEnabled?.('debug') ?? true, words = false } = options;
  session.on('error', (error) => {
    const { code, provider, vendorCode, param, message } = error;
    logger.error({ code, provider, vendorCode, param }, String(redact(message)));
  });
  session.on('session_retrying', ({ attempt, delayMs, code }) =>
    logger.warn({ attempt, delayMs, code }, 'no connection to the model, trying again'),
  );
  session.on('session_reconnected', (event) => logger.info(event, 'another connection to the model serves'));
  session.on('dead_air', (event) => logger.warn(event, 'the turn is over and nothing comes'));
  session.on('limit_approaching', (event) => logger.warn(event, 'a limit is near'));
  session.on('limit_reached', (event) => logger.warn(event, 'a limit is reached'));
  session.on('call_metrics', (metrics) => logger.info({ metrics, usage: session.usage }, 'the call was'));
  session.on('close', ({ reason, error }) =>
    logger.info({ reason: redact(reason), code: error?.code }, 'the call is over'),
  );
  session.on('agent_state_changed', ({ from, to }) =>
    from === 'initializing' ? logger.info({}, 'the call begins') : logger.debug({ from, to }, 'agent'),
  );
  session.on('user_state_changed', ({ from, to }) => logger.debug({ from, to }, 'user'));
  session.on('speech_interrupted', (event) => logger.debug(event, 'interrupted'));
  session.on('dtmf_received', ({ digits, ended }) =>
    logger.debug({ ended, ...(words ? { digits } : { count: digits.length }) }, 'keys of the caller'),
  );
  session.on('tool_started', ({ callId, name, args }) =>
    logger.debug({ callId, name, ...(words ? { args: redact(args) } : {}) }, 'tool started'),
  );
  session.on('tool_ended', ({ callId, name, outcome, durationMs }) =>
    logger.debug({ callId, name, outcome, durationMs }, 'tool ended'),
  );
  session.on('metrics_collected', (metrics) => logger.debug({ metrics }, 'measured'));
  if (words) {
    session.on('conversation_item_added', ({ item }) => logger.debug({ item: redact(item) }, 'said'));
  }
  if (!frames) return;
  session.on('realtime_event', ({ direction, frame, event }) =>
    logger.debug({ direction, frame: redact(event ?? frame) }, 'frame'),
  );
}

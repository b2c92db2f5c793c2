import type { Clock } from '../../../core/index.js';
import type { AgentSession } from '../../session.js';
import { CallLimits, type LimitOptions } from './call-limits.js';

/** The limits of a session: it tells of them, says goodbye in a voice that nobody interrupts, and closes. */
export function sessionLimits(options: LimitOptions, session: AgentSession, clock: Clock): CallLimits {
  const uncut = { allowInterruptions: false };
  return new CallLimits(options, {
    clock,
    approaching: (event) => session.emit('limit_approaching', event),
    reached: (event) => session.emit('limit_reached', event),
    error: (error) => session.emit('error', error),
    goodbye: (words) =>
      typeof words === 'string' ? session.say(words, uncut) : session.generateReply({ ...words, ...uncut }),
    close: (reason) => void session.close(reason),
  });
}

import { StateError } from '../../core/index.js';
import type { SessionHost } from '../session-host.js';
import type { ToolContext } from './context.js';

const hosts = new WeakMap<ToolContext, SessionHost>();

/** For tools of the house that are parts of their session: more than an application's tool is given. */
export function bindHost(context: ToolContext, host: SessionHost): void {
  hosts.set(context, host);
}

/** StateError `not_started` for a context that no session has made. */
export function hostOf(context: ToolContext): SessionHost {
  const host = hosts.get(context);
  if (host === undefined) throw new StateError('not_started', 'This tool runs in an AgentSession only');
  return host;
}

import type { ServerMachine } from '../../realtime/contract.js';
import { withOutbox } from './outbox.js';
import { endLink, type Server, serverState } from './server/context.js';
import { overdue } from './server/deadlines.js';
import { linkEvent } from './server/events.js';
import { clientFrame } from './server/frames.js';
import type { GeminiServerOptions } from './server/options.js';
import { leavePlayback } from './server/turn.js';
import { Words } from './server/words.js';

export type { Admission, GeminiFaults, GeminiServerOptions } from './server/options.js';

/**
 * The service's side of a Gemini Live connection, in front of any link. `open` is sent when the client's setup has come.
 * Frames go out as bytes of camelCase JSON, `turnComplete` when all audio sent would have been played, and every error
 * is a close frame with the service's code and reason.
 */
export function geminiServerMachine(options: GeminiServerOptions): ServerMachine {
  return withOutbox((port, ids) => {
    const server: Server = {
      port,
      ids,
      options,
      state: serverState(),
      purposes: new Map(),
      heard: new Words(),
      said: new Words(),
      input: null,
      output: null,
      nowMs: 0,
    };
    const { state } = server;
    const at = (nowMs: number, run: () => void) => {
      server.nowMs = nowMs;
      if (state.phase !== 'closed') run();
    };
    return {
      local: (event, nowMs) => at(nowMs, () => linkEvent(server, event)),
      frame: (frame, nowMs) => at(nowMs, () => clientFrame(server, frame)),
      wake: (nowMs) =>
        at(nowMs, () => {
          overdue(server);
        }),
      closed: (_code, reason, nowMs) =>
        at(nowMs, () => {
          leavePlayback(server);
          endLink(server, reason);
        }),
    };
  });
}

import type { AgentEvents, AgentSession } from '../../../agent/index.js';
import type { Listeners } from '../../../core/index.js';
import type { RealtimeEvents } from '../../../realtime/index.js';
import type { Caller } from './caller.js';
import { plain } from './plain.js';

/** Of the model's session, what the waterfall of a turn and the truth of a cut are known by. */
const modelEvents: readonly (keyof RealtimeEvents)[] = [
  'input_speech_started',
  'input_speech_stopped',
  'input_audio_committed',
  'generation_created',
  'generation_ended',
  'interrupted',
  'input_replayed',
  'remote_item_truncated',
];

/** Writes all events of a session into the caller's log, also those of later versions; frames of the wire are left out. */
export function logSession(session: AgentSession, caller: Caller): void {
  const all: Listeners<AgentEvents> = new Proxy(
    {},
    {
      get: (_, name) =>
        typeof name !== 'string' || name === 'realtime_event'
          ? undefined
          : (event: unknown) => caller.note('session', name, plain(event)),
    },
  );
  session.attach(all);
}

/** As `logSession`, of the model's session; once the session has one. */
export function logModel(session: AgentSession, caller: Caller): void {
  const begun = new Set<string>();
  const model = session.realtime;
  for (const name of modelEvents) model.on(name, (event) => caller.note('model', name, plain(event)));
  model.on('generation_audio', ({ responseId }) => {
    if (responseId === null || begun.has(responseId)) return;
    begun.add(responseId);
    caller.note('model', 'generation_audio', { responseId });
  });
}

import type { AgentEvents, AgentSession } from '../../../agent/index.js';
import { type Listeners, StateError } from '../../../core/index.js';
import type { RealtimeEvents, RealtimeSession } from '../../../realtime/index.js';
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

/** As `logSession`, of the model's session, and of the next one where another agent brings its own. */
export function logModel(session: AgentSession, caller: Caller): void {
  let known: RealtimeSession | undefined;
  const follow = () => {
    const model = modelOf(session);
    if (model === undefined || model === known) return;
    known = model;
    listen(model, caller);
  };
  follow();
  session.on('agent_changed', follow);
}

/** Undefined where the session could not get so far. */
function modelOf(session: AgentSession): RealtimeSession | undefined {
  try {
    return session.realtime;
  } catch (thrown) {
    if (thrown instanceof StateError) return undefined;
    throw thrown;
  }
}

function listen(model: RealtimeSession, caller: Caller): void {
  const begun = new Set<string>();
  for (const name of modelEvents) model.on(name, (event) => caller.note('model', name, plain(event)));
  model.on('generation_audio', ({ responseId }) => {
    if (responseId === null || begun.has(responseId)) return;
    begun.add(responseId);
    caller.note('model', 'generation_audio', { responseId });
  });
}

import type { Command, Config, Patch } from '../../../realtime/contract.js';
import { configToSession, patchToSession, sessionToConfig } from '../convert/index.js';
import type { RealtimeSessionUpdate } from '../events.js';
import type { ClientCore } from './core.js';
import { seedItems } from './item-commands.js';
import { asFields, type Fields, fieldsOf, optionalId, optionalMs } from './read.js';

type Of<T extends Command['t']> = Extract<Command, { t: T }>;

/** The server speaks first; then the whole config and the history go out at once, since it works in order. */
export function onSessionCreated(core: ClientCore, event: Fields, open: Of<'open'>): void {
  if (core.phase !== 'greeting') return core.note('session.created', event);
  core.phase = 'configuring';
  core.config = open.config;
  applyTurns(core, open.config);
  const eventId = core.ids('event');
  core.expect({ kind: 'update', cmd: null, eventId, key: '', opening: true });
  core.send({
    type: 'session.update',
    event_id: eventId,
    session: configToSession(open.config, { input: core.inputFormat, output: core.outputFormat }),
  });
  seedItems(core, open.history);
}

/** Names no request: the oldest update is the one that it confirms. */
export function onSessionUpdated(core: ClientCore, event: Fields): void {
  const session = fieldsOf(event, 'session');
  const effective = readSession(session);
  const update = core.pending.take('update');
  if (effective?.turns !== undefined) applyTurns(core, effective);
  if (update === undefined) return core.note('session.updated', event);
  if (update.opening !== true) return core.ack(update.cmd, event);
  core.phase = 'ready';
  const sessionId = optionalId(session, 'id');
  const expiresAt = optionalMs(session, 'expires_at');
  core.emit({
    t: 'ready',
    ...(sessionId === undefined ? {} : { sessionId }),
    // Unix seconds on the wire; 0 says nothing.
    ...(expiresAt ? { expiresAtMs: expiresAt * 1000 } : {}),
    ...(effective === undefined ? {} : { effective }),
    raw: event,
  });
}

export function configure(core: ClientCore, { cmd, patch }: Of<'configure'>): void {
  const complete = completed(core.config, patch);
  core.expect({ kind: 'update', cmd, eventId: cmd, key: '' });
  core.send({ type: 'session.update', event_id: cmd, session: patchToSession(complete) });
  if (core.config !== undefined) core.config = merged(core.config, patch);
}

/** A voice that stays is left out (the server refuses one after its first audio); halves of one wire field go together. */
function completed(config: Config | undefined, patch: Patch): Patch {
  const complete: Patch = { ...patch };
  if (config === undefined) return complete;
  if (patch.voice === config.voice) delete complete.voice;
  const vendor = { ...config.vendor, ...patch.vendor };
  if (patch.vendor && 'mcpTools' in patch.vendor && patch.tools === undefined) complete.tools = config.tools;
  if (patch.vendor && 'transcriptionOptions' in patch.vendor && patch.transcription === undefined) {
    complete.transcription = config.transcription;
  }
  const halves: Record<string, unknown> = {};
  if (complete.tools !== undefined && vendor.mcpTools !== undefined) halves.mcpTools = vendor.mcpTools;
  if (complete.transcription && vendor.transcriptionOptions !== undefined) {
    halves.transcriptionOptions = vendor.transcriptionOptions;
  }
  if (Object.keys(halves).length > 0) complete.vendor = { ...patch.vendor, ...halves };
  return complete;
}

function merged(config: Config, patch: Patch): Config {
  const next: Config = { ...config, vendor: { ...config.vendor, ...patch.vendor } };
  if (patch.tools !== undefined) next.tools = patch.tools ?? [];
  if (patch.voice) next.voice = patch.voice;
  if (patch.transcription !== undefined) next.transcription = patch.transcription;
  return next;
}

function applyTurns(core: ClientCore, config: Partial<Config>): void {
  const { turns } = config;
  core.autoReply = turns?.owner === 'wire' && turns.autoReply;
}

/** What a server says of its session in a shape that is not known must not keep the session from opening. */
function readSession(session: Fields): Partial<Config> | undefined {
  try {
    const known = asFields(session) as Partial<RealtimeSessionUpdate> | undefined;
    return known === undefined ? undefined : sessionToConfig(known);
  } catch {
    return undefined;
  }
}

import type { Command, Config, Patch } from '../../../realtime/contract.js';
import { configToSession, patchToSession, sameJson, sessionToConfig, vendorOff } from '../convert/index.js';
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
  core.confirmed = open.config;
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
  if (core.confirmed !== undefined && update.patch !== undefined) {
    core.confirmed = merged(core.confirmed, update.patch);
  }
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

/** What the server would refuse as a whole is not sent. */
export function configure(core: ClientCore, { cmd, patch: asked }: Of<'configure'>): void {
  const patch = spelledOut(core.config, asked);
  const refusal = refusalOf(core, patch);
  if (refusal !== null)
    return core.emit({ t: 'refused', cmd, code: 'unsupported', ...refusal, benign: false });
  const complete = completed(core.config, patch);
  core.expect({ kind: 'update', cmd, eventId: cmd, key: '', patch });
  core.send({ type: 'session.update', event_id: cmd, session: patchToSession(complete) });
  if (core.config !== undefined) core.config = merged(core.config, patch);
}

/** An update was refused: what was sent after it still holds. */
export function forgetUpdate(core: ClientCore): void {
  let { confirmed: config } = core;
  for (const { patch } of core.pending.all('update')) {
    if (config !== undefined && patch !== undefined) config = merged(config, patch);
  }
  core.config = config;
}

/** `vendor: null`, which the wire has no word for, as each field's own off. */
function spelledOut(config: Config | undefined, patch: Patch): Patch {
  if (patch.vendor !== null || config === undefined) return patch;
  const off = Object.entries(vendorOff).filter(([name]) => config.vendor[name] !== undefined);
  return { ...patch, vendor: Object.fromEntries(off) };
}

function refusalOf(core: ClientCore, patch: Patch): { message: string; param: string } | null {
  const { config, spoke } = core;
  if (config === undefined) return null;
  if (spoke && patch.voice && patch.voice !== config.voice) {
    const message = 'The model has spoken: its voice stays until another connection is opened.';
    return { message, param: 'voice' };
  }
  const { tracing } = config.vendor;
  const wanted = patch.vendor?.tracing;
  if (tracing != null && wanted !== undefined && !sameJson(tracing, wanted)) {
    return { message: 'Tracing is on: it cannot be changed on this connection.', param: 'tracing' };
  }
  return null;
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

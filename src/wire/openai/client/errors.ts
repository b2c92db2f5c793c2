import { fatalCodes, isBenign, readClose } from '../convert/index.js';
import type { ClientCore } from './core.js';
import { forgetUpdate } from './opening.js';
import type { Pending, PendingKind } from './pending.js';
import { type Fields, fieldsOf, optionalId, optionalText } from './read.js';

/** How long a server that said a fatal error may take to close. */
const closeGraceMs = 2000;

/** What an error without an `event_id` can only be about. */
const kindOf: Readonly<Record<string, PendingKind>> = {
  response_cancel_not_active: 'stop',
  conversation_already_has_active_response: 'reply',
  input_audio_buffer_commit_empty: 'commit',
  item_truncate_invalid_item_id: 'cut',
  item_delete_invalid_item_id: 'delete',
  item_retrieve_invalid_item_id: 'fetch',
  cannot_update_voice: 'update',
};

/** The session goes on after most errors; fatal ones explain the close that follows them. */
export function onError(core: ClientCore, event: Fields): void {
  const error = fieldsOf(event, 'error');
  const code = optionalId(error, 'code') ?? optionalId(error, 'type') ?? 'error';
  const message = optionalText(error, 'message') ?? 'The server gave no reason.';
  const param = optionalId(error, 'param');
  const isNothing = isBenign(code, message);
  const entry = about(core, { code, param, isNothing }, optionalId(error, 'event_id'));
  if (entry?.kind === 'update') forgetUpdate(core);
  if (entry?.approval !== undefined) core.approvals?.set(entry.approval, 'open');
  // A model named in an update can be unknown without the session's own being so.
  const ofCommand = code === 'model_not_found' && entry !== undefined && entry.opening !== true;
  if ((fatalCodes.has(code) && !ofCommand) || code === 'session_expired') {
    core.fatal = { code, message };
    core.port.wakeAt(core.nowMs + closeGraceMs);
    return;
  }
  if (entry?.opening === true) {
    core.port.close(1000, '');
    core.close({
      code,
      disposition: 'fatal',
      message: `The server refused the session's settings: ${message}`,
    });
    return;
  }
  core.emit({
    t: 'refused',
    ...(typeof entry?.cmd === 'string' ? { cmd: entry.cmd } : {}),
    code,
    message,
    ...(param === undefined ? {} : { param }),
    benign: isNothing,
    raw: event,
  });
}

function about(
  core: ClientCore,
  { code, param, isNothing }: { code: string; param: string | undefined; isNothing: boolean },
  eventId: string | undefined,
): Pending | undefined {
  if (eventId !== undefined) return core.pending.takeByEventId(eventId);
  const kind = kindOf[code];
  if (kind !== undefined) return core.pending.take(kind);
  if (isNothing) return undefined;
  // Some deployments leave the id out of errors about session fields; before the session is open it can be little else.
  if (param?.startsWith('session') || (core.phase === 'configuring' && !param?.startsWith('item'))) {
    return core.pending.take('update');
  }
  return undefined;
}

export function onClosed(core: ClientCore, closeCode: number, reason: string): void {
  const read = readClose(closeCode, reason);
  const close = `The server closed the connection (${closeCode}${reason === '' ? '' : ` ${reason}`}).`;
  if (core.fatal === undefined) {
    core.close({ ...read, message: closeCode === 1006 ? 'The connection was lost (1006).' : close });
    return;
  }
  const { code, message } = core.fatal;
  core.close({ code, disposition: fatalCodes.has(code) ? 'fatal' : 'retry', message: `${message} ${close}` });
}

/** The server said a fatal error and did not close. */
export function onWake(core: ClientCore): void {
  if (core.fatal === undefined) return;
  core.port.close(1000, '');
  onClosed(core, 1000, '');
}

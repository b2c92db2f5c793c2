import type { Command } from '../../../realtime/contract.js';
import type { ClientCore } from './core.js';
import type { PendingKind } from './pending.js';
import { asFields, optionalId } from './read.js';

/** Frames that are confirmed by order: unnoticed they would confirm somebody's command. */
const confirmed: Readonly<Record<string, PendingKind>> = {
  'session.update': 'update',
  'input_audio_buffer.commit': 'commit',
  'input_audio_buffer.clear': 'clear',
};

/** A frame in OpenAI's own words: JSON text, or an object that becomes it. */
export function sendRaw(core: ClientCore, { wire, frame }: Extract<Command, { t: 'raw' }>): void {
  if (wire !== 'openai') return refuse(core, 'unsupported', `This connection speaks openai, not ${wire}.`);
  const text = typeof frame === 'string' ? frame : stringify(frame);
  const event = text === undefined ? undefined : asFields(parse(text));
  if (text === undefined || typeof event?.type !== 'string') {
    return refuse(core, 'option_invalid', 'A raw frame must be a JSON object with a type.');
  }
  const kind = confirmed[event.type];
  if (kind !== undefined) {
    core.expect({ kind, cmd: null, eventId: optionalId(event, 'event_id') ?? core.ids('event'), key: '' });
  }
  core.port.frame(text);
}

function refuse(core: ClientCore, code: string, message: string): void {
  core.emit({ t: 'refused', code, message, benign: false });
}

function stringify(frame: unknown): string | undefined {
  try {
    return JSON.stringify(frame);
  } catch {
    return undefined;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

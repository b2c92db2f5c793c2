import type { Emitter, Frame } from '../core/index.js';
import type { RawEvent, RealtimeEvents } from './events.js';

/** A frame whose JSON is parsed on first reading. */
export function rawEvent(frame: Frame): RawEvent {
  let parsed: { value: unknown } | undefined;
  return {
    frame,
    get event() {
      parsed ??= { value: parse(frame) };
      return parsed.value;
    },
  };
}

function parse(frame: Frame): unknown {
  try {
    return JSON.parse(typeof frame === 'string' ? frame : new TextDecoder().decode(frame));
  } catch {
    return undefined;
  }
}

/** Their frames are told by `openai_…` names, too. */
const openaiProviders = new Set(['openai', 'azure']);

const names = ['server_event_received', 'client_event_queued'] as const;

/** Whether a listener of that name wants to see frames. */
export function isOfFrames(name: keyof RealtimeEvents): boolean {
  return names.some((one) => name === one || name === `openai_${one}`);
}

/** Tells whoever listens of a frame that crosses the wire. */
export function tellFrame(
  to: Emitter<RealtimeEvents>,
  provider: string,
  direction: 'in' | 'out',
  frame: Frame,
): void {
  const name = direction === 'in' ? names[0] : names[1];
  const raw = rawEvent(frame);
  if (to.has(name)) to.emit(name, raw);
  if (!openaiProviders.has(provider)) return;
  const openaiName = `openai_${name}` as const;
  if (to.has(openaiName)) to.emit(openaiName, raw.event);
}

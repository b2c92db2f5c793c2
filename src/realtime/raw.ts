import type { Frame } from '../core/index.js';
import type { RawEvent } from './events.js';

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

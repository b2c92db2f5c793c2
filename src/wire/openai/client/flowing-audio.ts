import type { Event } from '../../../realtime/contract.js';
import { base64ToAudio } from '../convert/index.js';
import type { AudioFormat } from '../events.js';
import type { Part } from './items.js';

/** What audio is part of. */
interface Flow {
  response: string;
  item: string;
  part: Part;
}

/** One audio event that was read field by field. */
export interface AudioDelta {
  flow: Flow;
  /** The event's own id, as it came. */
  eventId: unknown;
  /** Base64. */
  delta: string;
}

/** With and without a space behind the colon, as servers write JSON. */
const colons = [':"', ': "'];
const end = '"}';
const backslash = 92;

/**
 * Audio of a part that has begun, read without a JSON parser. A server writes all of its frames alike: but for the event's
 * id and the audio each is the same text, whose meaning the first one has shown. A frame that differs anywhere else, or
 * whose audio is not base64 from end to end, is left to the parser.
 */
export class FlowingAudio {
  readonly #format: AudioFormat;
  /** What flows; it is over when its part is done. */
  #flow: Flow | undefined;
  /** Read from the frame that is being handled, not yet compared with its text. */
  #fresh: AudioDelta | undefined;
  /** The text up to the event's id, and from there to the audio. */
  #head = '';
  #middle = '';

  constructor(format: AudioFormat) {
    this.#format = format;
  }

  /** The audio event that this frame is. Undefined: it has to be read like any other. */
  read(frame: string): Extract<Event, { t: 'audio' }> | undefined {
    const flow = this.#flow;
    if (flow === undefined || flow.part.done || !frame.startsWith(this.#head)) return undefined;
    const middleAt = frame.indexOf('"', this.#head.length);
    // A quote behind a backslash ends nothing.
    if (!frame.startsWith(this.#middle, middleAt) || frame.charCodeAt(middleAt - 1) === backslash) return;
    if (!frame.endsWith(end)) return undefined;
    const pcm = base64ToAudio(frame.slice(middleAt + this.#middle.length, -end.length), this.#format);
    if (pcm === null || pcm.length === 0) return undefined;
    const { response, item, part } = flow;
    part.samples += pcm.length;
    return { t: 'audio', response, item, part: part.index, pcm };
  }

  /** The frame that is being handled is this. */
  saw(delta: AudioDelta): void {
    this.#fresh = delta;
  }

  /** The frame was handled: if it was audio, the next ones are expected to look like it. */
  learn(frame: string): void {
    const fresh = this.#fresh;
    if (fresh === undefined) return;
    this.#fresh = undefined;
    this.#flow = undefined;
    const { flow, eventId, delta } = fresh;
    const deltaAt = frame.length - end.length - delta.length;
    // Quotes without backslashes are JSON's own, so this is the member of that name, and the last one.
    const isLast = frame.endsWith(end) && frame.startsWith(delta, deltaAt);
    if (!isLast || typeof eventId !== 'string' || !endsWithKey(frame.slice(0, deltaAt), 'delta')) return;
    for (const colon of colons) {
      const before = `"event_id"${colon}`;
      const at = frame.indexOf(`${before}${eventId}"`);
      if (at < 0 || at >= deltaAt) continue;
      this.#head = frame.slice(0, at + before.length);
      this.#middle = frame.slice(at + before.length + eventId.length, deltaAt);
      this.#flow = flow;
      return;
    }
  }

  /** The response is over. The texts are slices of a whole frame, which would be kept with them. */
  forget(): void {
    this.#flow = undefined;
    this.#head = '';
    this.#middle = '';
  }
}

function endsWithKey(text: string, key: string): boolean {
  return colons.some((colon) => text.endsWith(`"${key}"${colon}`));
}

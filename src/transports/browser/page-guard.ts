import { browserLimits, type Ms } from '../../core/index.js';

/**
 * How much a page may send. Audio may come in bursts after a stall of the network, but on average no faster than time
 * goes by; messages likewise. A page that goes on regardless, or keeps sending what nobody can read, is let go.
 */
export interface PageGuard {
  /** False: drop this audio. `judge` says whether it is time to close. */
  audio(durationMs: Ms, nowMs: Ms): boolean;
  /** Call for every text frame, whatever is in it. False: drop it. */
  message(nowMs: Ms): boolean;
  /** False: drop this picture. Too many of them are no reason to close. */
  picture(bytes: number, nowMs: Ms): boolean;
  /** Call for every frame that could not be read. */
  malformed(): void;
  /** Why the socket should be closed now, if it should. */
  readonly verdict: string | null;
}

const audioBurstMs = 15_000;
/** Allows for sound cards whose clock runs fast. */
const audioPerMs = 1.05;
const messageBurst = 300;
const messagesPerMs = 0.1;
/** Eight of the largest at once; then one a second. */
const pictureBurstBytes = 8 * browserLimits.pictureBytes;
const pictureBytesPerMs = browserLimits.pictureBytes / 1000;
const malformedLimit = 20;
/** Audio (ms) or messages over the limit that are dropped before the socket is closed. */
const droppedAudioLimitMs = 15_000;
const droppedMessageLimit = 100;

export function pageGuard(startMs: Ms): PageGuard {
  const audio = bucket(audioBurstMs, audioPerMs, startMs);
  const messages = bucket(messageBurst, messagesPerMs, startMs);
  const pictures = bucket(pictureBurstBytes, pictureBytesPerMs, startMs);
  let droppedAudioMs = 0;
  let droppedMessages = 0;
  let malformed = 0;
  return {
    audio(durationMs, nowMs) {
      if (audio(durationMs, nowMs)) return true;
      droppedAudioMs += durationMs;
      return false;
    },
    message(nowMs) {
      if (messages(1, nowMs)) return true;
      droppedMessages += 1;
      return false;
    },
    picture: pictures,
    malformed() {
      malformed += 1;
    },
    get verdict() {
      if (malformed > malformedLimit) return 'too many malformed frames';
      if (droppedMessages > droppedMessageLimit) return 'too many messages';
      if (droppedAudioMs > droppedAudioLimitMs) return 'audio comes faster than time';
      return null;
    },
  };
}

/** A token bucket: `take(amount, nowMs)` is false when there is not enough left. */
function bucket(capacity: number, perMs: number, startMs: Ms): (amount: number, nowMs: Ms) => boolean {
  let level = capacity;
  let at = startMs;
  return (amount, nowMs) => {
    level = Math.min(capacity, level + Math.max(0, nowMs - at) * perMs);
    at = nowMs;
    if (level < amount) return false;
    level -= amount;
    return true;
  };
}

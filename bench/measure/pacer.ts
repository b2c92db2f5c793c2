import type { Sending } from '../messages.js';
import { nowMs } from './line.js';

/** A wake-up costs a virtual machine more than a frame does: so many sessions share one. */
const tickMs = 5;

/**
 * Sends the frames of `count` sessions, spread over the frame time in steps of 5 ms; `burst`: as fast as the sockets take
 * them, one round of all sessions per turn of the event loop.
 */
export function sendFrames(count: number, sending: Sending, send: (session: number) => void): Promise<void> {
  return sending.pace === 'burst' ? burst(count, sending.frames, send) : paced(count, sending, send);
}

function paced(count: number, { frames, frameMs }: Sending, send: (session: number) => void): Promise<void> {
  const startMs = nowMs();
  const total = frames * count;
  let sent = 0;
  return new Promise((resolve) => {
    const turn = () => {
      const elapsed = nowMs() - startMs;
      // Frame f of session s is due at (f + s / count) * frameMs, so the k-th of all is due at k / count * frameMs.
      while (sent < total && (sent / count) * frameMs <= elapsed) {
        send(sent % count);
        sent += 1;
      }
      if (sent === total) return resolve();
      const due = (sent / count) * frameMs - elapsed;
      setTimeout(turn, Math.max(tickMs, due));
    };
    turn();
  });
}

function burst(count: number, frames: number, send: (session: number) => void): Promise<void> {
  let round = 0;
  return new Promise((resolve) => {
    const turn = () => {
      for (let session = 0; session < count; session++) send(session);
      round += 1;
      if (round === frames) resolve();
      else setImmediate(turn);
    };
    turn();
  });
}

import type { SttEvent, SttStream, TtsEvent, TtsStream } from '../../../src/speech/contracts.js';

/** Root mean square of a stretch, in PCM16 units. */
export function level(pcm: Int16Array, fromMs: number, toMs: number): number {
  const part = pcm.subarray(Math.round(fromMs * 16), Math.round(toMs * 16));
  return Math.sqrt(part.reduce((sum, value) => sum + value * value, 0) / Math.max(part.length, 1));
}

/** With silence on both sides, and louder or quieter. */
export function padded(pcm: Int16Array, beforeMs: number, afterMs: number, gain = 1): Int16Array {
  const all = new Int16Array(pcm.length + (beforeMs + afterMs) * 16);
  all.set(
    pcm.map((value) => value * gain),
    beforeMs * 16,
  );
  return all;
}

export function collect<E>(stream: { onEvent(listener: (event: E) => void): void }) {
  const events: E[] = [];
  const waiting: { done: (event: E) => boolean; resolve: (event: E) => void }[] = [];
  stream.onEvent((event) => {
    events.push(event);
    for (const one of waiting.splice(0)) {
      if (one.done(event)) one.resolve(event);
      else waiting.push(one);
    }
  });
  /** The next event that satisfies. */
  const next = (done: (event: E) => boolean) => new Promise<E>((resolve) => waiting.push({ done, resolve }));
  return { events, next };
}

export const ended = (event: TtsEvent) => event.t === 'done' || event.t === 'failed';
export const answered = (event: SttEvent) => event.t === 'final' || event.t === 'failed';

/** All events of one utterance of a TTS stream. */
export async function utter(stream: TtsStream, ...pieces: string[]): Promise<TtsEvent[]> {
  const { events, next } = collect<TtsEvent>(stream);
  const over = next(ended);
  for (const piece of pieces) stream.push(piece);
  stream.finish();
  await over;
  return events;
}

/** Pushes in frames of 20 ms. */
export function pushFrames(stream: SttStream, pcm: Int16Array): void {
  for (let at = 0; at < pcm.length; at += 320) stream.push(pcm.subarray(at, at + 320));
}

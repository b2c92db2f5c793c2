import type { Label, LogEntry, Recording } from '../../../src/testing/index.js';

/** Low, because these recordings are tones and there are many. */
export const rateHz = 2000;

/** Time of a sound: from and to. */
export type Made = readonly [fromMs: number, toMs: number];

function track(durationMs: number, spans: readonly Made[], hz: number): Int16Array {
  const pcm = new Int16Array((durationMs * rateHz) / 1000);
  for (const [fromMs, toMs] of spans) {
    const [from, to] = [fromMs, toMs].map((ms) => (ms * rateHz) / 1000);
    for (let i = from!; i < to!; i++) pcm[i] = Math.round(6000 * Math.sin((2 * Math.PI * hz * i) / rateHz));
  }
  return pcm;
}

/** A recording in which both sides sound at these times. */
export function recordingOf(durationMs: number, caller: readonly Made[], agent: readonly Made[]): Recording {
  return {
    sampleRateHz: rateHz,
    caller: track(durationMs, caller, 300),
    agent: track(durationMs, agent, 430),
  };
}

export function label(kind: Label['kind'], fromMs: number, toMs: number): Label {
  return { kind, fromMs, toMs };
}

export function entry(atMs: number, event: string, data: Record<string, unknown> = {}): LogEntry {
  const model = ['input_audio_committed', 'generation_audio', 'remote_item_truncated'].includes(event);
  const line = ['cleared', 'playback_started', 'playback_finished'].includes(event);
  return { atMs, source: model ? 'model' : line ? 'line' : 'session', event, data };
}

import { describe, expect, test } from 'vitest';
import { InputPath } from '../../../src/agent/ears/input-path.js';
import { SttLane } from '../../../src/agent/ears/stt-lane.js';
import { ProviderError } from '../../../src/core/index.js';
import type { STT, SttEvent } from '../../../src/speech/index.js';
import { FakeClock } from '../../../src/testing/index.js';

/** A lane at 8 kHz, a recogniser that answers by hand, and what both said. */
function lane() {
  const clock = new FakeClock();
  const path = new InputPath(() => {});
  path.begin(8_000);
  path.keep(1_000);
  const log: string[] = [];
  let pushedMs = 0;
  let usedMs = 0;
  let tell: (event: SttEvent) => void = () => {};
  const stt: STT = {
    name: 'by hand',
    sampleRateHz: 8_000,
    stream: () => ({
      push: (pcm) => {
        pushedMs += pcm.length / 8;
      },
      flush: () => void log.push(`flush ${pushedMs}`),
      discard: () => void log.push('discard'),
      onEvent: (listener) => {
        tell = listener;
      },
      close: () => void log.push('closed'),
    }),
    async warmUp() {},
    async close() {},
  };
  const ear = new SttLane(
    stt,
    path,
    clock,
    { timeoutMs: 2_000 },
    {
      interim: (turn, text, { fromMs, toMs }) => log.push(`${turn} ${text} ${fromMs}-${toMs}`),
      final: (turn, { text, words }, { fromMs, toMs }) =>
        log.push(`${turn} ${text}. ${fromMs}-${toMs} ${words.map((word) => word.fromMs).join()}`),
      failed: (turn, { code }) => log.push(`${turn} ${code}`),
      opening: (turn, { is }) => log.push(`${turn} ${is}`),
      used: (ms) => {
        usedMs += ms;
      },
    },
  );
  const speak = (ms: number) => {
    for (let i = 0; i < ms; i += 20) path.frame(new Int16Array(160));
  };
  const final = (text: string) => tell({ t: 'final', text, words: [{ text, fromMs: 40, toMs: 80 }] });
  const failed = () => tell({ t: 'failed', error: new ProviderError('stt_failed', 'no') });
  return {
    usedMs: () => usedMs,
    clock,
    ear,
    log,
    speak,
    final,
    failed,
    tell: (event: SttEvent) => tell(event),
  };
}

describe('a recogniser beside the model', () => {
  test('hears each turn from where it began, in the past as well, and nothing between', () => {
    const { ear, log, speak, final, tell, usedMs } = lane();
    speak(500);
    ear.open('a', 300);
    tell({ t: 'interim', text: 'so' });
    speak(100);
    ear.flush();
    speak(400);
    ear.open('b', 950);
    ear.flush();
    final('one');
    final('two');
    expect(log).toEqual([
      'a so 300-500',
      'flush 300',
      'flush 350',
      'a one. 300-600 340',
      'b two. 950-1000 990',
    ]);
    expect(usedMs()).toBe(350);
  });

  test('no sound belongs to two turns; what was no turn may be in the next one', () => {
    const { ear, log, speak, final } = lane();
    speak(200);
    ear.open('a', 0);
    ear.flush();
    ear.open('b', 100);
    speak(100);
    ear.discard();
    ear.open('c', 250);
    ear.flush();
    final('one');
    final('two');
    expect(log.slice(-2)).toEqual(['a one. 0-200 40', 'c two. 250-300 290']);
  });

  test('a turn that begins before the other was ended ends it', () => {
    const { ear, log, speak } = lane();
    ear.open('a', 0);
    speak(100);
    ear.open('b', 100);
    expect(log).toEqual(['flush 100']);
    expect(ear.openTurn).toBe('b');
  });

  test('too late is told once, and the words are still told when they come', async () => {
    const { clock, ear, log, speak, final } = lane();
    ear.open('a', 0);
    speak(100);
    ear.flush();
    await clock.advance(2_500);
    expect(log.slice(1)).toEqual(['a transcript_timeout']);
    final('one');
    expect(log.at(-1)).toBe('a one. 0-100 40');
    expect(clock.pending).toBe(0);
  });

  test('a failure is of the oldest that waits, or of the one being heard', () => {
    const { ear, log, speak, failed } = lane();
    ear.open('a', 0);
    speak(100);
    ear.flush();
    ear.open('b', 100);
    failed();
    failed();
    expect(log.slice(1)).toEqual(['a stt_failed', 'b stt_failed']);
  });

  test('retired: it tells what it was asked for, and is closed then', async () => {
    const { clock, ear, log, speak, final } = lane();
    ear.open('a', 0);
    speak(100);
    ear.flush();
    ear.open('b', 100);
    speak(100);
    ear.retire();
    speak(500);
    final('one');
    expect(log.slice(-2)).toEqual(['flush 200', 'a one. 0-100 40']);
    await clock.advance(2_000);
    expect(log.slice(-2)).toEqual(['b transcript_timeout', 'closed']);
    expect(clock.pending).toBe(0);
  });

  test('closed: nothing waits', () => {
    const { clock, ear, log, speak } = lane();
    ear.open('a', 0);
    speak(100);
    ear.flush();
    ear.close();
    expect(log.at(-1)).toBe('closed');
    expect(clock.pending).toBe(0);
  });
});

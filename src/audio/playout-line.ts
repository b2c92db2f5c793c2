import { type Ms, samplesToMs } from '../core/index.js';

/** As `PlaybackReport` of the transport contract; positions of the output line. */
export interface PlayoutReport {
  phase: 'started' | 'position' | 'finished';
  playedMs: Ms;
}

const reportEveryMs = 100;
const limitMinutes = 10;

/**
 * The output line of a transport that plays by itself: a queue of written samples, drawn by `play` as a loudspeaker
 * draws them, with the positions and reports that the transport contract asks for. It has no clock: whoever owns it
 * calls `play` as time goes on. A chunk may be longer than what is drawn; nothing is copied until it is played.
 */
export class PlayoutLine {
  readonly sampleRateHz: number;
  readonly #reportEvery: number;
  readonly #limit: number;
  readonly #onReport: (report: PlayoutReport) => void;
  #chunks: Int16Array[] = [];
  /** Index of the first chunk not played up, and samples of it that were. */
  #head = 0;
  #offset = 0;
  #buffered = 0;
  /** The line's samples before the last `moveTo`, as milliseconds, and those played since. */
  #baseMs: Ms = 0;
  #sinceBase = 0;
  #playing = false;
  /** Samples to be played until the last `flush` is reached; undefined when none is waited for. */
  #untilFlush: number | undefined;
  #sinceReport = 0;
  #notes: PlayoutReport[] = [];

  constructor(sampleRateHz: number, onReport: (report: PlayoutReport) => void) {
    this.sampleRateHz = sampleRateHz;
    this.#reportEvery = (sampleRateHz * reportEveryMs) / 1000;
    this.#limit = sampleRateHz * 60 * limitMinutes;
    this.#onReport = onReport;
  }

  /** Milliseconds of the line that were played. */
  get playedMs(): Ms {
    return this.#baseMs + samplesToMs(this.#sinceBase, this.sampleRateHz);
  }

  /** Samples written and not yet played. */
  get bufferedSamples(): number {
    return this.#buffered;
  }

  /** Samples after which the next report is due if nothing is written; undefined when none will be. */
  get untilReport(): number | undefined {
    if (this.#buffered === 0) return this.#untilFlush;
    if (!this.#playing) return 0;
    const position = Math.max(0, this.#reportEvery - this.#sinceReport);
    const next = Math.min(position, this.#buffered);
    return this.#untilFlush === undefined ? next : Math.min(next, this.#untilFlush);
  }

  /** Appends; false, and nothing taken, where more than ten minutes would wait to be played. */
  write(pcm: Int16Array): boolean {
    if (pcm.length === 0) return true;
    if (this.#buffered + pcm.length > this.#limit) return false;
    this.#chunks.push(pcm);
    this.#buffered += pcm.length;
    return true;
  }

  /** Asks for `finished` when all written so far was played; reported by `play`, also by one of no samples. */
  flush(): void {
    this.#untilFlush = this.#buffered;
  }

  /**
   * Lets `samples` of time pass: what is buffered is played, then silence. `into`, if given, gets the played samples
   * from its start; the rest of it is left alone. Returns how many samples were played. Reports come after all is
   * done, so a listener may write, flush or clear.
   */
  play(samples: number, into?: Int16Array): number {
    const count = Math.min(samples, this.#buffered);
    if (!this.#playing && this.#buffered > 0) {
      this.#playing = true;
      this.#sinceReport = 0;
      this.#note('started');
    }
    // First up to a flush mark, so that `finished` carries its own position.
    const first = Math.min(count, this.#untilFlush ?? 0);
    this.#draw(first, into, 0);
    if (this.#untilFlush !== undefined) {
      this.#untilFlush -= first;
      if (this.#untilFlush === 0) {
        this.#untilFlush = undefined;
        this.#sinceReport = 0;
        this.#note('finished');
      }
    }
    this.#draw(count - first, into, first);
    if (this.#playing && this.#sinceReport >= this.#reportEvery) {
      this.#sinceReport = 0;
      this.#note('position');
    }
    if (samples > count) this.#playing = false;
    const notes = this.#notes;
    if (notes.length > 0) {
      this.#notes = [];
      for (const report of notes) this.#onReport(report);
    }
    return count;
  }

  /** Drops what was not played, and waited-for `finished` with it; gives the position. */
  clear(): Ms {
    this.#chunks = [];
    this.#head = 0;
    this.#offset = 0;
    this.#buffered = 0;
    this.#notes = [];
    this.#untilFlush = undefined;
    this.#playing = false;
    return this.playedMs;
  }

  /** Goes on from `positionMs`, where that was settled otherwise (an estimate). */
  moveTo(positionMs: Ms): void {
    this.#baseMs = positionMs;
    this.#sinceBase = 0;
  }

  #draw(count: number, into: Int16Array | undefined, at: number): void {
    let left = count;
    while (left > 0) {
      const chunk = this.#chunks[this.#head]!;
      const step = Math.min(left, chunk.length - this.#offset);
      into?.set(chunk.subarray(this.#offset, this.#offset + step), at + count - left);
      this.#offset += step;
      left -= step;
      if (this.#offset === chunk.length) {
        this.#head += 1;
        this.#offset = 0;
      }
    }
    if (this.#head > 32 || this.#head === this.#chunks.length) {
      this.#chunks.splice(0, this.#head);
      this.#head = 0;
    }
    this.#buffered -= count;
    this.#sinceBase += count;
    this.#sinceReport += count;
  }

  #note(phase: PlayoutReport['phase']): void {
    this.#notes.push({ phase, playedMs: this.playedMs });
  }
}

import {
  type AudioOutput,
  type Ms,
  msToSamples,
  type PlaybackReport,
  type Played,
  samplesToMs,
} from '../../core/index.js';

/** A piece of the line, or (`pcm` is `null`) a flush. */
interface Kept {
  pcm: Int16Array | null;
  fromMs: Ms;
}

/** How much of what was played is still known. */
const historyMs: Ms = 1_500;
/** Audio that waits to be played and is kept for a pause, at most. */
const limitMs: Ms = 120_000;
const toleranceMs: Ms = 0.5;

/**
 * An output that can pause: the far end is silenced, and what it had not played is kept here and written again when the
 * pause ends. Positions on the line are those of the output behind it, and a pause does not change them. For a while it
 * also knows what was played when.
 */
export class PausableOutput implements AudioOutput {
  readonly #output: AudioOutput;
  readonly #now: () => Ms;
  readonly #onOverflow: () => void;
  #kept: Kept[] = [];
  /** End of the line, with what is kept back. */
  #lineMs: Ms = 0;
  /** What the far end told last, and when. */
  #told = { playedMs: 0, atMs: 0, isPlaying: false };
  #paused = false;
  /** The clear whose answer is waited for; what the far end reports before it is of no use. */
  #clearing: Promise<Played> | undefined;

  /** `onOverflow`: in a pause more than two minutes of audio have come; what comes further is lost. */
  constructor(output: AudioOutput, now: () => Ms, onOverflow: () => void) {
    this.#output = output;
    this.#now = now;
    this.#onOverflow = onOverflow;
  }

  get sampleRateHz(): number {
    return this.#output.sampleRateHz;
  }

  /** All that the far end has not played is still known. */
  get canPause(): boolean {
    const { playedMs } = this.#told;
    const first = this.#kept[0];
    return this.#lineMs <= playedMs || first === undefined || first.fromMs <= playedMs + toleranceMs;
  }

  write(pcm: Int16Array): void {
    if (pcm.length === 0) return;
    if (this.#paused && this.#lineMs - this.#told.playedMs > limitMs) return this.#onOverflow();
    this.#kept.push({ pcm, fromMs: this.#lineMs });
    this.#lineMs += samplesToMs(pcm.length, this.sampleRateHz);
    if (!this.#paused) this.#output.write(pcm);
  }

  flush(): void {
    this.#kept.push({ pcm: null, fromMs: this.#lineMs });
    if (!this.#paused) this.#output.flush();
  }

  clear(): Promise<Played> {
    const answer = this.#clear();
    this.drop();
    return answer;
  }

  onPlayback(listener: (report: PlaybackReport) => void): void {
    this.#output.onPlayback((report) => {
      if (this.#clearing === undefined) this.#tell(report.playedMs, report.phase !== 'finished');
      listener(report);
    });
  }

  /**
   * Until `resume`, `drop` or `clear` what is written is kept. The far end falls silent, where it `clears`; resolves to
   * where.
   */
  pause(clears: boolean): Promise<Played> {
    this.#paused = true;
    if (clears) return this.#clear();
    return Promise.resolve({ playedMs: this.#told.playedMs, estimated: false });
  }

  /** Ends the pause: what stands on the line from there on is written to the far end. */
  resume(fromMs: Ms): void {
    if (!this.#paused) return;
    this.#paused = false;
    this.#clearing = undefined;
    this.#tell(fromMs, false);
    for (const kept of this.#kept) {
      const { pcm } = this.#from(kept, fromMs);
      if (pcm !== null && pcm.length > 0) this.#output.write(pcm);
      else if (pcm === null && kept.fromMs > fromMs - toleranceMs) this.#output.flush();
    }
  }

  /** What was not played is not wanted any more; a pause ends with that. */
  drop(): void {
    this.#paused = false;
    const { playedMs } = this.#told;
    this.#kept = this.#kept.flatMap((kept) => {
      const { pcm, fromMs } = kept;
      if (pcm === null || fromMs >= playedMs) return [];
      return [{ pcm: pcm.subarray(0, msToSamples(playedMs - fromMs, this.sampleRateHz)), fromMs }];
    });
    this.#lineMs = playedMs;
  }

  /** Copies what was played up to the clock's `atMs` to the end of `into`; what is not known is 0. False: nothing is known. */
  playedUntil(atMs: Ms, into: Int16Array): boolean {
    into.fill(0);
    const endMs = this.#position(atMs);
    let any = false;
    for (const { pcm, fromMs } of this.#kept) {
      if (fromMs >= endMs) break;
      if (pcm === null) continue;
      const at = into.length - msToSamples(endMs - fromMs, this.sampleRateHz);
      const from = Math.max(0, -at);
      const to = Math.min(pcm.length, into.length - at);
      if (to <= from) continue;
      into.set(pcm.subarray(from, to), at + from);
      any = true;
    }
    return any;
  }

  /** What the far end has played by then, as far as its reports tell. */
  #position(atMs: Ms): Ms {
    const { playedMs, atMs: toldMs, isPlaying } = this.#told;
    return isPlaying ? Math.min(this.#lineMs, playedMs + Math.max(0, atMs - toldMs)) : playedMs;
  }

  #clear(): Promise<Played> {
    const guessMs = Math.max(0, this.#position(this.#now()));
    const answer = this.#output.clear();
    this.#clearing = answer;
    this.#tell(guessMs, false);
    answer.then(
      ({ playedMs }) => this.#cleared(answer, guessMs, playedMs),
      () => this.#cleared(answer, guessMs, guessMs),
    );
    return answer;
  }

  #cleared(answer: Promise<Played>, guessMs: Ms, playedMs: Ms): void {
    if (this.#clearing !== answer) return;
    this.#clearing = undefined;
    if (!this.#paused) {
      // The line was cut: what was written since stands where the far end says.
      const byMs = playedMs - guessMs;
      for (const kept of this.#kept) if (kept.fromMs >= guessMs) kept.fromMs += byMs;
      this.#lineMs += byMs;
    }
    this.#tell(playedMs, false);
  }

  #tell(playedMs: Ms, isPlaying: boolean): void {
    this.#told = { playedMs, atMs: this.#now(), isPlaying };
    let old = 0;
    while (old < this.#kept.length && this.#isOld(this.#kept[old]!)) old += 1;
    if (old > 0) this.#kept.splice(0, old);
  }

  /** Played a while ago, or too much would be kept. */
  #isOld({ pcm, fromMs }: Kept): boolean {
    const toMs = fromMs + (pcm === null ? 0 : samplesToMs(pcm.length, this.sampleRateHz));
    return toMs < this.#told.playedMs - historyMs || (!this.#paused && toMs < this.#lineMs - limitMs);
  }

  #from(kept: Kept, fromMs: Ms): Kept {
    const skip = msToSamples(fromMs - kept.fromMs, this.sampleRateHz);
    return kept.pcm === null || skip <= 0 ? kept : { pcm: kept.pcm.subarray(skip), fromMs };
  }
}

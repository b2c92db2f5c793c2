import { LoopedSound } from '../../audio/index.js';
import {
  type AudioOutput,
  type Clock,
  type Ms,
  msToSamples,
  type PlaybackReport,
  type Played,
  samplesToMs,
  type Timer,
} from '../../core/index.js';
import { type BackgroundOptions, samplesOf } from './background.js';
import { LineMap } from './line-map.js';

/** How often the line is looked after, and what is written at a time when nobody speaks. */
const tickMs: Ms = 20;
/** What comes sooner after speech is a pause in it. */
const pauseMs: Ms = 300;
/** Where the far end tells what it plays, so much of its silence is bridged by the clock. */
const bridgeMs: Ms = 400;
const toleranceMs: Ms = 0.5;

/**
 * An output with sounds beneath the speech that is written to it. When nobody speaks it keeps the line full by itself, in
 * the clock's time and a little ahead of what is played; speech is mixed and passed on as it comes, however much. Positions
 * and reports are those of speech alone: what is beneath and between it does not count.
 */
export class MixedOutput implements AudioOutput {
  readonly #output: AudioOutput;
  readonly #clock: Clock;
  readonly #options: BackgroundOptions;
  readonly #map = new LineMap();
  #ambient: LoopedSound | undefined;
  #thinking: LoopedSound | undefined;
  #thinksSinceMs: Ms | undefined;
  /** What the far end told last of the mixed line, and when. */
  #told = { mixMs: 0, atMs: 0 };
  #tells = false;
  /** End of the last speech on the mixed line. */
  #speechEndMs: Ms = Number.NEGATIVE_INFINITY;
  #isMoving = false;
  /** Ends of utterances that were not played yet, on the line of speech. */
  #flushes: Ms[] = [];
  #listener: ((report: PlaybackReport) => void) | undefined;
  #timer: Timer | undefined;
  #closed = false;

  constructor(output: AudioOutput, clock: Clock, options: BackgroundOptions) {
    this.#output = output;
    this.#clock = clock;
    this.#options = options;
    output.onPlayback((report) => this.#hear(report));
  }

  get sampleRateHz(): number {
    return this.#output.sampleRateHz;
  }

  /** From now on the line flows. Once the output's rate is known. */
  begin(): void {
    const { ambient, thinking } = this.#options;
    const rateHz = this.sampleRateHz;
    if (ambient !== undefined) {
      this.#ambient = new LoopedSound(samplesOf(ambient, rateHz, 'background.ambient'), rateHz);
      this.#ambient.fadeTo(factor(ambient.gainDb));
    }
    if (thinking !== undefined) {
      this.#thinking = new LoopedSound(samplesOf(thinking, rateHz, 'background.thinking'), rateHz);
    }
    this.#tick();
  }

  /** The line stands still; nothing is written any more. */
  close(): void {
    this.#closed = true;
    this.#timer?.cancel();
  }

  /** Whether the agent thinks. */
  thinks(is: boolean): void {
    if (is) this.#thinksSinceMs ??= this.#clock.now();
    else {
      this.#thinksSinceMs = undefined;
      this.#thinking?.fadeTo(0);
    }
  }

  write(pcm: Int16Array): void {
    if (pcm.length === 0 || this.#closed) return;
    const { ambient, duckDb = -12 } = this.#options;
    this.#ambient?.fadeTo(factor((ambient?.gainDb ?? 0) + duckDb));
    this.#thinking?.fadeTo(0);
    this.#put(pcm.slice(), true);
    this.#speechEndMs = this.#map.mixMs ?? this.#speechEndMs;
  }

  flush(): void {
    const { speechMs } = this.#map;
    if (speechMs !== undefined) this.#flushes.push(speechMs);
    this.#output.flush();
  }

  async clear(): Promise<Played> {
    this.#map.clear();
    this.#flushes = [];
    this.#isMoving = false;
    const { playedMs, estimated } = await this.#output.clear();
    const speechMs = this.#map.cleared(playedMs);
    this.#told = { mixMs: playedMs, atMs: this.#clock.now() };
    this.#speechEndMs = this.#map.mixMs ?? playedMs;
    return { playedMs: speechMs, estimated };
  }

  onPlayback(listener: (report: PlaybackReport) => void): void {
    this.#listener = listener;
  }

  /** Mixes the sounds into `pcm` and passes it on. */
  #put(pcm: Int16Array, isSpeech: boolean): void {
    this.#ambient?.addTo(pcm);
    this.#thinking?.addTo(pcm);
    const { mixMs } = this.#map;
    // The far end has played all, and stood still since.
    if (mixMs !== undefined && this.#playedMs(mixMs) >= mixMs)
      this.#told = { mixMs, atMs: this.#clock.now() };
    this.#map.wrote(samplesToMs(pcm.length, this.sampleRateHz), isSpeech);
    this.#output.write(pcm);
  }

  #tick(): void {
    if (this.#closed) return;
    this.#timer = this.#clock.at(this.#clock.now() + tickMs, () => this.#tick());
    const { mixMs } = this.#map;
    // What is written behind a clear stands nobody knows where: a moment of silence is better.
    if (mixMs === undefined) return;
    this.#tune(mixMs);
    const { leadMs = 100 } = this.#options;
    const samples = msToSamples(tickMs, this.sampleRateHz);
    const missingMs = this.#playedMs(mixMs) + leadMs - mixMs;
    for (let ms = 0; ms < missingMs; ms += tickMs) this.#put(new Int16Array(samples), false);
    if (!this.#isMoving) this.#begins(this.#playedMs(mixMs));
  }

  /** Loudness of what is written next, where nobody speaks. */
  #tune(mixMs: Ms): void {
    const { ambient, thinking, thinkingAfterMs = 300 } = this.#options;
    if (mixMs - this.#speechEndMs >= pauseMs) this.#ambient?.fadeTo(factor(ambient?.gainDb));
    const sinceMs = this.#thinksSinceMs;
    if (sinceMs !== undefined && this.#clock.now() - sinceMs >= thinkingAfterMs) {
      this.#thinking?.fadeTo(factor(thinking?.gainDb), { anew: true });
    }
  }

  /** What the far end has played by now, as far as can be known. */
  #playedMs(writtenMs: Ms): Ms {
    const { mixMs, atMs } = this.#told;
    const sinceMs = this.#clock.now() - atMs;
    return Math.min(writtenMs, mixMs + (this.#tells ? Math.min(bridgeMs, sinceMs) : sinceMs));
  }

  #hear({ phase, playedMs }: PlaybackReport): void {
    // Before a clear is answered, what is told is of a line that was cut.
    if (this.#map.isClearing) return;
    this.#tells ||= phase === 'position';
    this.#told = { mixMs: playedMs, atMs: this.#clock.now() };
    const speechMs = this.#map.speechAt(playedMs);
    this.#begins(playedMs);
    if (this.#isMoving && phase === 'position') this.#listener?.({ phase: 'position', playedMs: speechMs });
    const isPlayed = (flushMs: Ms) => flushMs <= speechMs + toleranceMs;
    const finished = this.#flushes.filter(isPlayed).at(-1);
    if (finished !== undefined) {
      this.#flushes = this.#flushes.filter((flushMs) => !isPlayed(flushMs));
      this.#isMoving = false;
      this.#listener?.({ phase: 'finished', playedMs: finished });
    } else if (this.#isMoving && !this.#map.isSpeechAt(playedMs)) {
      this.#isMoving = false;
      if (phase !== 'position') this.#listener?.({ phase: 'position', playedMs: speechMs });
    }
    this.#map.forget(playedMs);
  }

  #begins(mixMs: Ms): void {
    if (this.#isMoving || !this.#map.isSpeechAt(mixMs)) return;
    this.#isMoving = true;
    this.#listener?.({ phase: 'started', playedMs: this.#map.speechAt(mixMs) });
  }
}

function factor(gainDb = 0): number {
  return 10 ** (gainDb / 20);
}

import { PlayoutLine } from '../../../audio/index.js';
import {
  type Clock,
  type Ms,
  msToSamples,
  type PlaybackReport,
  samplesToMs,
  type Timer,
} from '../../../core/index.js';
import type { Recording } from '../../report/recording.js';
import type { LineConditions } from '../scenario/scenario.js';
import { burstLoss, TelephoneLine, telephoneRateHz } from '../sound/index.js';
import { Ear, type EarEvent } from './ear.js';
import { SampleTrack } from './sample-track.js';
import { addSounds, type Sounding } from './sounding.js';

const frameMs: Ms = 20;

export interface PhoneOptions {
  clock: Clock;
  seed: number;
  line?: LineConditions;
  /** What the agent's side hears, frame by frame; it may keep them. */
  onFrame: (pcm: Int16Array) => void;
  onPlayback: (report: PlaybackReport) => void;
  onEar: (event: EarEvent) => void;
  /** The agent's side has cut what it had written. */
  onCleared: (playedMs: Ms) => void;
  /** More than ten minutes wait to be played. */
  onOverflow: () => void;
}

/**
 * The caller's telephone: a mouthpiece that mixes the caller's sounds, noise and echo and sends them over a bad line, an earpiece
 * that plays what comes and knows its position to the sample, and a recorder of both on one sample clock, which begins when
 * the telephone is made. It sends a frame of 20 ms each time one has passed, from `begin` to `end`.
 */
export class Phone {
  readonly sampleRateHz: number;
  readonly #options: PhoneOptions;
  readonly #startMs: Ms;
  readonly #line: PlayoutLine;
  readonly #ear: Ear;
  readonly #isLost: () => boolean;
  readonly #telephone: { up: TelephoneLine; down: TelephoneLine } | undefined;
  readonly #echo: { delay: number; factor: number } | undefined;
  /** What comes from the agent before the line has done its work, and after it; and what the agent's side hears. */
  readonly #arrived = new SampleTrack();
  readonly #heard = new SampleTrack();
  readonly #sent = new SampleTrack();
  #sounds: Sounding[] = [];
  /** Samples of time that the earpiece has drawn. */
  #drawn = 0;
  /** Frames of time that have passed. */
  #frames = 0;
  #tick: Timer | undefined;
  #report: Timer | undefined;
  #state: 'new' | 'live' | 'over' = 'new';

  constructor(options: PhoneOptions) {
    const { clock, seed, line = {} } = options;
    this.#options = options;
    this.#startMs = clock.now();
    this.sampleRateHz = line.telephone === true ? telephoneRateHz : (line.sampleRateHz ?? 24_000);
    this.#line = new PlayoutLine(this.sampleRateHz, (report) => options.onPlayback(report));
    this.#ear = new Ear(this.sampleRateHz, options.onEar);
    this.#telephone =
      line.telephone === true ? { up: new TelephoneLine(), down: new TelephoneLine() } : undefined;
    this.#isLost = line.loss === undefined ? () => false : burstLoss({ ...line.loss, frameMs }, seed);
    const { levelDb = -12, delayMs = 120 } = line.echo ?? {};
    const delay = msToSamples(delayMs, this.sampleRateHz);
    this.#echo = line.echo === undefined ? undefined : { delay, factor: 10 ** (levelDb / 20) };
  }

  /** Time on the call's sample clock. */
  get nowMs(): Ms {
    return this.#options.clock.now() - this.#startMs;
  }

  /** Whether the agent sounds just now, or did a moment ago. */
  get isHearing(): boolean {
    // Frames may be late where time is real: what has been played by now was heard by now.
    this.#advance();
    if (this.#state === 'live') this.#hear(this.#drawn);
    return this.#ear.isHearing(this.nowMs);
  }

  /** Milliseconds of the agent's audio that were played, silence between not counted. */
  get playedMs(): Ms {
    this.#advance();
    return this.#line.playedMs;
  }

  /** Frames flow from the next whole frame on. */
  begin(): void {
    if (this.#state !== 'new') return;
    this.#state = 'live';
    this.#frames = Math.floor(this.nowMs / frameMs);
    this.#drawn = this.#samplesNow();
    this.#armTick();
  }

  /** Hangs up: nothing is sent or played any more. Sounds under way are done. */
  end(): void {
    if (this.#state === 'over') return;
    this.#advance();
    if (this.#state === 'live') this.#hear(this.#samplesNow());
    this.#state = 'over';
    this.#tick?.cancel();
    this.#report?.cancel();
    this.#line.clear();
    this.#ear.end();
    for (const { done } of this.#sounds.splice(0)) done?.();
  }

  /** The caller makes a sound now; `done` is called with its last frame. Gives the time of its first sample. */
  sound(pcm: Int16Array, done?: () => void): Ms {
    return this.#add(pcm, pcm.length, done);
  }

  /** The same again and again, for `durationMs`. */
  loop(pcm: Int16Array, durationMs: Ms, done?: () => void): Ms {
    return this.#add(pcm, msToSamples(durationMs, this.sampleRateHz), done);
  }

  /** What comes from the agent; played after all that came before. */
  write(pcm: Int16Array): void {
    if (this.#state !== 'live' || pcm.length === 0) return;
    this.#advance();
    if (this.#line.write(pcm)) this.#armReport();
    else this.#options.onOverflow();
  }

  flush(): void {
    if (this.#state !== 'live') return;
    this.#advance();
    this.#line.flush();
    this.#armReport();
  }

  /** Falls silent now; gives the position. */
  clear(): Ms {
    this.#advance();
    this.#report?.cancel();
    const playedMs = this.#line.clear();
    if (this.#state === 'live') this.#options.onCleared(playedMs);
    return playedMs;
  }

  /** Both sides so far: what the agent's side heard, and what the caller heard. */
  recording(): Recording {
    const { sampleRateHz } = this;
    const length = Math.max(this.#sent.length, this.#heard.length);
    return { sampleRateHz, caller: this.#sent.slice(0, length), agent: this.#heard.slice(0, length) };
  }

  #add(pcm: Int16Array, samples: number, done: (() => void) | undefined): Ms {
    const at = this.#samplesNow();
    if (this.#state === 'over' || pcm.length === 0) done?.();
    else this.#sounds.push({ pcm, at, until: at + samples, ...(done === undefined ? {} : { done }) });
    return samplesToMs(at, this.sampleRateHz);
  }

  #samplesNow(): number {
    // The hair more keeps 20 ms minus a rounding error at whole samples.
    return Math.floor((this.nowMs * this.sampleRateHz) / 1000 + 1e-6);
  }

  /** Plays up to the clock's present. */
  #advance(): void {
    if (this.#state !== 'live') return;
    const from = this.#drawn;
    const samples = this.#samplesNow() - from;
    if (samples <= 0) return;
    this.#drawn += samples;
    const count = Math.min(samples, this.#line.bufferedSamples);
    if (count === 0) {
      this.#line.play(samples);
      return;
    }
    const into = new Int16Array(count);
    this.#line.play(samples, into);
    this.#arrived.set(into, from);
  }

  #armTick(): void {
    const atMs = this.#startMs + (this.#frames + 1) * frameMs;
    this.#tick = this.#options.clock.at(atMs, () => this.#frame());
  }

  /** One frame of time has passed: it was heard, and now it is sent. */
  #frame(): void {
    this.#advance();
    this.#frames += 1;
    const to = msToSamples(this.#frames * frameMs, this.sampleRateHz);
    const from = msToSamples((this.#frames - 1) * frameMs, this.sampleRateHz);
    this.#armTick();
    this.#hear(to);
    const before = this.#sounds;
    const pcm = this.#mouthpiece(from, to);
    const over = before.filter((sound) => !this.#sounds.includes(sound));
    this.#sent.set(pcm, from);
    this.#options.onFrame(pcm);
    for (const { done } of over) done?.();
  }

  /** The agent's audio up to there, as the line lets it through. */
  #hear(to: number): void {
    const from = this.#heard.length;
    if (to <= from) return;
    const came = this.#arrived.slice(from, to);
    const pcm = this.#telephone === undefined ? came : this.#telephone.down.process(came);
    this.#heard.set(pcm, from);
    this.#ear.frame(pcm, from);
  }

  #mouthpiece(from: number, to: number): Int16Array {
    const sum = new Float64Array(to - from);
    this.#sounds = addSounds(sum, from, this.#sounds);
    const echo = this.#echo;
    if (echo !== undefined) {
      for (let i = 0; i < sum.length; i++) sum[i]! += echo.factor * this.#heard.at(from + i - echo.delay);
    }
    const mixed = Int16Array.from(sum, (sample) => Math.max(-32_768, Math.min(32_767, Math.round(sample))));
    const coded = this.#telephone === undefined ? mixed : this.#telephone.up.process(mixed);
    return this.#isLost() ? new Int16Array(coded.length) : coded;
  }

  /** Reports are told when they are due, not with the next frame. */
  #armReport(): void {
    this.#report?.cancel();
    const until = this.#line.untilReport;
    if (until === undefined) return;
    const atMs = this.#startMs + samplesToMs(this.#drawn + until, this.sampleRateHz);
    this.#report = this.#options.clock.at(atMs, () => {
      if (this.#state !== 'live') return;
      this.#advance();
      if (until === 0) this.#line.play(0);
      this.#armReport();
    });
  }
}

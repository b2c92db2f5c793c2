import { type AudioFrame, type Ms, msToSamples, samplesToMs } from '../../core/index.js';
import { allBut, none } from '../../core/none.js';
import { LineMap } from '../../realtime/index.js';

/** A piece of the caller's audio. `atMs`: place of its first sample on the session's input line. The receiver may keep it. */
export interface InputFrame {
  readonly pcm: Int16Array;
  readonly sampleRateHz: number;
  readonly atMs: Ms;
}

type Tap = (frame: InputFrame) => void;

/**
 * The way of the caller's audio into the session. The input line is all that the transport gave, end to end, from the
 * start. Everybody who taps it hears all of it; the model hears what nobody withholds. Taps are called in the order of
 * their coming, before the model, so that what they decide about a frame holds for it.
 */
export class InputPath {
  readonly #toModel: (frame: AudioFrame) => void;
  #taps: readonly Tap[] = none;
  #sampleRateHz = 0;
  #samples = 0;
  /** The last of the line, as long as somebody may want it again. */
  #kept: InputFrame[] | undefined;
  #keepMs: Ms = 0;
  /** Who withholds audio from the model. */
  #holders: readonly string[] = none;
  /** From where on the model has not been given the line. */
  #withheldMs: Ms = 0;
  #map = new LineMap();
  #uncommittedMs: Ms = 0;

  constructor(toModel: (frame: AudioFrame) => void) {
    this.#toModel = toModel;
  }

  /** 0 before the transport has started. */
  get sampleRateHz(): number {
    return this.#sampleRateHz;
  }

  /** Length of the input line. */
  get positionMs(): Ms {
    return this.#sampleRateHz === 0 ? 0 : samplesToMs(this.#samples, this.#sampleRateHz);
  }

  /** Audio that the model was given and that is in no turn yet, where this side ends them. */
  get uncommittedMs(): Ms {
    return this.#uncommittedMs;
  }

  /** What the model was given is a turn now, or was dropped. */
  committed(): void {
    this.#uncommittedMs = 0;
  }

  isWithheldBy(by: string): boolean {
    return this.#holders.includes(by);
  }

  get isWithheld(): boolean {
    return this.#holders.length > 0;
  }

  /** The transport has started: this is the rate of what comes. */
  begin(sampleRateHz: number): void {
    this.#sampleRateHz = sampleRateHz;
  }

  /** Audio from the transport. */
  frame(pcm: Int16Array): void {
    if (pcm.length === 0) return;
    const frame = { pcm, sampleRateHz: this.#sampleRateHz, atMs: this.positionMs };
    this.#samples += pcm.length;
    if (this.#keepMs > 0) this.#keep(frame);
    for (const tap of this.#taps) tap(frame);
    if (!this.isWithheld) this.#give(frame);
  }

  /** Another listener for all frames from now on; the result takes it away again. */
  tap(listener: Tap): () => void {
    this.#taps = [...this.#taps, listener];
    return () => {
      this.#taps = allBut(this.#taps, listener);
    };
  }

  /** Keeps at least the last `ms` of the line from now on, for `since` and `resume`. */
  keep(ms: Ms): void {
    this.#keepMs = Math.max(this.#keepMs, ms);
  }

  /** The line from there on, as far as it was kept; cut to the sample. */
  since(fromMs: Ms): InputFrame[] {
    const frames: InputFrame[] = [];
    for (const frame of this.#kept ?? none) {
      const skip = msToSamples(fromMs - frame.atMs, frame.sampleRateHz);
      if (skip >= frame.pcm.length) continue;
      if (skip <= 0) frames.push(frame);
      else frames.push({ ...frame, pcm: frame.pcm.subarray(skip), atMs: fromMs });
    }
    return frames;
  }

  /**
   * The model gets no audio until `resume` by the same name; the last `keepMs` of what is withheld are kept for that. Twice by one
   * name is once.
   */
  withhold(by: string, keepMs: Ms): void {
    this.keep(keepMs);
    if (this.#holders.includes(by)) return;
    if (!this.isWithheld) this.#withheldMs = this.positionMs;
    this.#holders = [...this.#holders, by];
  }

  /**
   * Ends what `withhold` began. The last `lastMs` of the withheld audio (default: all that was kept) are still wanted, and go to the
   * model as soon as nobody else withholds. Gives how much was dropped. Does nothing where `by` withholds nothing.
   */
  resume(by: string, lastMs: Ms = Infinity): Ms {
    if (!this.#holders.includes(by)) return 0;
    this.#holders = allBut(this.#holders, by);
    const fromMs = Math.max(
      this.#withheldMs,
      this.positionMs - lastMs,
      this.#kept?.[0]?.atMs ?? this.positionMs,
    );
    const droppedMs = fromMs - this.#withheldMs;
    this.#withheldMs = fromMs;
    if (!this.isWithheld) for (const frame of this.since(fromMs)) this.#give(frame);
    return droppedMs;
  }

  /** The model gets the last `lastMs` once more, unless it gets nothing now. */
  again(lastMs: Ms): void {
    if (this.isWithheld) return;
    for (const frame of this.since(this.positionMs - lastMs)) this.#give(frame);
  }

  /** Where a position on the line of the model's session is on the input line. */
  fromModelMs(modelMs: Ms): Ms {
    return this.#map.toSession(modelMs);
  }

  /**
   * Another session of a model takes over: its line begins here, with what the one before still had to hear. `fromMs`: where that was,
   * on the line of the one before.
   */
  newModel({ fromMs, audio }: { fromMs: Ms; audio: readonly AudioFrame[] } = { fromMs: 0, audio: [] }): void {
    let atMs = this.#map.toSession(fromMs);
    this.#map = new LineMap();
    this.#uncommittedMs = 0;
    for (const { pcm, sampleRateHz } of audio) {
      this.#give({ pcm, sampleRateHz, atMs });
      atMs += samplesToMs(pcm.length, sampleRateHz);
    }
  }

  #give({ pcm, sampleRateHz, atMs }: InputFrame): void {
    const durationMs = samplesToMs(pcm.length, sampleRateHz);
    this.#map.send(atMs, durationMs);
    this.#uncommittedMs += durationMs;
    this.#toModel({ pcm, sampleRateHz, channels: 1 });
  }

  #keep(frame: InputFrame): void {
    this.#kept ??= [];
    const kept = this.#kept;
    kept.push(frame);
    const fromMs = this.positionMs - this.#keepMs;
    // One more than is needed: dropping frame by frame would move the rest each time.
    const isOld = ({ pcm, sampleRateHz, atMs }: InputFrame) =>
      atMs + samplesToMs(pcm.length, sampleRateHz) <= fromMs;
    let old = 0;
    while (old < kept.length && isOld(kept[old]!)) old += 1;
    if (old > 0) kept.splice(0, old);
  }
}

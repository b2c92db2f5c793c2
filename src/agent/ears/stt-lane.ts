import { Resampler } from '../../audio/index.js';
import type { Word } from '../../chat/item.js';
import {
  type Clock,
  type Ms,
  ProviderError,
  type ReparteeError,
  samplesToMs,
  type Timer,
  toReparteeError,
} from '../../core/index.js';
import type { Opening, STT, SttEvent, SttStream } from '../../speech/contracts.js';
import type { InputFrame, InputPath } from './input-path.js';
import type { Span } from './transcript.js';

export interface SttLaneOptions {
  language?: string;
  prompt?: string;
  /** After the end of a turn its words have this long; later ones still find their place. */
  timeoutMs: Ms;
}

/** What the lane tells. Words have times on the input line. */
export interface SttListener {
  interim(turn: string, text: string, span: Span): void;
  final(turn: string, said: { text: string; words: Word[]; confidence?: number }, span: Span): void;
  /** How the turn under way begins. */
  opening(turn: string, opening: Opening): void;
  failed(turn: string, error: ReparteeError): void;
  /** So much audio was given to the recogniser: of an utterance, whatever came of it. */
  used(inputAudioMs: Ms): void;
}

interface Utterance {
  turn: string;
  fromMs: Ms;
  toMs: Ms;
  /** While its words are waited for. */
  timer?: Timer;
  /** They were given up; they may still come. */
  isLate?: boolean;
}

/** Utterances whose words never came make room for others. */
const waitingLimit = 32;

/**
 * A recogniser beside the model: hears the caller's audio of each turn, from where it began to be spoken. Its answers come in the
 * order in which turns were ended, so each belongs to the oldest that waits.
 */
export class SttLane {
  readonly #stream: SttStream;
  readonly #path: InputPath;
  readonly #clock: Clock;
  readonly #timeoutMs: Ms;
  readonly #to: SttListener;
  readonly #untap: () => void;
  readonly #rateHz: number;
  readonly #resampler: Resampler | undefined;
  #open: Utterance | undefined;
  #waiting: Utterance[] = [];
  /** Up to where the line was pushed: no utterance begins before. */
  #pushedMs: Ms = 0;
  /** Samples that were given to the recogniser, and not told. */
  #given = 0;
  #isRetired = false;

  constructor(stt: STT, path: InputPath, clock: Clock, options: SttLaneOptions, to: SttListener) {
    const { timeoutMs, ...speech } = options;
    this.#stream = stt.stream(speech);
    this.#path = path;
    this.#clock = clock;
    this.#timeoutMs = timeoutMs;
    this.#to = to;
    this.#rateHz = stt.sampleRateHz;
    const { sampleRateHz } = path;
    this.#resampler = sampleRateHz === this.#rateHz ? undefined : new Resampler(sampleRateHz, this.#rateHz);
    this.#stream.onEvent((event) => this.#told(event));
    this.#untap = path.tap((frame) => this.#hear(frame));
  }

  get openTurn(): string | undefined {
    return this.#open?.turn;
  }

  /** What is said from there on, on the input line, belongs to this turn; what was said already is heard at once. */
  open(turn: string, fromMs: Ms): void {
    if (this.#open?.turn === turn) return;
    this.flush();
    const from = Math.max(this.#pushedMs, Math.min(fromMs, this.#path.positionMs));
    const past = this.#path.since(from);
    this.#open = { turn, fromMs: past[0]?.atMs ?? this.#path.positionMs, toMs: from };
    for (const frame of past) this.#hear(frame);
  }

  /** Ends the turn: all its words follow, sooner or later. Without one under way nothing happens. */
  flush(): void {
    const utterance = this.#open;
    if (utterance === undefined) return;
    this.#open = undefined;
    if (this.#resampler !== undefined) {
      this.#push(this.#resampler.flush());
      this.#resampler.reset();
    }
    utterance.timer = this.#clock.at(this.#clock.now() + this.#timeoutMs, () => this.#late(utterance));
    this.#waiting.push(utterance);
    if (this.#waiting.length > waitingLimit) this.#waiting.shift()?.timer?.cancel();
    this.#stream.flush();
    this.#tellUsed();
  }

  /** It was no turn: nothing of it is told. */
  discard(): void {
    if (this.#open === undefined) return;
    // Another turn may begin in what was no turn.
    this.#pushedMs = this.#open.fromMs;
    this.#open = undefined;
    this.#resampler?.reset();
    this.#stream.discard();
    this.#tellUsed();
  }

  /** Another recogniser takes over: this one tells what it was still asked for, and is closed then. */
  retire(): void {
    this.flush();
    this.#untap();
    this.#isRetired = true;
    this.#closeIfDone();
  }

  close(): void {
    this.#untap();
    for (const { timer } of this.#waiting) timer?.cancel();
    this.#waiting = [];
    this.#open = undefined;
    this.#tellUsed();
    this.#stream.close();
  }

  #hear({ pcm, sampleRateHz, atMs }: InputFrame): void {
    if (this.#open === undefined) return;
    this.#pushedMs = atMs + samplesToMs(pcm.length, sampleRateHz);
    this.#open.toMs = this.#pushedMs;
    this.#push(this.#resampler === undefined ? pcm : this.#resampler.process(pcm));
  }

  #push(pcm: Int16Array): void {
    if (pcm.length === 0) return;
    this.#given += pcm.length;
    this.#stream.push(pcm);
  }

  #tellUsed(): void {
    const ms = Math.round(samplesToMs(this.#given, this.#rateHz));
    this.#given = 0;
    if (ms > 0) this.#to.used(ms);
  }

  #told(event: SttEvent): void {
    if (event.t === 'opening') {
      const { is, isWhole, count } = event;
      if (this.#open !== undefined) this.#to.opening(this.#open.turn, { is, isWhole, count });
      return;
    }
    if (event.t === 'interim') {
      // What a recogniser tells before it has answered for a turn may be of that one: it hears one after the other.
      const utterance = this.#waiting.find(({ isLate }) => isLate !== true) ?? this.#open;
      if (utterance !== undefined) this.#to.interim(utterance.turn, event.text, spanOf(utterance));
      return;
    }
    const utterance = this.#waiting.shift();
    utterance?.timer?.cancel();
    this.#closeIfDone();
    if (event.t === 'failed') {
      const turn = utterance?.turn ?? this.#open?.turn;
      if (turn !== undefined) this.#to.failed(turn, toReparteeError(event.error, 'stt_failed'));
      return;
    }
    if (utterance === undefined) return;
    const { fromMs } = utterance;
    const words = event.words.map((word) => ({
      text: word.text,
      fromMs: fromMs + word.fromMs,
      toMs: fromMs + word.toMs,
    }));
    const { text, confidence } = event;
    const said = confidence === undefined ? { text, words } : { text, words, confidence };
    this.#to.final(utterance.turn, said, spanOf(utterance));
  }

  #closeIfDone(): void {
    if (this.#isRetired && this.#waiting.length === 0) this.close();
  }

  #late(utterance: Utterance): void {
    const message = `No words from the speech recogniser within ${this.#timeoutMs} ms of the turn's end`;
    utterance.isLate = true;
    if (this.#isRetired) this.#waiting = this.#waiting.filter((other) => other !== utterance);
    this.#to.failed(utterance.turn, new ProviderError('transcript_timeout', message));
    this.#closeIfDone();
  }
}

function spanOf({ fromMs, toMs }: Utterance): Span {
  return { fromMs, toMs };
}

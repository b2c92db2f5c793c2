import { concatPcm, Resampler } from '../audio/index.js';
import { msToSamples, samplesToMs } from '../core/index.js';
import type { Config, Ms, TurnRule, Word } from '../realtime/index.js';
import type { STT, SttEvent, VAD, VadStream } from '../speech/index.js';
import { AudioRing } from './audio-ring.js';
import { Hearing } from './hearing.js';

export interface EarOptions {
  stt: STT;
  vad: VAD;
  inputRateHz: number;
  /** How far back an utterance may begin. */
  lookBackMs: Ms;
  /** Longest audio that an utterance keeps for the conversation; a longer one keeps its beginning. */
  maxKeptMs: Ms;
}

/** Positions are on the link's input line. */
export interface EarEvents {
  voice(edge: 'start' | 'stop', atMs: Ms): void;
  interim(item: string, text: string): void;
  final(item: string, text: string, words: Word[]): void;
  failed(item: string, reason: string): void;
}

/** Silence that ends a turn, by how eager the model is to answer (OpenAI: low waits longest; auto = medium). */
const semanticSilenceMs = { low: 1600, medium: 900, auto: 900, high: 500 } as const;
const defaultSilenceMs = 500;

/**
 * Hears the input line: keeps its last seconds, gives it to the VAD while the link owns the turns, and to the recogniser
 * while an utterance is open. Which utterance that is, and when it ends, is decided elsewhere.
 */
export class Ear {
  readonly #options: EarOptions;
  readonly #on: EarEvents;
  readonly #ring: AudioRing;
  readonly #vad: VadStream;
  readonly #toVad: Resampler;
  readonly #toStt: Resampler;
  /** The one that hears the input line, once there was something to hear. */
  #hearing: Hearing | undefined;
  /** Every recogniser at work: that one, those of a language before, and those of audio from elsewhere. */
  readonly #hearings = new Set<Hearing>();
  #speech: { language?: string; prompt?: string } = {};
  #speechChanged = false;
  #watching = false;
  /** Samples given to the VAD, at the input rate. */
  #watched = 0;
  /** Link position of sample 0 of the ring, were the line without gaps. */
  #originMs: Ms = 0;
  #open: { kept: Int16Array[]; keptSamples: number } | undefined;
  /** Samples given to the recogniser since they were asked for last. */
  #fed = 0;

  constructor(options: EarOptions, on: EarEvents) {
    this.#options = options;
    this.#on = on;
    const { inputRateHz, lookBackMs, vad, stt } = options;
    this.#ring = new AudioRing(msToSamples(lookBackMs, inputRateHz));
    this.#toVad = new Resampler(inputRateHz, vad.sampleRateHz);
    this.#toStt = new Resampler(inputRateHz, stt.sampleRateHz);
    this.#vad = vad.stream();
    this.#vad.onEvent((event) => {
      if (event.t === 'speech_started') on.voice('start', this.#vadToLink(event.atMs));
      else if (event.t === 'speech_stopped') on.voice('stop', this.#vadToLink(event.atMs));
    });
  }

  /** Who ends turns, after how much silence, and in which language the user speaks. Takes effect from now on. */
  tune(config: Config): void {
    const { turns, transcription } = config;
    this.#watching = turns.owner === 'wire';
    if (turns.owner === 'wire') this.#vad.update(vadOptions(turns));
    const { language, prompt } = transcription ?? {};
    this.#speechChanged ||= language !== this.#speech.language || prompt !== this.#speech.prompt;
    this.#speech = {
      ...(language === undefined ? {} : { language }),
      ...(prompt === undefined ? {} : { prompt }),
    };
  }

  hear(pcm: Int16Array, endMs: Ms): void {
    const { inputRateHz } = this.#options;
    this.#ring.write(pcm);
    this.#originMs = endMs - samplesToMs(this.#ring.end, inputRateHz);
    if (this.#open !== undefined) this.#feed(pcm);
    if (!this.#watching) return;
    this.#watched += pcm.length;
    const samples = this.#toVad.process(pcm);
    if (samples.length > 0) this.#vad.push(samples);
  }

  listen(item: string, fromMs: Ms): void {
    this.#open = { kept: [], keptSamples: 0 };
    this.#toStt.reset();
    this.#recogniser().open(item);
    const past = this.#ring.readFrom(msToSamples(fromMs - this.#originMs, this.#options.inputRateHz));
    if (past.length > 0) this.#feed(past);
  }

  /** Ends the utterance; gives its audio. Its words follow. */
  commit(): Int16Array {
    const kept = this.#open?.kept ?? [];
    this.#open = undefined;
    this.#hearing?.push(this.#toStt.flush());
    this.#hearing?.flush();
    return concatPcm(kept);
  }

  unlisten(): void {
    this.#open = undefined;
    this.#hearing?.discard();
  }

  /** Audio that the recogniser was given since this was asked last. */
  takeFedMs(): Ms {
    const fed = this.#fed;
    this.#fed = 0;
    return samplesToMs(fed, this.#options.inputRateHz);
  }

  /** The speech under way has been dealt with: the next edge is a start. */
  forgetSpeech(): void {
    this.#vad.reset();
  }

  /** Recognises audio that did not come over the input line. */
  transcribe(item: string, pcm: Int16Array): void {
    this.#fed += pcm.length;
    const hearing = this.#newHearing();
    const resampler = new Resampler(this.#options.inputRateHz, this.#options.stt.sampleRateHz);
    hearing.open(item);
    hearing.push(resampler.process(pcm));
    hearing.push(resampler.flush());
    hearing.flush();
    hearing.retire();
  }

  close(): void {
    this.#open = undefined;
    this.#vad.close();
    for (const hearing of [...this.#hearings]) hearing.close();
  }

  #feed(pcm: Int16Array): void {
    const open = this.#open!;
    this.#fed += pcm.length;
    if (samplesToMs(open.keptSamples + pcm.length, this.#options.inputRateHz) <= this.#options.maxKeptMs) {
      open.kept.push(pcm);
      open.keptSamples += pcm.length;
    }
    this.#hearing?.push(this.#toStt.process(pcm));
  }

  /** Utterances under way are still answered by the recogniser that heard them; a new language has a new one. */
  #recogniser(): Hearing {
    if (this.#speechChanged) this.#hearing?.retire();
    if (this.#speechChanged || this.#hearing === undefined) this.#hearing = this.#newHearing();
    this.#speechChanged = false;
    return this.#hearing;
  }

  #newHearing(): Hearing {
    const stream = this.#options.stt.stream(this.#speech);
    const hearing = new Hearing(
      stream,
      (item, event) => this.#tell(item, event),
      (closed) => this.#hearings.delete(closed),
    );
    this.#hearings.add(hearing);
    return hearing;
  }

  #tell(item: string, event: SttEvent): void {
    if (event.t === 'interim') this.#on.interim(item, event.text);
    else if (event.t === 'final') this.#on.final(item, event.text, event.words);
    else if (event.t === 'failed') this.#on.failed(item, event.error.message);
  }

  /** The VAD counts only what it was given: its line lies at the end of ours. */
  #vadToLink(atMs: Ms): Ms {
    const { inputRateHz } = this.#options;
    const unseenMs = samplesToMs(this.#ring.end - this.#watched, inputRateHz);
    return Math.max(0, this.#originMs + unseenMs + atMs);
  }
}

function vadOptions(turns: Extract<TurnRule, { owner: 'wire' }>): { silenceMs: Ms; threshold?: number } {
  const byKind =
    turns.kind === 'semantic_vad' ? semanticSilenceMs[turns.eagerness ?? 'auto'] : defaultSilenceMs;
  const silenceMs = turns.silenceMs ?? byKind;
  return turns.threshold === undefined ? { silenceMs } : { silenceMs, threshold: turns.threshold };
}

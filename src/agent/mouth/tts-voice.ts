import type { Word } from '../../chat/index.js';
import {
  type Clock,
  type Ms,
  ProviderError,
  type ReparteeError,
  type Timer,
  toReparteeError,
} from '../../core/index.js';
import type { TTS, TtsEvent, TtsStream } from '../../speech/contracts.js';

/** Characters that wait to be spoken; more fails the utterance. */
const textLimit = 50_000;
/** With all of its text given, a synthesiser that brings nothing for so long has failed. */
const quietLimitMs: Ms = 15_000;

export interface VoiceEvents {
  audio(pcm: Int16Array): void;
  /** Words of the audio that follows, on this utterance's line. */
  words(words: readonly Word[]): void;
  /** Once, when nothing more is given to it: so many characters were. */
  used(characters: number): void;
  /** Once, last, unless it was closed. */
  over(error?: ReparteeError): void;
}

/** One utterance of a synthesiser, with an end: whatever goes wrong, `over` comes once. Nothing is told after `close`. */
export class TtsVoice {
  readonly #tts: TTS;
  readonly #clock: Clock;
  readonly #on: VoiceEvents;
  #stream: TtsStream | undefined;
  #unspoken = 0;
  /** Unicode characters, as vendors count them. */
  #characters = 0;
  #finished = false;
  #closed = false;
  #timer: Timer | undefined;

  constructor(tts: TTS, clock: Clock, on: VoiceEvents) {
    this.#tts = tts;
    this.#clock = clock;
    this.#on = on;
  }

  push(text: string): void {
    if (text === '') return;
    this.#unspoken += text.length;
    if (this.#unspoken > textLimit) {
      this.#end(new ProviderError('tts_failed', `More than ${textLimit} characters wait to be spoken`));
      return;
    }
    this.#guard((stream) => {
      stream.push(text);
      for (const _ of text) this.#characters += 1;
    });
  }

  /** No more text. */
  finish(): void {
    if (this.#finished || this.#closed) return;
    this.#finished = true;
    // Of nothing there is nothing to say.
    if (this.#stream === undefined) this.#end();
    else {
      this.#guard((stream) => stream.finish());
      this.#watch();
    }
  }

  close(): void {
    if (!this.#closed && this.#characters > 0) this.#on.used(this.#characters);
    this.#closed = true;
    this.#timer?.cancel();
    this.#stream?.close();
  }

  #guard(run: (stream: TtsStream) => void): void {
    if (this.#closed) return;
    try {
      this.#stream ??= this.#open();
      run(this.#stream);
    } catch (thrown) {
      this.#end(toReparteeError(thrown, 'tts_failed', `${this.#tts.name}: `));
    }
  }

  #open(): TtsStream {
    const stream = this.#tts.stream();
    stream.onEvent((event) => this.#hear(event));
    return stream;
  }

  #hear(event: TtsEvent): void {
    if (this.#closed) return;
    if (this.#finished) this.#watch();
    switch (event.t) {
      case 'audio':
        return this.#on.audio(event.pcm);
      case 'clause':
        this.#unspoken = Math.max(0, this.#unspoken - event.text.length);
        return this.#on.words(event.words);
      case 'done':
        return this.#end();
      case 'failed':
        return this.#end(event.error);
    }
  }

  /** The rest must come soon. */
  #watch(): void {
    this.#timer?.cancel();
    if (this.#closed) return;
    this.#timer = this.#clock.at(this.#clock.now() + quietLimitMs, () => {
      const message = `${this.#tts.name} has brought nothing for ${quietLimitMs} ms`;
      this.#end(new ProviderError('tts_failed', message));
    });
  }

  #end(error?: ReparteeError): void {
    if (this.#closed) return;
    this.close();
    this.#on.over(error);
  }
}

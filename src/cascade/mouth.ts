import { Resampler } from '../audio/index.js';
import { msToSamples, type ReparteeError, toReparteeError } from '../core/index.js';
import type { Ms, Usage, Word } from '../realtime/index.js';
import type { LLM, LlmEvent, LlmRequest, LlmStream, TTS, TtsEvent, TtsStream } from '../speech/index.js';
import { Chunker } from './chunker.js';

export interface MouthOptions {
  llm: LLM;
  tts: TTS;
  voice: string;
  outputRateHz: number;
  chunkMs: Ms;
}

export interface MouthEvents {
  written(text: string): void;
  called(call: string, name: string, args: string): void;
  thought(reason: 'stop' | 'length' | 'filter' | 'calls', usage: Usage | null): void;
  clause(text: string, words: Word[]): void;
  /** At the output rate, about `chunkMs` long. */
  audio(pcm: Int16Array): void;
  silent(): void;
  broken(error: ReparteeError): void;
}

/** Language model and synthesiser of one response. After `close`, or once it is broken, nothing is told any more. */
export class Mouth {
  readonly #options: MouthOptions;
  readonly #on: MouthEvents;
  readonly #chunker: Chunker;
  #llm: LlmStream | undefined;
  #tts: TtsStream | undefined;
  #toOutput: Resampler | undefined;
  #closed = false;
  /** Given to the synthesiser. */
  #characters = 0;
  #usage: Usage | undefined;

  constructor(options: MouthOptions, on: MouthEvents) {
    this.#options = options;
    this.#on = on;
    this.#chunker = new Chunker(msToSamples(options.chunkMs, options.outputRateHz), (pcm) => {
      if (!this.#closed) on.audio(pcm);
    });
  }

  /** What its parts have done so far. */
  get used(): { characters: number; llm: Usage | undefined } {
    return { characters: this.#characters, llm: this.#usage };
  }

  think(request: LlmRequest): void {
    this.#guard(() => {
      this.#llm = this.#options.llm.chat(request);
      this.#llm.onEvent((event) => this.#onLlm(event));
    }, 'llm_failed');
  }

  speak(text: string): void {
    this.#guard(() => {
      this.#synthesiser().push(text);
      // Unicode characters, as vendors count them.
      for (const _ of text) this.#characters += 1;
    }, 'tts_failed');
  }

  finishSpeaking(): void {
    this.#guard(() => this.#synthesiser().finish(), 'tts_failed');
  }

  close(): void {
    this.#closed = true;
    this.#llm?.close();
    this.#tts?.close();
  }

  #onLlm(event: LlmEvent): void {
    if (this.#closed) return;
    if (event.t === 'done') this.#usage = event.usage;
    if (event.t === 'text') this.#on.written(event.delta);
    else if (event.t === 'call') this.#on.called(event.call, event.name, event.args);
    else if (event.t === 'done') this.#on.thought(event.reason, event.usage ?? null);
    else this.#break(event.error);
  }

  #onTts(event: TtsEvent): void {
    if (this.#closed) return;
    if (event.t === 'clause') this.#on.clause(event.text, event.words);
    else if (event.t === 'audio') this.#chunker.push(this.#toOutput!.process(event.pcm));
    else if (event.t === 'failed') this.#break(event.error);
    else {
      this.#chunker.push(this.#toOutput!.flush());
      this.#chunker.flush();
      this.#on.silent();
    }
  }

  #synthesiser(): TtsStream {
    if (this.#tts !== undefined) return this.#tts;
    const { tts, voice, outputRateHz } = this.#options;
    this.#toOutput = new Resampler(tts.sampleRateHz, outputRateHz);
    this.#tts = tts.stream(voice === '' ? {} : { voice });
    this.#tts.onEvent((event) => this.#onTts(event));
    return this.#tts;
  }

  #guard(run: () => void, code: 'llm_failed' | 'tts_failed'): void {
    if (this.#closed) return;
    try {
      run();
    } catch (thrown) {
      this.#break(toReparteeError(thrown, code));
    }
  }

  #break(error: ReparteeError): void {
    this.close();
    this.#on.broken(error);
  }
}

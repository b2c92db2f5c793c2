import { Resampler } from '../../../audio/index.js';
import { bytesToBase64 } from '../../../core/index.js';
import type { Event, Word } from '../../../realtime/contract.js';
import { encodeAudio, formatRateHz } from '../convert/index.js';
import type { AudioFormat, PartIds } from '../events.js';
import type { Context } from './context.js';

type Said = Event & { t: 'said' };

/** Hears what a part has become. */
export interface PartSink {
  audio(bytes: Uint8Array, producedMs: number): void;
  text(text: string): void;
  words(words: readonly Word[]): void;
}

/**
 * One content part of a response, from `content_part.added` to `content_part.done`. Deltas can only add, so text that
 * replaces what was sent waits for the final text.
 */
export class OutputPart {
  readonly kind: 'audio' | 'text';
  readonly #context: Context;
  readonly #ids: PartIds;
  readonly #format: AudioFormat;
  readonly #sink: PartSink;
  readonly #resampler: Resampler | undefined;
  #audioTail: string | undefined;
  #text = '';
  #textIsWhole = false;
  #stage: Said['stage'] | undefined;
  #samples = 0;
  #produced = false;
  #done = false;

  constructor(context: Context, ids: PartIds, kind: 'audio' | 'text', format: AudioFormat, sink: PartSink) {
    this.kind = kind;
    this.#context = context;
    this.#ids = ids;
    this.#format = format;
    this.#sink = sink;
    const fromHz = context.options.outputRateHz;
    const toHz = formatRateHz(format);
    this.#resampler = kind === 'audio' && fromHz !== toHz ? new Resampler(fromHz, toHz) : undefined;
    context.send('response.content_part.added', {
      ...ids,
      part: kind === 'audio' ? { type: 'audio', transcript: '' } : { type: 'text', text: '' },
    });
  }

  get done(): boolean {
    return this.#done;
  }

  audio(pcm: Int16Array): void {
    // A text response of a model that speaks all the same: its words are kept, its voice is not.
    if (this.kind === 'text' || this.#produced) return;
    this.#samples += pcm.length;
    this.#sendAudio(this.#resampler?.process(pcm) ?? pcm);
  }

  said(event: Said): void {
    if (event.stage === 'thought') return;
    // A model may tell its words twice, planned and spoken; the first kind seen is the transcript.
    this.#stage ??= event.stage;
    if (this.#stage !== event.stage) return;
    const added = event.how === 'append' ? event.text : suffix(this.#text, event.text);
    const whole = event.how === 'final' ? event.text : this.#text + (added ?? '');
    if (added !== undefined && added !== '' && !this.#done) this.#sendText(added);
    if (added !== undefined || event.how === 'final') this.#text = whole;
    this.#textIsWhole ||= event.how === 'final';
    this.#sink.text(this.#text);
    if (event.words !== undefined) this.#sink.words(event.words);
    if (this.#produced && this.#textIsWhole) this.finish();
  }

  /** No more audio; `done` follows once the text is whole too. */
  produced(): void {
    if (this.#produced) return;
    if (this.#resampler !== undefined) this.#sendAudio(this.#resampler.flush());
    this.#produced = true;
    if (this.#textIsWhole) this.finish();
  }

  /** The closing events, once, with the text as it is by now. */
  finish(): void {
    if (this.#done) return;
    this.produced();
    // `produced` may have come back here with the text whole.
    if (this.#done) return;
    this.#done = true;
    const context = this.#context;
    if (this.kind === 'audio') {
      context.send('response.output_audio.done', this.#ids);
      context.send('response.output_audio_transcript.done', { ...this.#ids, transcript: this.#text });
      context.send('response.content_part.done', {
        ...this.#ids,
        part: { type: 'audio', transcript: this.#text },
      });
    } else {
      context.send('response.output_text.done', { ...this.#ids, text: this.#text });
      context.send('response.content_part.done', { ...this.#ids, part: { type: 'text', text: this.#text } });
    }
  }

  #sendAudio(pcm: Int16Array): void {
    if (pcm.length === 0) return;
    const bytes = encodeAudio(pcm, this.#format);
    this.#sink.audio(bytes, (this.#samples * 1000) / this.#context.options.outputRateHz);
    this.#audioTail ??= JSON.stringify(this.#ids).slice(1);
    this.#context.sendAudio(this.#audioTail, bytesToBase64(bytes));
  }

  #sendText(delta: string): void {
    const type =
      this.kind === 'audio' ? 'response.output_audio_transcript.delta' : 'response.output_text.delta';
    this.#context.send(type, { ...this.#ids, delta });
  }
}

/** What `whole` adds to `sent`; undefined where it does not go on from there. */
function suffix(sent: string, whole: string): string | undefined {
  return whole.startsWith(sent) ? whole.slice(sent.length) : undefined;
}

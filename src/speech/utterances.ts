import type { Word } from '../chat/item.js';
import type { Ms, ReparteeError } from '../core/index.js';
import type { SttEvent } from './contracts.js';

/** A piece of what was understood that will not change any more. Times are on the line of its connection. */
export interface HeardPart {
  text: string;
  words?: readonly Word[];
  /** 0..1 */
  confidence?: number;
}

/** How much of an utterance is kept to be heard: by another connection, or as a whole. */
export const keptLimitMs: Ms = 60_000;

/** What was pushed between two flushes, and what was understood of it. */
export class Utterance {
  /** Kept for another connection, the newest last. */
  readonly audio: Int16Array[] = [];
  durationMs: Ms = 0;
  /** Where it begins on its connection's line; undefined: nothing of it was sent. */
  startMs: Ms | undefined;
  flushed = false;
  /** Nobody wants its words. */
  discarded = false;
  /** Connections that broke while it was being heard. */
  breaks = 0;
  /** It will not be understood: told once it is flushed. */
  error: ReparteeError | undefined;
  #parts: HeardPart[] = [];
  #interim = '';

  get isEmpty(): boolean {
    return this.audio.length === 0;
  }

  keep(pcm: Int16Array, durationMs: Ms): void {
    this.audio.push(pcm);
    this.durationMs += durationMs;
    while (this.durationMs > keptLimitMs && this.audio.length > 1) {
      const [oldest] = this.audio.splice(0, 1);
      this.durationMs -= (durationMs * (oldest?.length ?? 0)) / pcm.length;
    }
  }

  /** Another connection hears it from the start. */
  again(): void {
    this.startMs = undefined;
    this.#parts = [];
    this.#interim = '';
  }

  interim(text: string): void {
    this.#interim = text.trim();
  }

  part(part: HeardPart): void {
    this.#interim = '';
    if (part.text.trim() !== '') this.#parts.push(part);
  }

  get text(): string {
    return [...this.#parts.map(({ text }) => text.trim()), this.#interim]
      .filter((text) => text !== '')
      .join(' ');
  }

  /** All of it, with word times from its own start; or why not. */
  final(): SttEvent {
    if (this.error !== undefined) return { t: 'failed', error: this.error };
    const startMs = this.startMs ?? 0;
    const words = this.#parts.flatMap((part) => part.words ?? []);
    const sure = this.#parts.flatMap(({ confidence }) => (confidence === undefined ? [] : [confidence]));
    const own = words.map(({ text, fromMs, toMs }) => ({
      text,
      fromMs: Math.max(0, fromMs - startMs),
      toMs: Math.max(0, toMs - startMs),
    }));
    const confidence = sure.reduce((sum, one) => sum + one, 0) / sure.length;
    return { t: 'final', text: this.text, words: own, ...(sure.length === 0 ? {} : { confidence }) };
  }
}

import { concatPcm } from '../audio/index.js';
import { msToSamples } from '../core/index.js';
import type { Item, ItemPart, Word } from '../realtime/index.js';
import type { BrainEffect } from './brain/index.js';
import { heardPart } from './heard-text.js';

type Remembered = Extract<BrainEffect, { fx: 'put' | 'append' | 'status' | 'transcript' | 'cut' | 'delete' }>;

interface Stored {
  item: Item;
  /** Times of the words spoken by the model, on the item's own line. */
  words: Word[];
  audio: Int16Array[];
}

/**
 * What the items hold: texts, word times and, within a budget, audio. Their order and whether they exist is the brain's.
 * The oldest audio goes first when the budget is spent; texts stay.
 */
export class Conversation {
  readonly #items = new Map<string, Stored>();
  readonly #maxSamples: number;
  readonly #outputRateHz: number;
  #samples = 0;

  constructor(options: { maxSamples: number; outputRateHz: number }) {
    this.#maxSamples = options.maxSamples;
    this.#outputRateHz = options.outputRateHz;
  }

  /** Performs what the brain decided about the items. */
  apply(effect: Remembered): void {
    switch (effect.fx) {
      case 'put':
        this.#put(effect.item);
        break;
      case 'append':
        this.#append(effect.item, effect.kind, effect.text, effect.words);
        break;
      case 'status':
        this.#setStatus(effect.item, effect.status);
        break;
      case 'transcript':
        this.#setTranscript(effect.item, effect.text);
        break;
      case 'cut':
        this.#cut(effect.item, effect.heardMs, effect.heardText, effect.spokenMs);
        break;
      case 'delete':
        this.#delete(effect.item);
        break;
    }
  }

  /** Adds the item, or replaces what it holds. Audio that comes in its parts is kept apart. */
  #put(item: Item): void {
    const before = this.#items.get(item.id);
    const [bare, audio] = withoutPcm(item);
    this.#items.set(item.id, { item: bare, words: before?.words ?? [], audio: before?.audio ?? [] });
    if (audio !== undefined) this.keepAudio(item.id, audio);
  }

  /** The item with its texts, without audio. */
  get(id: string): Item | undefined {
    return this.#items.get(id)?.item;
  }

  /** The item with the audio that is still kept. */
  withAudio(id: string): Item | undefined {
    const stored = this.#items.get(id);
    if (stored === undefined || stored.item.kind !== 'message' || stored.audio.length === 0)
      return stored?.item;
    const pcm = concatPcm(stored.audio);
    const parts = stored.item.parts.map((part) => (part.kind === 'audio' ? { ...part, pcm } : part));
    return { ...stored.item, parts };
  }

  audioOf(id: string): Int16Array {
    return concatPcm(this.#items.get(id)?.audio ?? []);
  }

  keepAudio(id: string, pcm: Int16Array): void {
    const stored = this.#items.get(id);
    if (stored === undefined || pcm.length > this.#maxSamples) return;
    stored.audio.push(pcm);
    this.#samples += pcm.length;
    for (const other of this.#items.values()) {
      if (this.#samples <= this.#maxSamples) return;
      this.#dropAudio(other);
    }
  }

  /** Words that the model spoke or wrote go to the end of its message. */
  #append(id: string, kind: 'audio' | 'text', text: string, words: readonly Word[]): void {
    const stored = this.#items.get(id);
    if (stored?.item.kind !== 'message') return;
    const [part] = stored.item.parts;
    const before = part === undefined || part.kind === 'image' ? '' : textOf(part);
    const grown: ItemPart =
      kind === 'audio' ? { kind, transcript: before + text } : { kind, text: before + text };
    stored.item = { ...stored.item, parts: [grown] };
    stored.words.push(...words);
  }

  #setStatus(id: string, status: 'completed' | 'incomplete'): void {
    const stored = this.#items.get(id);
    if (stored?.item.kind === 'message') stored.item = { ...stored.item, status };
  }

  #setTranscript(id: string, text: string): void {
    const stored = this.#items.get(id);
    if (stored?.item.kind !== 'message') return;
    const parts = stored.item.parts.map(
      (part): ItemPart => (part.kind === 'audio' ? { kind: 'audio', transcript: text } : part),
    );
    stored.item = { ...stored.item, parts };
  }

  /** Leaves what was heard by `heardMs`. Without word times `heardText` says it, and without that a share of the text. */
  #cut(id: string, heardMs: number, heardText: string, spokenMs: number): void {
    const stored = this.#items.get(id);
    if (stored?.item.kind !== 'message') return;
    const [part] = stored.item.parts;
    if (part?.kind === 'audio') {
      const transcript = heardPart(part.transcript ?? '', stored.words, heardMs, { heardText, spokenMs });
      stored.item = { ...stored.item, status: 'incomplete', parts: [{ kind: 'audio', transcript }] };
    }
    stored.words = stored.words.filter((word) => word.toMs <= heardMs);
    const heard = this.audioOf(id).slice(0, msToSamples(heardMs, this.#outputRateHz));
    this.#dropAudio(stored);
    if (heard.length > 0) this.keepAudio(id, heard);
  }

  #delete(id: string): void {
    const stored = this.#items.get(id);
    if (stored !== undefined) this.#dropAudio(stored);
    this.#items.delete(id);
  }

  clear(): void {
    this.#items.clear();
    this.#samples = 0;
  }

  #dropAudio(stored: Stored): void {
    for (const chunk of stored.audio) this.#samples -= chunk.length;
    stored.audio = [];
  }
}

function textOf(part: Exclude<ItemPart, { kind: 'image' }>): string {
  return part.kind === 'text' ? part.text : (part.transcript ?? '');
}

function withoutPcm(item: Item): [Item, Int16Array | undefined] {
  if (item.kind !== 'message') return [item, undefined];
  let pcm: Int16Array | undefined;
  const parts = item.parts.map((part): ItemPart => {
    if (part.kind !== 'audio' || part.pcm === undefined) return part;
    pcm ??= part.pcm;
    return { kind: 'audio', transcript: part.transcript };
  });
  return pcm === undefined ? [item, undefined] : [{ ...item, parts }, pcm];
}

import { ChatContext, type ChatPart, chatMessage, type HeardState, type ItemPart } from '../chat/index.js';
import type { Clock, Ids, Ms } from '../core/index.js';
import type { GenerationText, RealtimeEvents } from '../realtime/index.js';
import type { AgentEvents } from './events.js';
import type { CallState } from './machine/state.js';
import { SpokenWords } from './words.js';

type Tell = <K extends keyof AgentEvents>(name: K, event: AgentEvents[K]) => void;

/**
 * The true history, and the transcripts on their way into it. A message has its place from the moment its speaking
 * began; its words may come later; it is announced once it is final.
 */
export class Conversation {
  readonly history = new ChatContext();
  readonly #words = new SpokenWords();
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #tell: Tell;
  /** When each turn's speech began, until it is an item. */
  readonly #turns = new Map<string, Ms>();
  /** Settled before their last words came. */
  readonly #settled = new Map<string, HeardState>();

  constructor(clock: Clock, ids: Ids, tell: Tell) {
    this.#clock = clock;
    this.#ids = ids;
    this.#tell = tell;
  }

  speechStarted(turn: string): void {
    this.#turns.set(turn, this.#clock.wallNow());
    // Turns that never became items.
    if (this.#turns.size > 32) this.#turns.delete(this.#turns.keys().next().value as string);
  }

  committed(turn: string, item: string): void {
    this.#reserve(item, 'user', [{ kind: 'audio', transcript: null }], this.#turns.get(turn));
    this.#turns.delete(turn);
  }

  /** The user's words so far, or all of them. */
  transcribed(event: RealtimeEvents['input_audio_transcription_completed'], isFinal: boolean): void {
    const { itemId, turnId, text, words, language } = event;
    this.#reserve(itemId, 'user', [{ kind: 'audio', transcript: null }]);
    this.#tell('user_input_transcribed', {
      itemId,
      transcript: text,
      isFinal,
      source: 'model',
      ...(turnId === undefined ? {} : { turnId }),
      ...(words === undefined ? {} : { words }),
      ...(language === undefined ? {} : { language }),
    });
    if (!isFinal) return;
    this.history.updateMessage(itemId, { parts: [{ kind: 'audio', transcript: text }] });
    this.#announce(itemId);
  }

  typed(item: string, parts: readonly ItemPart[]): void {
    this.#reserve(
      item,
      'user',
      parts.filter((part): part is ChatPart & ItemPart => part.kind !== 'audio'),
    );
    this.#announce(item);
  }

  begun(item: string): void {
    this.#reserve(item, 'assistant', [{ kind: 'audio', transcript: '' }]);
  }

  said({ itemId, text, how, stage, words }: GenerationText): void {
    if (itemId === null || stage === 'thought') return;
    this.#words.add(itemId, text, how, words);
    const settled = this.#settled.get(itemId);
    if (settled !== undefined) this.#finish(itemId, settled, false);
    else this.#tellSpoken(itemId, false, false);
  }

  heard(item: string, heardMs: Ms, writtenMs: Ms): void {
    this.#words.heard(item, heardMs, writtenMs);
    // The far end's last report may come after the one that settled the item.
    if (!this.#settled.has(item)) this.#tellSpoken(item, false, false);
  }

  heardText(item: string): string {
    return this.#words.divide(item).heard;
  }

  /** Nothing more will be heard of the item. Late words of it still find their place. */
  settled(item: string, heard: HeardState): void {
    this.#settled.set(item, heard);
    this.#finish(item, heard, true);
    while (this.#settled.size > 8) {
      const oldest = this.#settled.keys().next().value as string;
      this.#settled.delete(oldest);
      this.#words.delete(oldest);
    }
  }

  toolsExecuted(calls: readonly CallState[], argsOf: (call: string) => string): void {
    for (const { call, name, result } of calls) {
      if (result === undefined) continue;
      const createdAt = this.#clock.wallNow();
      const request = {
        kind: 'function_call',
        id: this.#ids('item'),
        call,
        name,
        args: argsOf(call),
        createdAt,
      } as const;
      const output = {
        kind: 'function_output',
        id: this.#ids('item'),
        call,
        name,
        ...result,
        createdAt,
      } as const;
      for (const item of [request, output]) {
        this.history.append(item);
        this.#tell('conversation_item_added', { item });
      }
    }
  }

  #reserve(id: string, role: 'user' | 'assistant', parts: readonly ChatPart[], createdAt?: Ms): void {
    if (this.history.has(id)) return;
    this.history.append(chatMessage(id, role, parts, { createdAt: createdAt ?? this.#clock.wallNow() }));
    this.#tell('conversation_item_reserved', { itemId: id, role });
  }

  #finish(item: string, heard: HeardState, announce: boolean): void {
    const { heard: heardText, rest } =
      heard === 'heard' ? { heard: this.#words.text(item), rest: '' } : this.#words.divide(item);
    const partly = heard === 'partly';
    this.history.updateMessage(item, {
      parts: [{ kind: 'audio', transcript: heardText + rest }],
      interrupted: heard !== 'heard',
      heard,
      ...(partly ? { heardText, heardMs: this.#words.heardMs(item) } : {}),
    });
    this.#tell('agent_output_transcribed', {
      itemId: item,
      heard: heardText,
      rest,
      interrupted: heard !== 'heard',
      isFinal: true,
    });
    if (announce) this.#announce(item);
  }

  #tellSpoken(item: string, interrupted: boolean, isFinal: boolean): void {
    this.#tell('agent_output_transcribed', {
      itemId: item,
      ...this.#words.divide(item),
      interrupted,
      isFinal,
    });
  }

  #announce(id: string): void {
    const item = this.history.get(id);
    if (item !== undefined) this.#tell('conversation_item_added', { item });
  }
}

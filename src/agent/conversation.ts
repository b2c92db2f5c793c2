import {
  type ChatContext,
  type ChatPart,
  chatMessage,
  type HeardState,
  type ItemPart,
} from '../chat/index.js';
import type { Clock, Emitter, Ids, Ms } from '../core/index.js';
import { allBut, none } from '../core/none.js';
import type { GenerationText } from '../realtime/index.js';
import type { AgentEvents } from './events.js';
import { SessionHistory } from './session-history.js';
import type { CallState } from './tools/machine/state.js';
import { UserTurns } from './user-turns.js';
import { type HeardText, SpokenWords } from './words.js';

/** What was released longer ago is not heard of any more. */
const releasedLimit = 32;

/** Speech whose words are not known (yet), and that has none: one for all messages, as messages are never changed in place. */
const unwritten = speechOf(null);
const silent = speechOf('');

/** Where it is told: what nobody listens to is not even put together. */
type Listeners = Pick<Emitter<AgentEvents>, 'emit' | 'has'>;

/**
 * The true history, and the transcripts on their way into it. A message has its place from the moment its speaking
 * began; its words may come later; it is announced once it is final.
 */
export class Conversation {
  readonly history = new SessionHistory();
  readonly #words = new SpokenWords();
  readonly #turns = new UserTurns();
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #to: Listeners;
  /** What was last told of a message being spoken. */
  #told: { item: string; heard: string; rest: string } | undefined;
  /** Messages of the user that are not final. */
  #open: readonly string[] = none;
  /** The last ones that were none after all: late words do not bring them back. */
  #released: Set<string> | undefined;

  constructor(clock: Clock, ids: Ids, to: Listeners) {
    this.#clock = clock;
    this.#ids = ids;
    this.#to = to;
  }

  /** What was said before this session. */
  load(history: ChatContext): void {
    for (const item of history.items) this.history.put(item);
  }

  /** `item`: what the turn will be, where the wire says it so early. */
  speechStarted(turn: string, item: string | undefined): void {
    const atMs = this.#clock.wallNow();
    this.#turns.began(turn, { item, after: this.history.items.at(-1)?.id ?? null, atMs });
    if (item !== undefined) this.place(item, turn);
  }

  /** It has a place, and is no item yet. */
  hasBegun(turn: string): boolean {
    return this.#turns.get(turn) !== undefined;
  }

  /** It was no turn. `item`: what it already was, for another reason than its beginning. */
  speechDiscarded(turn: string, item?: string): void {
    this.release(this.#turns.take(turn)?.item);
    this.release(item);
  }

  /** Whether words of the user are still to come. */
  get awaitsWords(): boolean {
    return this.#open.length > 0;
  }

  /** Another agent is in charge from here on. */
  handedOver(from: string, to: string): void {
    const item = {
      kind: 'handoff',
      id: this.#ids('item'),
      from,
      to,
      createdAt: this.#clock.wallNow(),
    } as const;
    this.history.put(item);
    this.#to.emit('conversation_item_added', { item });
  }

  committed(turn: string, item: string): void {
    this.place(item, turn);
    const early = this.#turns.take(turn)?.item;
    // The wire had said another id when it began.
    if (early !== item) this.release(early);
  }

  /** The words of the user that this item keeps. Later ones replace them in their place, and are not announced again. */
  recorded(item: string, text: string, confidence: number | undefined): void {
    const sure = confidence === undefined ? {} : { confidence };
    this.history.updateMessage(item, { parts: [{ kind: 'audio', transcript: text }], ...sure });
    if (this.#open.includes(item)) this.#announce(item);
  }

  /** The words of this item will never be known. */
  notTranscribed(item: string): void {
    if (this.#open.includes(item)) this.#announce(item);
  }

  typed(item: string, parts: readonly ItemPart[]): void {
    const text = parts.filter((part): part is ChatPart & ItemPart => part.kind !== 'audio');
    this.#reserve(item, 'user', text);
    this.#announce(item);
  }

  /** Something that nobody said, but the model was told; its id. */
  noted(text: string): string {
    const id = this.#ids('item');
    this.#reserve(id, 'system', [{ kind: 'text', text }]);
    this.#announce(id);
    return id;
  }

  begun(item: string): void {
    this.#reserve(item, 'assistant', silent);
  }

  said({ itemId, text, how, stage, words }: GenerationText): void {
    if (itemId === null || stage === 'thought') return;
    this.#words.add(itemId, text, how, words);
    const settled = this.#words.settled(itemId);
    if (settled !== undefined) this.#finish(itemId, settled);
    else this.#tellSpoken(itemId);
  }

  heard(item: string, heardMs: Ms, writtenMs: Ms): void {
    this.#words.heard(item, heardMs, writtenMs);
    // The far end's last report may come after the one that settled the item.
    if (this.#words.settled(item) === undefined) this.#tellSpoken(item);
  }

  heardText(item: string): string {
    return this.spoken(item).heard;
  }

  /** What is known of the words of an answer, divided at the caller's ear. */
  spoken(item: string): HeardText {
    return this.#words.divide(item);
  }

  /** Nothing more will be heard of the item. Late words of it still find their place. */
  settled(item: string, heard: HeardState): void {
    this.#words.settle(item, heard);
    this.#finish(item, heard);
    this.#announce(item);
  }

  /** Words that have not come will not come any more. */
  close(): void {
    for (const item of this.#open) this.#announce(item);
  }

  toolsExecuted(calls: readonly CallState[]): void {
    for (const { call, name, args, result } of calls) {
      if (result === undefined) continue;
      const createdAt = this.#clock.wallNow();
      const request = { kind: 'function_call', id: this.#ids('item'), call, name, args, createdAt } as const;
      const id = this.#ids('item');
      const output = { kind: 'function_output', id, call, name, ...result, createdAt } as const;
      for (const item of [request, output]) {
        this.history.put(item);
        this.#to.emit('conversation_item_added', { item });
      }
    }
  }

  /** The user's message, in the place where its turn began to be spoken. */
  place(item: string, turn: string | undefined): void {
    const { history } = this;
    if (history.has(item) || this.#released?.has(item)) return;
    const began = turn === undefined ? undefined : this.#turns.get(turn);
    const createdAt = began?.atMs ?? this.#clock.wallNow();
    const message = chatMessage(item, 'user', unwritten, { createdAt });
    const after = began?.after;
    if (after === null || (after !== undefined && history.has(after))) history.insertAfter(after, message);
    else history.put(message);
    if (turn !== undefined) this.#turns.placed(turn, item);
    this.#open = this.#open.concat(item);
    this.#to.emit('conversation_item_reserved', { itemId: item, role: 'user' });
  }

  /** It is not part of the conversation after all. */
  release(item: string | undefined): void {
    if (item === undefined || this.history.remove(item) === undefined) return;
    this.#released ??= new Set();
    this.#released.add(item);
    if (this.#released.size > releasedLimit) this.#released.delete(this.#released.keys().next().value ?? '');
    this.#isFinal(item);
    this.#to.emit('conversation_item_released', { itemId: item });
  }

  #reserve(id: string, role: 'user' | 'assistant' | 'system', parts: readonly ChatPart[]): void {
    if (this.history.has(id)) return;
    this.history.put(chatMessage(id, role, parts, { createdAt: this.#clock.wallNow() }));
    if (role !== 'system') this.#to.emit('conversation_item_reserved', { itemId: id, role });
  }

  #finish(item: string, heard: HeardState): void {
    const whole = this.#words.text(item);
    const { heard: heardText, rest } =
      heard === 'heard' ? { heard: whole, rest: '' } : this.#words.divide(item);
    this.history.updateMessage(item, {
      parts: whole === '' ? silent : [{ kind: 'audio', transcript: whole }],
      interrupted: heard !== 'heard',
      heard,
      ...(heard === 'partly' ? { heardText, heardMs: this.#words.heardMs(item) } : {}),
    });
    const interrupted = heard !== 'heard';
    this.#to.emit('agent_output_transcribed', {
      itemId: item,
      heard: heardText,
      rest,
      interrupted,
      isFinal: true,
    });
  }

  /** Positions are reported far more often than another word is heard. */
  #tellSpoken(item: string): void {
    if (!this.#to.has('agent_output_transcribed')) return;
    const { heard, rest } = this.#words.divide(item);
    const told = this.#told;
    if (told?.item === item && told.heard === heard && told.rest === rest) return;
    this.#told = { item, heard, rest };
    this.#to.emit('agent_output_transcribed', {
      itemId: item,
      heard,
      rest,
      interrupted: false,
      isFinal: false,
    });
  }

  #isFinal(id: string): void {
    this.#open = allBut(this.#open, id);
  }

  #announce(id: string): void {
    this.#isFinal(id);
    const item = this.history.get(id);
    if (item !== undefined) this.#to.emit('conversation_item_added', { item });
  }
}

function speechOf(transcript: string | null): readonly ChatPart[] {
  return Object.freeze([Object.freeze({ kind: 'audio', transcript } as const)]);
}

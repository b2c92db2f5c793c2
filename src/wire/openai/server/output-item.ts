import type { Event } from '../../../realtime/contract.js';
import type { AudioFormat, ItemStatus, WireItem } from '../events.js';
import type { Context } from './context.js';
import type { Conversation, Entry } from './conversation.js';
import { audioKey, type KeptAudio } from './kept-audio.js';
import { OutputPart } from './output-part.js';

/** What an item of a response needs to know of its response. */
export interface ItemHome {
  context: Context;
  response: string;
  format: AudioFormat;
  /** `text`: parts are text even where the model speaks. */
  output: 'audio' | 'text';
  /** `null` out of band: nothing of it enters the conversation. */
  conversation: Conversation | null;
  kept: KeptAudio;
  spoke: () => void;
}

/** One item of a response: `output_item.added`, its parts or arguments, `output_item.done`; each twice, beside `conversation.item.*`. */
export class OutputItem {
  readonly wire: WireItem;
  readonly #home: ItemHome;
  readonly #index: number;
  readonly #entry: Entry | undefined;
  /** By the link's number of the part. */
  readonly #parts = new Map<number, OutputPart>();
  #sentArgs = '';
  #done = false;
  #hosted: 'asked' | 'running' | 'ended' = 'asked';

  constructor(home: ItemHome, index: number, wire: WireItem) {
    this.wire = wire;
    this.#home = home;
    this.#index = index;
    this.#entry = home.conversation?.insert(wire, 'model');
    home.context.send('response.output_item.added', {
      response_id: home.response,
      output_index: index,
      item: wire,
    });
    if (this.#entry !== undefined) home.conversation?.announce(this.#entry);
  }

  get done(): boolean {
    return this.#done;
  }

  /** All that was begun of it has ended. */
  get partsDone(): boolean {
    return this.#parts.size > 0 && [...this.#parts.values()].every((part) => part.done);
  }

  /** The part with the link's number; begun where it is new. `null`: the item takes no more. */
  part(number: number, kind: 'audio' | 'text'): OutputPart | null {
    const found = this.#parts.get(number);
    if (found !== undefined) return found;
    const { wire } = this;
    if (this.#done || wire.type !== 'message' || wire.role !== 'assistant') return null;
    const actual = this.#home.output === 'text' ? 'text' : kind;
    const index = this.#parts.size;
    const content =
      actual === 'audio'
        ? ({ type: 'output_audio', transcript: '' } as const)
        : ({ type: 'output_text', text: '' } as const);
    const held = { ...content };
    wire.content.push(held);
    const { context, response, format } = this.#home;
    const part = new OutputPart(
      context,
      { response_id: response, item_id: wire.id, output_index: this.#index, content_index: index },
      actual,
      format,
      {
        audio: (bytes, producedMs) => this.#audio(index, bytes, producedMs),
        text: (text) => Object.assign(held, held.type === 'output_audio' ? { transcript: text } : { text }),
        words: (words) => {
          if (this.#entry !== undefined) (this.#entry.words[index] ??= []).push(...words);
        },
      },
    );
    this.#parts.set(number, part);
    return part;
  }

  call(event: Event & { t: 'call' }): void {
    const { wire } = this;
    if (this.#done || wire.type !== 'function_call') return;
    const { context, response } = this.#home;
    const ids = {
      response_id: response,
      item_id: wire.id,
      output_index: this.#index,
      call_id: event.call,
    };
    const whole = event.phase === 'ready' ? event.args : this.#sentArgs + event.args;
    const delta = whole.startsWith(this.#sentArgs) ? whole.slice(this.#sentArgs.length) : '';
    if (delta !== '') context.send('response.function_call_arguments.delta', { ...ids, delta });
    this.#sentArgs = whole;
    wire.arguments = whole;
    if (event.phase !== 'ready') return;
    context.send('response.function_call_arguments.done', { ...ids, name: wire.name, arguments: whole });
    this.finish('completed');
  }

  /** A call that the model's own vendor runs. */
  hostedCall(event: Event & { t: 'call' }): void {
    const { wire } = this;
    if (this.#done || wire.type !== 'mcp_call') return;
    const { context, response } = this.#home;
    const place = { item_id: wire.id, output_index: this.#index };
    if (event.phase === 'withdrawn') {
      if (this.#hosted !== 'running') return;
      this.#hosted = 'ended';
      context.send('response.mcp_call.failed', place);
      return;
    }
    if (this.#hosted !== 'asked') return;
    const ids = { response_id: response, ...place };
    const whole = event.phase === 'ready' ? event.args : this.#sentArgs + event.args;
    const delta = whole.startsWith(this.#sentArgs) ? whole.slice(this.#sentArgs.length) : '';
    if (delta !== '') context.send('response.mcp_call_arguments.delta', { ...ids, delta });
    this.#sentArgs = whole;
    wire.arguments = whole;
    if (event.phase !== 'ready') return;
    context.send('response.mcp_call_arguments.done', { ...ids, arguments: whole });
    context.send('response.mcp_call.in_progress', place);
    this.#hosted = 'running';
  }

  /** The vendor's own item is whole. */
  hostedDone(whole: WireItem): void {
    if (this.#done) return;
    if (this.#hosted === 'running') {
      this.#hosted = 'ended';
      const place = { item_id: this.wire.id, output_index: this.#index };
      this.#home.context.send('response.mcp_call.completed', place);
    }
    Object.assign(this.wire, whole);
    this.finish('completed');
  }

  /** The closing chain, once. */
  finish(status: ItemStatus): void {
    if (this.#done) return;
    this.#done = true;
    for (const part of this.#parts.values()) part.finish();
    const { wire } = this;
    if ('status' in wire) wire.status = status;
    const { context, response, conversation } = this.#home;
    context.send('response.output_item.done', {
      response_id: response,
      output_index: this.#index,
      item: wire,
    });
    if (this.#entry !== undefined) conversation?.finish(this.#entry);
  }

  #audio(index: number, bytes: Uint8Array, producedMs: number): void {
    this.#home.spoke();
    if (this.#entry === undefined) return;
    this.#entry.producedMs[index] = producedMs;
    this.#home.kept.append(audioKey(this.wire.id, index), bytes, this.#home.format);
  }
}

import type { Event } from '../../../realtime/contract.js';
import { usageToWire, voiceFromWire } from '../convert/index.js';
import type {
  ItemStatus,
  Metadata,
  RealtimeSession,
  ResponseRequest,
  StatusDetails,
  WireItem,
  WireResponse,
  WireUsage,
} from '../events.js';
import type { Aliases } from './aliases.js';
import { type ItemHome, OutputItem } from './output-item.js';

type Ended = Event & { t: 'response'; phase: 'ended' };

/** What is known of a response when it starts. */
export interface ResponseStart {
  id: string;
  conversationId: string | null;
  request: ResponseRequest;
  session: RealtimeSession;
  metadata: Metadata | null;
}

/** One response from `response.created` to `response.done`. */
export class ResponseRun {
  readonly id: string;
  readonly outOfBand: boolean;
  /** The client has asked for its end. */
  cancelled = false;
  usage: WireUsage | null = null;
  readonly #start: ResponseStart;
  readonly #home: ItemHome;
  readonly #aliases: Aliases;
  /** By the link's id, in the order of `output_index`. */
  readonly #items = new Map<string, OutputItem>();

  constructor(start: ResponseStart, home: ItemHome, aliases: Aliases) {
    this.id = start.id;
    this.outOfBand = start.conversationId === null;
    this.#start = start;
    this.#home = home;
    this.#aliases = aliases;
    home.context.send('response.created', { response: this.#describe('in_progress', null) });
  }

  part(event: Event & { t: 'part' }): void {
    const part = this.#message(event.item)?.part(event.part, event.kind);
    if (event.phase === 'done') part?.produced();
  }

  audio(event: Event & { t: 'audio' }): void {
    this.#message(event.item)?.part(event.part, 'audio')?.audio(event.pcm);
  }

  said(event: Event & { t: 'said' }): void {
    if (event.stage === 'thought') return;
    this.#message(event.item)?.part(event.part, this.#home.output)?.said(event);
  }

  /** False: no call of ours. */
  call(event: Event & { t: 'call' }): void {
    if (event.phase === 'withdrawn') return;
    const key = event.item ?? `call:${event.call}`;
    const item = this.#items.get(key) ?? this.#open(key, this.#newCall(event));
    item.call(event);
  }

  has(linkId: string): boolean {
    return this.#items.has(linkId);
  }

  hostedItem(phase: 'added' | 'done', wire: WireItem): void {
    const item = this.#items.get(wire.id) ?? this.#open(wire.id, begun(wire));
    if (phase === 'done') item.hostedDone(wire);
  }

  hostedCall(event: Event & { t: 'call' }): void {
    if (event.item !== undefined) this.#items.get(event.item)?.hostedCall(event);
  }

  /** The link says that an item has ended. True where it is one of this response. */
  itemDone(linkId: string, status: ItemStatus): boolean {
    const item = this.#items.get(linkId);
    item?.finish(status);
    return item !== undefined;
  }

  end(event: Ended): void {
    const left: ItemStatus = event.status === 'completed' ? 'completed' : 'incomplete';
    for (const item of this.#items.values()) {
      // Arguments that never became whole must not be run.
      item.finish(item.wire.type === 'function_call' ? 'incomplete' : left);
    }
    if (event.usage !== undefined) this.usage = usageToWire(event.usage);
    this.#home.context.send('response.done', {
      response: this.#describe(event.status, this.#details(event)),
    });
  }

  #message(linkId: string | null): OutputItem | null {
    if (linkId === null) return [...this.#items.values()].at(-1) ?? null;
    return this.#items.get(linkId) ?? this.#open(linkId, this.#newMessage(linkId));
  }

  #open(linkId: string, wire: WireItem): OutputItem {
    for (const other of this.#items.values()) if (other.partsDone) other.finish('completed');
    const item = new OutputItem(this.#home, this.#items.size, wire);
    this.#items.set(linkId, item);
    return item;
  }

  #newMessage(linkId: string): WireItem {
    return {
      id: this.#aliases.wire(linkId),
      object: 'realtime.item',
      type: 'message',
      status: 'in_progress',
      role: 'assistant',
      content: [],
    };
  }

  #newCall(event: Event & { t: 'call' }): WireItem {
    return {
      id: event.item === undefined ? this.#home.context.ids('item') : this.#aliases.wire(event.item),
      object: 'realtime.item',
      type: 'function_call',
      status: 'in_progress',
      name: event.name,
      call_id: event.call,
      arguments: '',
    };
  }

  #describe(status: WireResponse['status'], details: StatusDetails | null): WireResponse {
    const { id, conversationId, request, session, metadata } = this.#start;
    const { format, voice } = session.audio.output;
    return {
      object: 'realtime.response',
      id,
      status,
      status_details: details,
      output: [...this.#items.values()].map((item) => item.wire),
      conversation_id: conversationId,
      output_modalities: request.output_modalities ?? session.output_modalities,
      max_output_tokens: request.max_output_tokens ?? session.max_output_tokens,
      audio: {
        output: {
          format: request.audio?.output?.format ?? format,
          voice: voiceFromWire(request.audio?.output?.voice ?? voice),
        },
      },
      usage: this.usage,
      metadata,
    };
  }

  #details({ status, reason, message }: Ended): StatusDetails | null {
    switch (status) {
      case 'completed':
        return null;
      case 'cancelled': {
        const known = reason === 'client_cancelled' || reason === 'turn_detected' ? reason : undefined;
        const guess = this.cancelled ? 'client_cancelled' : 'turn_detected';
        return { type: 'cancelled', reason: known ?? guess };
      }
      case 'incomplete': {
        const filtered = reason === 'content_filter' || reason === 'filter';
        return { type: 'incomplete', reason: filtered ? 'content_filter' : 'max_output_tokens' };
      }
      case 'failed':
        return {
          type: 'failed',
          error: {
            type: 'server_error',
            code: reason ?? 'server_error',
            message: message ?? 'The model failed to answer.',
          },
        };
    }
  }
}

/** A call begins without arguments and result: they are told by events of their own. */
function begun(wire: WireItem): WireItem {
  return wire.type === 'mcp_call' ? { ...wire, arguments: '', output: null, error: null } : { ...wire };
}

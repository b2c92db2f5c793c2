import { base64ToBytes } from '../../../core/index.js';
import type { Item } from '../../../realtime/contract.js';
import { itemFromWire } from '../convert/index.js';
import type { AudioFormat, ClientEventOf, NewItem } from '../events.js';
import type { Aliases } from './aliases.js';
import type { Context } from './context.js';
import type { Conversation, Entry } from './conversation.js';
import { type Problem, problem } from './errors.js';
import { heardText } from './heard-text.js';
import { audioKey, type KeptAudio } from './kept-audio.js';
import { createdItem, partsOf, setTranscript, transcriptOf, weightOf, withAudio } from './wire-items.js';

/** Calls that the model has made and that still wait for their output. */
export interface CallBook {
  /** Forgets the call; `more`: others of its response wait too. */
  take(call: string): { name: string; more: boolean } | undefined;
}

/** Items that the client makes, reads, cuts and deletes. */
export class ClientItems {
  readonly #context: Context;
  readonly #conversation: Conversation;
  readonly #aliases: Aliases;
  readonly #kept: KeptAudio;
  readonly #calls: CallBook;
  /** What to say once the link has made a cut, by item. */
  readonly #cuts = new Map<string, () => void>();

  constructor(
    context: Context,
    conversation: Conversation,
    aliases: Aliases,
    kept: KeptAudio,
    calls: CallBook,
  ) {
    this.#context = context;
    this.#conversation = conversation;
    this.#aliases = aliases;
    this.#kept = kept;
    this.#calls = calls;
  }

  create(
    event: ClientEventOf<'conversation.item.create'>,
    eventId: string | null,
    inputFormat: AudioFormat,
  ): void {
    const conversation = this.#conversation;
    const { item, previous_item_id: previous } = event;
    const id = item.id ?? this.#context.ids('item');
    const weight = weightOf(item);
    const found = this.#createRefusal(id, previous, weight) ?? this.#approvalRefusal(item);
    if (found !== null) return this.#context.refuse(found, eventId);

    // In the list at once: what the client sends next may name it.
    const after = previous === 'root' ? null : (previous ?? undefined);
    const entry = conversation.insert(createdItem(item, id), 'client', after, weight);
    this.#keepAudio(event, id, inputFormat);
    const ours = itemFromWire({ ...item, id }, inputFormat);
    const call = ours.kind === 'result' ? this.#calls.take(ours.call) : undefined;
    this.#context.command(
      eventId,
      (cmd) => {
        if (ours.kind === 'result' && call !== undefined) {
          const { call: callId, output } = ours;
          // The client asks for the next response itself.
          return { t: 'answer', cmd, call: callId, output, isError: false, then: 'wait', ...call };
        }
        if (item.type === 'mcp_approval_response') {
          const { approval_request_id: asked, approve, reason } = item;
          const approval = this.#aliases.link(asked);
          return { t: 'approve', cmd, approval, approve, ...(reason ? { reason } : {}) };
        }
        if (after === undefined) return { t: 'item.add', cmd, item: ours };
        return {
          t: 'item.add',
          cmd,
          item: ours,
          after: after === null ? null : this.#aliases.link(after),
        };
      },
      (ack) => {
        if (ack.item !== undefined) this.#aliases.set(id, ack.item);
        this.#announce(entry);
      },
      () => conversation.remove(id),
    );
  }

  /** The link says that an item is there; those that the client did not make are told by other events. */
  added(linkItem: Item): void {
    const entry = this.#conversation.get(this.#aliases.wire(linkItem.id));
    if (entry?.made === 'client') this.#announce(entry);
  }

  retrieve(id: string, eventId: string | null): void {
    const entry = this.#conversation.get(id);
    if (entry === undefined) return this.#context.refuse(unknownItem('retrieve', id), eventId);
    this.#context.send('conversation.item.retrieved', { item: withAudio(entry.wire, this.#kept) });
  }

  delete(id: string, eventId: string | null): void {
    if (this.#conversation.get(id) === undefined) {
      return this.#context.refuse(unknownItem('delete', id), eventId);
    }
    this.#context.command(
      eventId,
      (cmd) => ({ t: 'item.remove', cmd, item: this.#aliases.link(id) }),
      () => this.removed(id),
    );
  }

  /** Once, whoever removed it and however often it is said. */
  removed(id: string): void {
    const entry = this.#conversation.get(id);
    if (entry === undefined) return;
    this.#conversation.remove(id);
    this.#aliases.delete(id);
    for (const index of partsOf(entry.wire).keys()) this.#kept.delete(audioKey(id, index));
    this.#context.send('conversation.item.deleted', { item_id: id });
  }

  truncate(event: ClientEventOf<'conversation.item.truncate'>, eventId: string | null): void {
    const { item_id: id, content_index: part, audio_end_ms: endMs } = event;
    const entry = this.#conversation.get(id);
    if (entry === undefined) return this.#context.refuse(unknownItem('truncate', id), eventId);
    const producedMs = entry.producedMs[part] ?? 0;
    const found = truncateRefusal(entry, part, endMs, producedMs);
    if (found !== null) return this.#context.refuse(found, eventId);

    this.#cuts.set(id, () => this.#cut(entry, part, endMs));
    const text = heardText(transcriptOf(entry.wire, part), entry.words[part] ?? [], endMs, producedMs);
    const item = this.#aliases.link(id);
    this.#context.command(
      eventId,
      (cmd) => ({ t: 'item.cut', cmd, item, part, heardMs: endMs, heardText: text }),
      () => this.cut(id),
      () => this.#cuts.delete(id),
    );
  }

  /** The link has made the cut that was asked for. */
  cut(id: string): void {
    const confirm = this.#cuts.get(id);
    this.#cuts.delete(id);
    confirm?.();
  }

  #cut(entry: Entry, part: number, endMs: number): void {
    const { id } = entry.wire;
    entry.producedMs[part] = endMs;
    entry.words[part] = [];
    // The vendor keeps no half of a transcript.
    setTranscript(entry.wire, part, null);
    this.#kept.cut(audioKey(id, part), endMs);
    this.#context.send('conversation.item.truncated', {
      item_id: id,
      content_index: part,
      audio_end_ms: endMs,
    });
  }

  #announce(entry: Entry): void {
    this.#conversation.announce(entry);
    this.#conversation.finish(entry);
  }

  #keepAudio(event: ClientEventOf<'conversation.item.create'>, id: string, format: AudioFormat): void {
    const { item } = event;
    if (item.type !== 'message' || item.role !== 'user') return;
    item.content.forEach((part, index) => {
      if (part.type !== 'input_audio' || !part.audio) return;
      this.#kept.append(audioKey(id, index), base64ToBytes(part.audio), format);
    });
  }

  #approvalRefusal(item: NewItem): Problem | null {
    if (item.type !== 'mcp_approval_response') return null;
    const asked = item.approval_request_id;
    if (this.#conversation.get(asked)?.wire.type === 'mcp_approval_request') return null;
    const message = `Error creating item: there is no approval request with the id '${asked}'.`;
    return problem('item_not_found', message, 'item.approval_request_id');
  }

  #createRefusal(id: string, previous: string | null | undefined, weight: number): Problem | null {
    if (this.#conversation.get(id) !== undefined) {
      const message = `Error creating item: an item with the id '${id}' already exists.`;
      return problem('item_already_exists', message, 'item.id');
    }
    if (typeof previous === 'string' && previous !== 'root' && !this.#conversation.get(previous)) {
      const message = `Error creating item: the previous item '${previous}' does not exist.`;
      return problem('item_not_found', message, 'previous_item_id');
    }
    if (!this.#conversation.hasRoom(weight)) {
      return problem('conversation_full', 'Error creating item: the conversation holds too much already.');
    }
    return null;
  }
}

function unknownItem(verb: 'retrieve' | 'delete' | 'truncate', id: string): Problem {
  const message = `Error: cannot ${verb} the item with the id '${id}': it does not exist.`;
  return problem(`item_${verb}_invalid_item_id`, message, 'item_id');
}

function truncateRefusal(entry: Entry, part: number, endMs: number, producedMs: number): Problem | null {
  const kind = partsOf(entry.wire)[part]?.type;
  if (kind === undefined && entry.wire.type === 'message' && entry.wire.role === 'assistant') {
    return problem('invalid_value', `The item has no content part ${part}.`, 'content_index');
  }
  if (kind !== 'output_audio') {
    return problem('unsupported_content_type', 'Only model output audio messages can be truncated.');
  }
  // Whoever rounds a position up must not be refused for less than a millisecond.
  if (endMs > Math.ceil(producedMs)) {
    const have = Math.floor(producedMs);
    return problem(
      'invalid_value',
      `Audio content of ${have}ms is already shorter than ${endMs}ms`,
      'audio_end_ms',
    );
  }
  return null;
}

import type { Event } from '../../../realtime/contract.js';
import { strictBase64 } from '../convert/index.js';
import type { Aliases } from './aliases.js';
import type { Context } from './context.js';
import type { Conversation } from './conversation.js';
import { problem } from './errors.js';
import { InputLine } from './input-line.js';
import { audioKey, type KeptAudio } from './kept-audio.js';
import type { SessionState } from './session.js';
import type { Transcripts } from './transcripts.js';
import { Turns } from './turns.js';
import { userAudioItem } from './wire-items.js';

/** [R] Less than this cannot be committed. */
const minCommitMs = 100;

/** Commits that a link may leave unanswered. */
const maxCommits = 64;

interface Span {
  fromMs: number;
  toMs: number;
}

/** `item`: where the item had to be made before the link told of one. */
type Commit = Span & { item?: string };

/** The input audio buffer: what is written, whose speech is in it, and the items that it becomes. */
export class Input {
  readonly #context: Context;
  readonly #session: SessionState;
  readonly #conversation: Conversation;
  readonly #aliases: Aliases;
  readonly #kept: KeptAudio;
  readonly #transcripts: Transcripts;
  readonly #line: InputLine;
  readonly #turns = new Turns();
  /** Commits of the client that the link has not turned into an item. */
  #commits: Commit[] = [];

  constructor(
    context: Context,
    session: SessionState,
    conversation: Conversation,
    aliases: Aliases,
    kept: KeptAudio,
    transcripts: Transcripts,
  ) {
    this.#context = context;
    this.#session = session;
    this.#conversation = conversation;
    this.#aliases = aliases;
    this.#kept = kept;
    this.#transcripts = transcripts;
    this.#line = new InputLine(context.options.inputRateHz, session.inputFormat, kept.limitBytes);
  }

  append(audio: string, eventId: string | null): void {
    const format = this.#session.inputFormat;
    const bytes = strictBase64(audio);
    if (bytes === null) {
      const message = "Invalid 'audio': the value is not base64.";
      return this.#context.refuse(problem('invalid_value', message, 'audio'), eventId);
    }
    if (format.type === 'audio/pcm' && bytes.length % 2 !== 0) {
      const message = `Invalid 'audio': ${bytes.length} bytes are not whole samples of 16 bits.`;
      return this.#context.refuse(problem('invalid_value', message, 'audio'), eventId);
    }
    const atMs = this.#line.linkMs;
    const pcm = this.#line.write(bytes, format);
    this.#forget();
    if (pcm.length > 0) this.#context.port.emit({ t: 'audio', pcm, atMs });
  }

  commit(eventId: string | null): void {
    const { bufferedMs } = this.#line;
    if (bufferedMs < minCommitMs) {
      const message = `Error committing input audio buffer: buffer too small. Expected at least ${minCommitMs}ms of audio, but buffer only has ${bufferedMs.toFixed(2)}ms of audio.`;
      return this.#context.refuse(problem('input_audio_buffer_commit_empty', message), eventId);
    }
    this.#flush();
    const span: Commit = {
      fromMs: this.#line.writtenMs - bufferedMs,
      toMs: this.#line.writtenMs,
    };
    this.#line.settle();
    // A link that has not told of an item by the next commit never will.
    this.#commits = this.#commits.filter(({ item }) => item === undefined).slice(-maxCommits);
    this.#commits.push(span);
    this.#context.command(
      eventId,
      (cmd) => ({ t: 'activity', cmd, edge: 'end' }),
      (ack) => {
        // `sent`: no `committed` has to follow, so the item is made here; one that follows later is the same.
        if (ack.basis === 'sent' && this.#commits.includes(span)) {
          span.item = ack.item ?? this.#context.ids('item');
          this.#tellCommitted(span.item, undefined, span);
        }
      },
      () => {
        this.#commits = this.#commits.filter((other) => other !== span);
      },
    );
  }

  clear(eventId: string | null): void {
    this.#line.settle();
    this.#context.command(
      eventId,
      (cmd) => ({ t: 'activity', cmd, edge: 'discard' }),
      () => this.#context.send('input_audio_buffer.cleared', {}),
    );
  }

  /** Speech edges; told where the server is the one who listens for them. */
  speech(event: Event & { t: 'speech' }): void {
    const atMs = Math.max(0, Math.round(event.atMs ?? this.#line.writtenMs));
    const turn = this.#turns.open(event.turn, () => this.#newItem(event.item));
    const tells = !this.#manual;
    if (event.edge === 'start') {
      turn.fromMs = atMs;
      turn.stopped = false;
      if (tells) {
        this.#context.send('input_audio_buffer.speech_started', {
          audio_start_ms: atMs,
          item_id: turn.item,
        });
      }
      return;
    }
    turn.toMs = atMs;
    if (tells && !turn.stopped && turn.fromMs !== undefined) {
      // Also of a discarded turn: a client that was told of the start waits for the end.
      this.#context.send('input_audio_buffer.speech_stopped', { audio_end_ms: atMs, item_id: turn.item });
    }
    turn.stopped = true;
    if (event.edge === 'discarded') {
      this.#turns.delete(event.turn);
      this.#transcripts.forget(turn.item);
    }
  }

  committed(event: Event & { t: 'committed' }): void {
    const known = this.#turns.get(event.turn);
    const commit = known === undefined || this.#manual ? this.#commits.shift() : undefined;
    const turn = known ?? this.#turns.open(event.turn, () => commit?.item ?? this.#newItem(event.item));
    turn.committed = true;
    this.#aliases.set(turn.item, event.item);
    if (this.#conversation.get(turn.item) !== undefined) return;
    const span = commit ?? {
      fromMs: turn.fromMs ?? this.#line.writtenMs - this.#line.bufferedMs,
      toMs: turn.toMs ?? this.#line.writtenMs,
    };
    if (commit === undefined) {
      this.#line.settle();
      // A client that commits a turn under way meets the server's own commit of it.
      this.#commits = [];
    }
    const after = typeof event.after === 'string' ? this.#aliases.wire(event.after) : event.after;
    this.#tellCommitted(turn.item, after, span);
  }

  heard(event: Event & { t: 'heard' }): void {
    const turn =
      event.turn === undefined ? undefined : this.#turns.open(event.turn, () => this.#newItem(event.item));
    const item = turn?.item ?? (event.item === undefined ? undefined : this.#aliases.wire(event.item));
    if (item !== undefined) this.#transcripts.heard(item, event);
  }

  get #manual(): boolean {
    return this.#session.value.audio.input.turn_detection === null;
  }

  #newItem(linkItem: string | undefined): string {
    return linkItem === undefined ? this.#context.ids('item') : this.#aliases.wire(linkItem);
  }

  #tellCommitted(item: string, after: string | null | undefined, span: Span): void {
    const bytes = this.#line.slice(span.fromMs, span.toMs);
    if (bytes.length > 0) this.#kept.append(audioKey(item, 0), bytes, this.#line.format);
    this.#forget();
    const entry = this.#conversation.insert(userAudioItem(item), 'model', after);
    entry.audioMs = span.toMs - span.fromMs;
    this.#context.send('input_audio_buffer.committed', {
      item_id: item,
      previous_item_id: this.#conversation.before(item),
    });
    this.#conversation.announce(entry);
    this.#conversation.finish(entry);
    this.#transcripts.release(item);
  }

  /** Input that no item can reach back to any more. */
  #forget(): void {
    const { writtenMs, bufferedMs } = this.#line;
    const open = this.#turns.openFromMs() ?? (this.#manual ? writtenMs - bufferedMs : writtenMs);
    this.#line.forgetBefore(Math.min(open, this.#commits[0]?.fromMs ?? open));
  }

  /** What the resampler still holds belongs to the turn that ends here. */
  #flush(): void {
    const atMs = this.#line.linkMs;
    const pcm = this.#line.flush();
    if (pcm.length > 0) this.#context.port.emit({ t: 'audio', pcm, atMs });
  }
}

import type { Config, Event, Ms, Port } from '../../../realtime/contract.js';
import { pcm24k } from '../convert/index.js';
import type { ClientDialect } from '../dialects/dialect.js';
import type { AudioFormat, ClientEvent } from '../events.js';
import { FlowingAudio } from './flowing-audio.js';
import { ItemBook } from './items.js';
import { type Pending, PendingBook } from './pending.js';
import type { Fields } from './read.js';
import { RecentSet } from './recent.js';
import { ResponseBook } from './responses.js';
import { TurnBook } from './turns.js';

export interface OpenAIClientOptions {
  /** Of the audio that we send. Default: PCM at 24 kHz. */
  inputFormat?: AudioFormat;
  /** Of the audio that we ask for. Default: PCM at 24 kHz. */
  outputFormat?: AudioFormat;
  /** How the server's words differ from the GA wire's. Default: they do not. */
  dialect?: ClientDialect;
}

/**
 * `unopened` -open-> `greeting` -session.created-> `configuring` -session.updated-> `ready` -> `over`.
 * Frames before `open` wait for it, because nobody listens yet.
 */
export type Phase = 'unopened' | 'greeting' | 'configuring' | 'ready' | 'over';

/** What the handlers of one connection share. Events are told after the handler is through, so that it is never re-entered. */
export class ClientCore {
  phase: Phase = 'unopened';
  nowMs: Ms = 0;
  /** What was sent and not refused; what the server made of it is told by `ready`. */
  config: Config | undefined;
  /** The part of it that the server has confirmed. */
  confirmed: Config | undefined;
  /** The model has spoken: from then on its voice stays. */
  spoke = false;
  autoReply = false;
  /** A created response has carried our metadata: from then on its absence means something. */
  metadataComesBack = false;
  /** The error that the close will be explained by. */
  fatal: { code: string; message: string } | undefined;

  readonly inputFormat: AudioFormat;
  readonly outputFormat: AudioFormat;
  readonly dialect: ClientDialect | undefined;
  readonly pending = new PendingBook();
  readonly items = new ItemBook();
  readonly responses = new ResponseBook();
  readonly turns: TurnBook;
  readonly flowing: FlowingAudio;
  /** Items whose words are final or failed. */
  readonly heard = new RecentSet(256);
  /** Calls that were told to be ready or withdrawn. */
  readonly settledCalls = new RecentSet(256);

  /** Labels of the tool servers whose tools are being listed, by item. */
  toolServers: Map<string, string> | undefined;
  /** Approvals that were asked for, by item. */
  approvals: Map<string, 'open' | 'answered'> | undefined;

  readonly #outbox: Event[] = [];
  #holding = 0;

  constructor(
    readonly port: Port<Event>,
    readonly ids: (kind: string) => string,
    options: OpenAIClientOptions,
  ) {
    this.inputFormat = options.inputFormat ?? pcm24k;
    this.outputFormat = options.outputFormat ?? pcm24k;
    this.dialect = options.dialect;
    this.turns = new TurnBook(ids);
    this.flowing = new FlowingAudio(this.outputFormat);
  }

  /** The same id, as it is kept already: what was parsed out of another frame is another text to memory. */
  idOf(item: string): string {
    return this.items.get(item)?.id ?? this.turns.of(item)?.item ?? item;
  }

  send(event: ClientEvent): void {
    if (this.phase === 'over') return;
    this.port.frame(JSON.stringify(this.dialect?.write(event) ?? event));
  }

  emit(event: Event): void {
    this.#outbox.push(event);
    if (this.#holding === 0) this.#deliver();
  }

  /** Runs a handler; what it emitted is told when it is through. What a listener throws is never caught here. */
  handle(run: () => void): void {
    this.hold();
    try {
      run();
    } finally {
      this.release();
    }
  }

  /** From here on what is emitted waits for `release`. */
  hold(): void {
    this.#holding += 1;
  }

  /** `last`: behind all that waits. */
  release(last?: Event): void {
    this.#holding -= 1;
    if (last !== undefined) this.tell(last);
    else if (this.#holding === 0 && this.#outbox.length > 0) this.#deliver();
  }

  /** As `emit`, and spares the queue where nothing waits: audio passes here. What its listeners cause waits until they are through. */
  tell(event: Event): void {
    if (this.#holding > 0 || this.#outbox.length > 0) return this.emit(event);
    this.#holding = 1;
    try {
      this.port.emit(event);
    } finally {
      this.#holding = 0;
    }
    if (this.#outbox.length > 0) this.#deliver();
  }

  #deliver(): void {
    // Listeners send commands whose answers join the queue behind what is already in it.
    this.#holding += 1;
    try {
      for (let event = this.#outbox.shift(); event !== undefined; event = this.#outbox.shift()) {
        this.port.emit(event);
      }
      // What is shifted out leaves its room behind.
      this.#outbox.length = 0;
    } finally {
      this.#holding -= 1;
    }
  }

  /** An event that changes nothing here, with its raw form. */
  note(name: string, raw: unknown): void {
    this.emit({ t: 'unknown', name, raw });
  }

  ack(cmd: string | null | undefined, raw: Fields | undefined, item?: string): void {
    if (typeof cmd !== 'string') return;
    this.emit({
      t: 'ack',
      cmd,
      basis: raw === undefined ? 'sent' : 'wire',
      ...(item === undefined ? {} : { item }),
      ...(raw === undefined ? {} : { raw }),
    });
  }

  refuse(cmd: string, code: string, message: string, benign = false): void {
    this.emit({ t: 'refused', cmd, code, message, benign });
  }

  /** Expects a confirmation of a frame about to be sent. */
  expect(entry: Omit<Pending, 'order'>): void {
    const dropped = this.pending.add(entry);
    if (typeof dropped?.cmd === 'string') {
      this.refuse(dropped.cmd, 'command_timeout', 'The server confirms nothing: 512 commands are waiting.');
    }
  }

  /** Says goodbye and emits nothing more. */
  close(closing: { code: string; disposition: 'fatal' | 'retry' | 'done'; message: string }): void {
    if (this.phase === 'over') return;
    this.phase = 'over';
    this.port.wakeAt(null);
    this.emit({ t: 'closing', ...closing });
  }
}

import type { Ids, Ms } from '../../core/index.js';
import type { Command, Config, Event, Link } from '../../realtime/index.js';

/** Responses that are remembered as nobody's. */
const maxSilenced = 16;

/** A conversation behind the gateway, whoever is its client now. */
export class Session {
  readonly handles: string[] = [];
  readonly #link: Link;
  readonly #ids: Ids;
  #config: Config;
  #listener: ((event: Event) => void) | undefined;
  #response: string | undefined;
  readonly #silenced: string[] = [];
  /** Calls that the client owes an answer: call -> name. */
  readonly #calls = new Map<string, string>();
  /** Commands of ours, whose answers are nobody's business. */
  readonly #own = new Set<string>();
  /** Items of the conversation, by when they came. */
  readonly #items = new Map<string, number>();
  #itemCount = 0;
  #ended = false;
  #onGone: (() => void) | undefined;
  /** Input so far, and where the present client's begins. */
  #inputMs: Ms = 0;
  #fromMs: Ms = 0;

  constructor(link: Link, config: Config, ids: Ids) {
    this.#link = link;
    this.#config = config;
    this.#ids = ids;
    link.onEvent((event) => this.#onEvent(event));
  }

  get attached(): boolean {
    return this.#listener !== undefined;
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** How many items have come so far. */
  get items(): number {
    return this.#itemCount;
  }

  /** What came after the first `items` is lost: a handle leads to where the session was when it was given. */
  rewind(items: number): void {
    for (const [item, place] of this.#items) {
      if (place > items) this.#command((cmd) => ({ t: 'item.remove', cmd, item }));
    }
  }

  /** From here its events are this client's; `config`: what that client asks for, of which instructions and tools count. */
  attach(listener: (event: Event) => void, config?: Config): void {
    this.#listener = listener;
    this.#onGone = undefined;
    this.#fromMs = this.#inputMs;
    if (config === undefined) return;
    const { instructions, tools } = config;
    const patch = {
      ...(instructions === this.#config.instructions ? {} : { instructions }),
      ...(JSON.stringify(tools) === JSON.stringify(this.#config.tools) ? {} : { tools }),
    };
    this.#config = { ...this.#config, ...patch };
    if (Object.keys(patch).length > 0) this.#command((cmd) => ({ t: 'configure', cmd, patch }));
  }

  send(command: Command): void {
    if (command.t === 'audio') {
      const atMs = this.#fromMs + command.atMs;
      this.#inputMs = Math.max(this.#inputMs, atMs);
      this.#link.send({ ...command, atMs });
      return;
    }
    if (command.t === 'answer') this.#calls.delete(command.call);
    this.#link.send(command);
  }

  /** Whether it waits for its client to answer a call. */
  get calling(): boolean {
    return this.#calls.size > 0;
  }

  /**
   * The client has gone: what it had not ended is lost, as at the service; what the model says nobody hears, and its calls
   * nobody answers. `onGone`: the model ended before another client came.
   */
  leave(onGone: () => void): void {
    this.#listener = undefined;
    this.#onGone = onGone;
    this.#command((cmd) => ({ t: 'activity', cmd, edge: 'discard' }));
    if (this.#response !== undefined) this.#silence(this.#response);
    const calls = [...this.#calls];
    this.#calls.clear();
    calls.forEach(([call, name], index) => {
      const more = index < calls.length - 1;
      const answer = { call, name, output: 'The connection was lost.', isError: true, more };
      this.#command((cmd) => ({ t: 'answer', cmd, ...answer, then: 'wait' }));
    });
  }

  end(): void {
    this.#listener = undefined;
    if (!this.#ended) this.#link.send({ t: 'close', reason: 'the session was not resumed' });
    this.#ended = true;
  }

  /** Nobody hears it, nor whoever comes next: words of it may come late. */
  #silence(response: string): void {
    this.#silenced.push(response);
    if (this.#silenced.length > maxSilenced) this.#silenced.shift();
    this.#command((cmd) => ({ t: 'stop', cmd, response }));
  }

  #command(build: (cmd: string) => Command): void {
    const cmd = this.#ids('cmd');
    this.#own.add(cmd);
    this.#link.send(build(cmd));
  }

  #onItem({ phase, item }: Extract<Event, { t: 'item' }>): void {
    if (phase === 'removed') this.#items.delete(item.id);
    else if (phase === 'added' && !this.#items.has(item.id)) {
      this.#itemCount += 1;
      this.#items.set(item.id, this.#itemCount);
    }
  }

  #onEvent(event: Event): void {
    if (event.t === 'closing') this.#ended = true;
    if (event.t === 'item') this.#onItem(event);
    if (event.t === 'response' && event.phase === 'started') this.#response = event.response;
    if (event.t === 'response' && event.phase === 'ended' && event.response === this.#response) {
      this.#response = undefined;
    }
    if (event.t === 'response' && event.phase === 'started' && this.#listener === undefined) {
      this.#silence(event.response);
    }
    if (event.t === 'call' && event.owner === 'us') {
      if (event.phase === 'ready') this.#calls.set(event.call, event.name);
      else if (event.phase === 'withdrawn') this.#calls.delete(event.call);
    }
    if (
      (event.t === 'ack' || event.t === 'refused') &&
      event.cmd !== undefined &&
      this.#own.delete(event.cmd)
    ) {
      return;
    }
    if ('response' in event && this.#silenced.includes(event.response ?? '')) return;
    this.#listener?.(event);
    if (event.t === 'closing') this.#onGone?.();
  }
}

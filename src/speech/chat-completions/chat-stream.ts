import {
  type Clock,
  type Ms,
  ReparteeError,
  type Timer,
  toReparteeError,
  WireError,
} from '../../core/index.js';
import type { LlmEvent, LlmStream } from '../contracts.js';
import { Completion } from './completion.js';
import { late, lost, refusal, unreachable } from './failures.js';
import { SseReader } from './sse.js';

export interface ChatStreamOptions {
  url: string;
  model: string;
  timeoutMs: Ms;
  clock: Clock;
  fetch: typeof globalThis.fetch;
}

/** One completion: the request goes out at once, events come as its chunks do. */
export class ChatStream implements LlmStream {
  readonly #options: ChatStreamOptions;
  readonly #abort = new AbortController();
  readonly #onOver: () => void;
  readonly #completion = new Completion();
  #listener: (event: LlmEvent) => void = () => {};
  #over = false;
  #begun = false;
  #timer: Timer | undefined;

  constructor(options: ChatStreamOptions, init: RequestInit, onOver: () => void) {
    this.#options = options;
    this.#onOver = onOver;
    this.#watch();
    void this.#run(init);
  }

  onEvent(listener: (event: LlmEvent) => void): void {
    this.#listener = listener;
  }

  close(): void {
    if (this.#over) return;
    this.#finish();
    this.#abort.abort();
  }

  async #run(init: RequestInit): Promise<void> {
    const { url, fetch, model } = this.#options;
    try {
      let response: Response;
      try {
        response = await fetch(url, { ...init, signal: this.#abort.signal });
      } catch (thrown) {
        throw unreachable(thrown, url);
      }
      if (!response.ok) throw await refusal(response, model, url);
      await this.#read(response);
    } catch (thrown) {
      this.#fail(thrown instanceof ReparteeError ? thrown : toReparteeError(thrown, 'llm_failed'));
    }
  }

  async #read(response: Response): Promise<void> {
    const type = response.headers.get('content-type') ?? '';
    if (response.body === null || /json|html/.test(type)) {
      throw new WireError(
        'frame_malformed',
        `The server answered with ${type || 'nothing'} in place of a stream: check that baseUrl is an OpenAI-compatible API that streams.`,
      );
    }
    this.#begun = true;
    const reader = response.body.getReader();
    const sse = new SseReader();
    for (;;) {
      let piece: Awaited<ReturnType<typeof reader.read>>;
      try {
        piece = await reader.read();
      } catch (thrown) {
        if (this.#completion.finished) break;
        throw lost(thrown, this.#options.url);
      }
      if (this.#over) return;
      this.#watch();
      if (this.#take(piece.done ? sse.end() : sse.push(piece.value))) break;
      if (!piece.done) continue;
      if (!this.#completion.finished) throw lost(undefined, this.#options.url);
      break;
    }
    this.#done();
  }

  /** True at the end mark of the stream. */
  #take(events: readonly string[]): boolean {
    for (const data of events) {
      if (data.trim() === '[DONE]') return true;
      const delta = this.#completion.chunk(data);
      if (delta !== '') this.#tell({ t: 'text', delta });
    }
    return false;
  }

  #done(): void {
    const events = this.#completion.end();
    const last = events.pop();
    for (const event of events) this.#tell(event);
    if (this.#over || last === undefined) return;
    this.#finish();
    this.#listener(last);
    // The end mark may come before the connection's own end.
    this.#abort.abort();
  }

  #fail(error: ReparteeError): void {
    if (this.#over) return;
    this.#finish();
    this.#listener({ t: 'failed', error });
    this.#abort.abort();
  }

  #tell(event: LlmEvent): void {
    if (!this.#over) this.#listener(event);
  }

  /** The server must send something, again and again. */
  #watch(): void {
    const { clock, timeoutMs, url } = this.#options;
    this.#timer?.cancel();
    this.#timer = clock.at(clock.now() + timeoutMs, () => {
      // All was said; only usage or the end mark are missing.
      if (this.#completion.finished) this.#done();
      else this.#fail(late(this.#begun, timeoutMs, url));
    });
  }

  #finish(): void {
    this.#over = true;
    this.#timer?.cancel();
    this.#onOver();
  }
}

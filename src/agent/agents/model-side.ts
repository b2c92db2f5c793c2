import type { Listeners, Ms, Timer } from '../../core/index.js';
import { none } from '../../core/none.js';
import type { AnswerOptions, RealtimeEvents, RealtimeSession } from '../../realtime/index.js';
import { ModelEars, tellFrames } from '../hearing.js';
import type { SessionHost } from '../session-host.js';
import { ModelBooks } from '../usage/model-books.js';
import { CallsOf } from './calls-of.js';
import type { Engine } from './engines.js';

/** How long a model that was replaced may still tell what it understood of the caller. */
const lateWordsMs: Ms = 3_000;

/**
 * A session of a model, what listens to it and what stands beside it, in one piece, so that another one can take its
 * place. Until `retire` or `close` what the model says reaches the agent's machine.
 */
export class ModelSide {
  engine: Engine;
  readonly realtime: RealtimeSession;
  readonly #host: SessionHost;
  readonly #ears: ModelEars;
  readonly #untell: (() => void) | undefined;
  readonly #books: ModelBooks;
  readonly #calls: CallsOf;
  #late: LateWords | undefined;
  #timer: Timer | undefined;

  /** `tellsFrames`: somebody wants to see the frames of its wire. `told`: calls of which the model knows by its history. */
  constructor(
    engine: Engine,
    realtime: RealtimeSession,
    { host, tellsFrames, told = none }: { host: SessionHost; tellsFrames: boolean; told?: readonly string[] },
  ) {
    this.engine = engine;
    this.realtime = realtime;
    this.#host = host;
    this.#calls = new CallsOf(told);
    this.#ears = new ModelEars(realtime, host, this.#calls);
    this.#books = new ModelBooks(realtime, host);
    realtime.attach(this.#ears);
    realtime.attach(this.#books);
    host.accounts.opened(realtime);
    this.#untell = tellsFrames ? tellFrames(realtime, host.emit) : undefined;
  }

  /**
   * The model learns what came of a call: as its answer where it asked for it, as items of the conversation where another one did. Rejects
   * as `RealtimeSession.answer` and `addItem` do.
   */
  async answer(options: AnswerOptions & { args: string }): Promise<void> {
    const { args, ...answer } = options;
    const { callId: call, name, output, isError = false } = answer;
    if (this.#calls.wasTold(call)) return;
    if (this.#calls.closed(call)) return this.realtime.answer(answer);
    const [request, result] = [this.#host.ids('item'), this.#host.ids('item')];
    const added = this.realtime.addItem({ kind: 'call', id: request, call, name, args });
    await Promise.all([
      added,
      this.realtime.addItem({ kind: 'result', id: result, call, name, output, isError }),
    ]);
  }

  /**
   * Another one has its place. For a moment it may still tell what it understood of the caller, where somebody waits for that; then, or at
   * once, it is let go.
   */
  retire(awaitsWords: boolean): void {
    this.#deaf();
    const { realtime } = this;
    if (realtime.state === 'closed') return;
    if (realtime.isReplying) realtime.interrupt();
    if (!awaitsWords) return void this.close();
    const { clock } = this.#host;
    this.#late = new LateWords(this.#host);
    realtime.attach(this.#late);
    this.#timer = clock.at(clock.now() + lateWordsMs, () => void this.close());
  }

  /** Nothing of it is heard any more; resolves when its connection is let go. Safe to call twice. */
  close(): Promise<void> {
    this.#deaf();
    this.#host.accounts.closed(this.realtime);
    this.realtime.detach(this.#books);
    this.#timer?.cancel();
    if (this.#late !== undefined) this.realtime.detach(this.#late);
    return this.realtime.close();
  }

  #deaf(): void {
    this.realtime.detach(this.#ears);
    this.#untell?.();
  }
}

/** Of a model that was replaced only the caller's words are heard. */
class LateWords implements Listeners<RealtimeEvents> {
  readonly #host: SessionHost;

  constructor(host: SessionHost) {
    this.#host = host;
  }

  input_audio_transcription_completed(event: RealtimeEvents['input_audio_transcription_completed']): void {
    if (this.#knows(event.itemId)) this.#host.listening().transcribed(event, true);
  }

  input_audio_transcription_failed(event: RealtimeEvents['input_audio_transcription_failed']): void {
    if (this.#knows(event.itemId)) this.#host.listening().notTranscribed(event);
  }

  /** What another model hears anew is no item any more. */
  #knows(item: string): boolean {
    return this.#host.conversation.history.has(item);
  }

  /** Nobody minds how it ends. */
  error(): void {}
}

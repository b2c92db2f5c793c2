import { ReparteeError, StateError, toReparteeError } from '../../../core/index.js';
import type { FromTts, ToTts, TtsTask } from '../worker/protocol.js';
import { Thread } from '../worker/thread.js';
import type { SpokenClause } from './say-clause.js';

export interface ClauseJob {
  text: string;
  voice: string;
  speed: number;
  /** The first of its stream: it goes before all that are not, because somebody waits for it in silence. */
  first: boolean;
  /** Once, never within `add`, and never after `cancel`. */
  done(result: SpokenClause | ReparteeError): void;
}

interface Seat {
  thread: Thread<ToTts, FromTts>;
  job: ClauseJob | undefined;
}

/**
 * Clauses waiting for a voice, and the threads that speak them one at a time. A stream has one clause in here at most,
 * so order of arrival is fair, the queue is as long as there are streams, and cancelling is forgetting.
 */
export class ClauseQueue {
  readonly #task: TtsTask;
  readonly #size: number;
  readonly #seats: Seat[] = [];
  #waiting: ClauseJob[] = [];
  #closed = false;

  constructor(task: TtsTask, threads: number) {
    this.#task = task;
    this.#size = threads;
  }

  /** Starts the threads; resolves when all can speak. */
  async start(): Promise<void> {
    if (this.#closed) throw new StateError('closed', 'this TTS was closed');
    while (this.#seats.length < this.#size) this.#seat();
    await Promise.all(this.#seats.map((seat) => seat.thread.ready));
  }

  add(job: ClauseJob): void {
    this.start().catch((error: unknown) => this.#fail(toReparteeError(error, 'tts_failed')));
    const at = job.first ? this.#waiting.findIndex((other) => !other.first) : -1;
    this.#waiting.splice(at < 0 ? this.#waiting.length : at, 0, job);
    this.#serve();
  }

  cancel(job: ClauseJob): void {
    this.#waiting = this.#waiting.filter((other) => other !== job);
    for (const seat of this.#seats) if (seat.job === job) seat.job = { ...job, done() {} };
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#waiting = [];
    await Promise.all(this.#seats.splice(0).map((seat) => seat.thread.close()));
  }

  #seat(): void {
    const thread = new Thread<ToTts, FromTts>(this.#task, {
      onMessage: (message) => {
        const { job } = seat;
        seat.job = undefined;
        thread.release();
        this.#serve();
        job?.done(message.t === 'said' ? message : new ReparteeError('tts_failed', message.message));
      },
      onDown: (error) => {
        this.#seats.splice(this.#seats.indexOf(seat), 1);
        seat.job?.done(error);
        // A thread that broke at its start would only break again.
        if (this.#seats.length === 0) this.#fail(error);
      },
    });
    const seat: Seat = { thread, job: undefined };
    this.#seats.push(seat);
  }

  #serve(): void {
    for (const seat of this.#seats) {
      if (seat.job !== undefined) continue;
      const job = this.#waiting.shift();
      if (job === undefined) return;
      seat.job = job;
      seat.thread.hold();
      seat.thread.post({ t: 'say', text: job.text, voice: job.voice, speed: job.speed });
    }
  }

  #fail(error: ReparteeError): void {
    for (const job of this.#waiting.splice(0)) job.done(error);
  }
}

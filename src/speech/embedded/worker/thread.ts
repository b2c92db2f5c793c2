import { randomUUID } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Transferable, Worker } from 'node:worker_threads';
import { ConfigError, ReparteeError, StateError } from '../../../core/index.js';
import { compiledFile } from '../compiled-file.js';
import type { ThreadData, ThreadStart, ThreadTask } from './protocol.js';

export interface ThreadListener<From> {
  onMessage(message: From): void;
  /** Once, when it ended without being closed. Nothing follows. */
  onDown(error: ReparteeError): void;
}

/**
 * A worker thread that runs one part of the engine. It keeps the process alive only while it is held, so a forgotten
 * engine does not hang a program.
 */
export class Thread<To extends { t: string }, From extends { t: string }> {
  readonly ready: Promise<void>;
  readonly #worker: Worker;
  #holds = 0;
  #over = false;

  /** Throws `file_unreadable` when the package was not built. */
  constructor(task: ThreadTask, listener: ThreadListener<From>) {
    const file = compiledFile('worker.js');
    if (!existsSync(file))
      throw new ConfigError('file_unreadable', `the speech worker is missing (${file}): run "npm run build"`);
    // No flags of the parent: loaders and inspectors are not for this thread.
    const scratch = path.join(tmpdir(), `repartee-${randomUUID()}`);
    const workerData: ThreadData = { task, scratch };
    this.#worker = new Worker(file, { workerData, execArgv: [], name: `repartee ${task.role}` });
    this.#worker.unref();
    this.ready = new Promise<void>((resolve, reject) => {
      const down = (error: ReparteeError) => {
        if (this.#over) return;
        this.#over = true;
        reject(error);
        void this.#worker.terminate();
        listener.onDown(error);
      };
      this.#worker.on('message', (message: From | ThreadStart) => {
        if (this.#over) return;
        if (isStart(message)) {
          if (message.t === 'ready') resolve();
          else down(new ReparteeError(message.code, message.message));
        } else listener.onMessage(message);
      });
      const code = task.role === 'tts' ? 'tts_failed' : 'stt_failed';
      this.#worker.on('error', (cause) =>
        down(new ReparteeError(code, `the speech worker died: ${cause.message}`, { cause })),
      );
      this.#worker.on('exit', () => {
        // It may have been ended in the middle of its files.
        rmSync(scratch, { recursive: true, force: true });
        down(new ReparteeError(code, 'the speech worker ended'));
        reject(new StateError('closed', 'the speech engine was closed'));
      });
    });
    // Who waits for it sees the error; who does not is told by onDown.
    this.ready.catch(() => {});
  }

  post(message: To, transfer: Transferable[] = []): void {
    if (!this.#over) this.#worker.postMessage(message, transfer);
  }

  /** The process stays alive until as many `release`. */
  hold(): void {
    if (this.#holds++ === 0) this.#worker.ref();
  }

  release(): void {
    if (--this.#holds === 0) this.#worker.unref();
  }

  /** Ends it where it stands; `onDown` is not called. */
  async close(): Promise<void> {
    this.#over = true;
    await this.#worker.terminate();
  }
}

function isStart(message: { t: string }): message is ThreadStart {
  return message.t === 'ready' || message.t === 'broken';
}

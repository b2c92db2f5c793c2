import { type ChildProcess, fork } from 'node:child_process';
import type { Reply } from '../messages.js';

/** A process of the bench, asked over IPC. Every question has a deadline. */
export class Child<Request> {
  readonly #process: ChildProcess;
  readonly #asked = new Map<number, { resolve: (value: unknown) => void; reject: (error: Error) => void }>();
  #count = 0;
  #errors = '';

  constructor(module: URL, args: string[], execArgv: string[] = []) {
    this.#process = fork(module, args, {
      serialization: 'advanced',
      execArgv,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      env: {
        ...process.env,
        OPENAI_API_KEY: 'bench',
        OPENAI_AGENTS_DISABLE_TRACING: '1',
        LOG_LEVEL: 'error',
      },
    });
    this.#process.stderr?.on('data', (data) => {
      this.#errors = (this.#errors + String(data)).slice(-2000);
    });
    this.#process.on('message', (message) => this.#answer(message as Reply));
    this.#process.on('exit', (code) => this.#failAll(`ended with code ${code}${lastLine(this.#errors)}`));
    this.#process.on('error', (error) => this.#failAll(error.message));
  }

  /** Question 0 is the hello that every child sends by itself. */
  hello<T>(timeoutMs = 30_000): Promise<T> {
    return this.#wait<T>(0, 'hello', timeoutMs);
  }

  ask<T>(request: Request & { do: string }, timeoutMs = 30_000): Promise<T> {
    this.#count += 1;
    const answer = this.#wait<T>(this.#count, request.do, timeoutMs);
    this.#process.send({ id: this.#count, request }, (error) => {
      if (error) this.#failAll(error.message);
    });
    return answer;
  }

  /** Lets it end by itself (profiles are written then); ends it after two seconds. */
  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      const deadline = setTimeout(() => this.#process.kill('SIGKILL'), 2000);
      this.#process.once('exit', () => {
        clearTimeout(deadline);
        resolve();
      });
      if (this.#process.connected) this.#process.disconnect();
    });
  }

  #wait<T>(id: number, what: string, timeoutMs: number): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const deadline = setTimeout(() => {
        this.#asked.delete(id);
        reject(new Error(`no answer to '${what}' in ${timeoutMs / 1000} s${lastLine(this.#errors)}`));
      }, timeoutMs);
      this.#asked.set(id, {
        resolve: (value) => {
          clearTimeout(deadline);
          resolve(value as T);
        },
        reject: (error) => {
          clearTimeout(deadline);
          reject(error);
        },
      });
    });
  }

  #answer(reply: Reply): void {
    const asked = this.#asked.get(reply.id);
    this.#asked.delete(reply.id);
    if (reply.ok) asked?.resolve(reply.value);
    else asked?.reject(new Error(reply.error));
  }

  #failAll(why: string): void {
    for (const { reject } of this.#asked.values()) reject(new Error(why));
    this.#asked.clear();
  }
}

function lastLine(errors: string): string {
  const line = errors.split('\n').find((text) => /error|cannot|failed/i.test(text));
  return line === undefined ? '' : `: ${line.trim().slice(0, 200)}`;
}

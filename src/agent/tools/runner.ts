import { type ReparteeError, ToolError, toReparteeError } from '../../core/index.js';
import type { Tool } from './tool.js';

export interface ToolOutcome {
  output: string;
  isError: boolean;
  /** What the application is told when `isError`. */
  error?: ReparteeError;
}

/** Runs tools side by side; each ends once, with a result or with an error in words that the model can use. */
export class ToolRunner {
  #running: Map<string, AbortController> | undefined;

  /** Undefined: it was aborted, and nobody wants its result. */
  async run(
    tools: readonly Tool[],
    call: string,
    name: string,
    args: string,
  ): Promise<ToolOutcome | undefined> {
    const tool = tools.find((other) => other.spec.name === name);
    if (tool === undefined) {
      const error = new ToolError('tool_unknown', `There is no tool '${name}'`);
      return { output: error.message, isError: true, error };
    }
    const abort = new AbortController();
    const { signal } = abort;
    this.#running ??= new Map();
    this.#running.set(call, abort);
    try {
      const output = await tool.run(args, { callId: call, signal });
      return signal.aborted ? undefined : { output, isError: false };
    } catch (thrown) {
      if (signal.aborted) return undefined;
      const error = toReparteeError(thrown, 'tool_failed', `${name}: `);
      return { output: error.message, isError: true, error };
    } finally {
      this.#running?.delete(call);
    }
  }

  abort(call: string): void {
    this.#running?.get(call)?.abort();
  }

  abortAll(): void {
    for (const abort of this.#running?.values() ?? []) abort.abort();
  }
}

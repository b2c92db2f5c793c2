import { StateError } from '../../core/index.js';
import type { AgentSession } from '../session.js';
import { Agent, type AgentOptions } from './agent.js';
import type { HandoffOptions } from './handoff.js';

/**
 * An agent that is in charge until it has a result: `const email = await new CollectEmail().run(session)`, from a tool, a hook or
 * anywhere. Its tools call `complete` or `fail`; then the agent before it comes back. Each task runs once.
 */
export class AgentTask<Result> extends Agent {
  readonly #outcome: Promise<Result>;
  #settle: { resolve: (value: Result) => void; reject: (error: Error) => void } | undefined;
  #hasRun = false;

  constructor(options: AgentOptions) {
    super(options);
    this.#outcome = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // Nobody may wait for it: the task was restored, or never run.
    this.#outcome.catch(() => {});
  }

  /** It has its result, or will not have one. */
  get isDone(): boolean {
    return this.#settle === undefined;
  }

  /** The result. Only the first `complete` or `fail` counts. */
  complete(value: Result): void {
    this.#settle?.resolve(value);
    this.#settle = undefined;
  }

  /** There will be no result. */
  fail(error: Error): void {
    this.#settle?.reject(error);
    this.#settle = undefined;
  }

  /**
   * Puts the task in charge; resolves with its result when the agent before it is back. Rejects with what `fail` was given; StateError
   * `task_cancelled` where another agent took over for good, `closed` at the end of the session, `illegal_command` where tasks are
   * nested too deeply, `already_started` the second time; ProviderError `handoff_failed`.
   */
  async run(session: AgentSession, options: HandoffOptions = {}): Promise<Result> {
    if (this.#hasRun) throw new StateError('already_started', 'A task can be run once');
    this.#hasRun = true;
    await session.runTask(this, options);
    return this.#outcome;
  }

  /** As `run` resolves, but for the agent before being back. */
  get result(): Promise<Result> {
    return this.#outcome;
  }

  /** Resolves when it is done, whatever came of it. */
  get done(): Promise<void> {
    return this.#outcome.then(
      () => {},
      () => {},
    );
  }
}

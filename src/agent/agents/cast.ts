import type { ChatItem } from '../../chat/index.js';
import { type Ms, ProviderError, type ReparteeError, StateError, toReparteeError } from '../../core/index.js';
import type { AgentSessionOptions } from '../session-options.js';
import type { Agent } from './agent.js';
import type { Handoff, HandoffOptions } from './handoff.js';
import { type AnsweredCall, type CastHost, Models } from './models.js';
import { Waits } from './quiet.js';
import type { Restored } from './restore.js';
import { AgentTask } from './task.js';

/** How long an agent's `onExit` may take before it is left behind. */
const exitGraceMs: Ms = 5_000;
/** Tasks that wait for tasks. */
const depthLimit = 8;
/** Two agents that send the caller to each other stop at some point. */
const passLimit = 8;

/** A call of a tool whose result is a handoff. */
export interface HandingCall {
  call: string;
  name: string;
  args: string;
  /** Who was in charge when it began. */
  by: Agent | undefined;
}

/** Who is in charge after a change, the last of them; those before wait for the task behind them. */
type Line = readonly Agent[];

/**
 * The agents of a session: who is in charge, and the model that speaks for them. Changes are made one after the other, each as a whole: until
 * the next agent's model serves the one before does, and where it cannot be had the one before stays.
 */
export class Cast {
  readonly #of: CastHost;
  readonly #waits: Waits;
  readonly models: Models;
  #line: Line = [];
  /** A task that is over and in charge still, because nobody could take over. */
  #stuck: Agent | undefined;
  /** Until each of the tasks is over and the agent before it back. */
  #tasks: Map<Agent, Promise<void>> | undefined;
  /** The last turn of the caller, and how often tools have handed over since. */
  #turn: string | undefined;
  #passes = 0;
  /** The change under way; the next one waits for it. */
  #last: Promise<unknown> | undefined;
  #closed = false;

  constructor(of: CastHost, options: AgentSessionOptions) {
    this.#of = of;
    this.#waits = new Waits(of);
    this.models = new Models(of, options, this.#waits);
  }

  get current(): Agent | undefined {
    return this.#line.at(-1);
  }

  /** The agent in charge is a task that is over: it has nothing more to say. */
  get isLeaving(): boolean {
    const { current } = this;
    return current instanceof AgentTask && current.isDone && current !== this.#stuck;
  }

  /** Resolves when the agent before the task that is over is back; undefined where none is over. */
  get leaving(): Promise<void> | undefined {
    return this.isLeaving ? this.#tasks?.get(this.current!) : undefined;
  }

  /** Those in charge and waiting, the first one first. */
  get line(): Line {
    return this.#line;
  }

  /** Something has happened that a change may have waited for. */
  stepped(): void {
    this.#waits.look();
  }

  /** The first agents. StateError `already_started` where one of them is in another session. */
  appoint(line: Line): void {
    const attached: Agent[] = [];
    try {
      for (const agent of line) {
        agent.attach(this.#of.events);
        attached.push(agent);
      }
    } catch (thrown) {
      for (const agent of attached) agent.attach(undefined);
      throw thrown;
    }
    this.#line = line;
  }

  /** Another agent in charge, for good: whoever waits for a task waits in vain. Resolves when its `onEnter` has. */
  async replace(next: Agent, options: HandoffOptions): Promise<void> {
    const enter = await this.#change(() => [next], options);
    await enter();
  }

  /**
   * A tool has handed over. Resolves when the other agent is in charge, before its `onEnter`, so that the call can be answered first; the
   * result lets it in. Where nobody speaks then, it is asked to.
   */
  async handOver({ agent, options, message }: Handoff, call: HandingCall): Promise<() => Promise<void>> {
    const host = this.#of;
    const turn = host.conversation.history.items.findLast(isOfUser)?.id;
    if (turn !== this.#turn) this.#passes = 0;
    this.#turn = turn;
    if (this.#passes >= passLimit) {
      throw new StateError(
        'illegal_command',
        `The caller was handed over ${passLimit} times without being heard`,
      );
    }
    this.#passes += 1;
    host.input({ t: 'hands_over', call: call.call });
    const next = (line: Line) => {
      // Two tools at once, or one that took so long.
      if (line.at(-1) === call.by) return [agent];
      throw new StateError('illegal_command', 'Another agent is in charge by now');
    };
    const enter = await this.#change(next, options, { ...call, output: message });
    const before = host.speeches.count;
    return async () => {
      try {
        await enter();
      } catch (thrown) {
        host.emit('error', toReparteeError(thrown, 'listener_threw', 'onEnter: '));
      }
      if (host.speeches.count === before && this.current === agent)
        host.input({ t: 'handed_over', call: call.call });
    };
  }

  /** A task in charge until it is done, then the agent before it again. Rejects as `AgentTask.run` does. */
  async perform<Result>(task: AgentTask<Result>, options: HandoffOptions): Promise<void> {
    const host = this.#of;
    if (this.#line.length > depthLimit) {
      throw new StateError('illegal_command', `More than ${depthLimit} tasks wait for each other`);
    }
    const enter = await this.#change((line) => [...line, task], options);
    const depth = this.#line.length - 1;
    host.input({ t: 'tools_park', depth });
    try {
      const over = this.#whileIn(task);
      this.#tasks ??= new Map();
      this.#tasks.set(
        task,
        over.catch(() => {}),
      );
      enter().catch((thrown) => task.fail(toReparteeError(thrown, 'listener_threw', 'onEnter: ')));
      await over;
    } finally {
      this.#tasks?.delete(task);
      host.input({ t: 'tools_unpark', depth });
    }
  }

  /** The agents of a snapshot go on: each learns its state, and whoever waited for a task is told of its end. */
  async resume(restored: Restored['line']): Promise<void> {
    const host = this.#of;
    const waiting = restored.slice(0, -1).map(({ agent }) => agent.toolBox.open(host.toolDesk));
    await Promise.all(waiting);
    for (const { agent, state } of restored) await agent.onRestore(state);
    for (const [place, { agent: task }] of restored.entries()) {
      const former = restored[place - 1]?.agent;
      if (former === undefined || !(task instanceof AgentTask)) continue;
      const over = this.#whileIn(task).then(() => (this.#closed ? undefined : former.onTaskDone(task)));
      over.catch((thrown) => {
        if (!this.#closed) host.emit('error', toReparteeError(thrown, 'listener_threw', 'onTaskDone: '));
      });
    }
  }

  /** Until the task is over, and the agent before it back. */
  async #whileIn<Result>(task: AgentTask<Result>): Promise<void> {
    await task.done;
    if (!this.#line.includes(task)) return;
    try {
      const comeBack = await this.#change((line) => lineBefore(line, task), {});
      await comeBack();
    } catch (thrown) {
      this.#stuck = task;
      throw thrown;
    }
  }

  /** Lets the models go, and whoever waits for a task. What the agents do when they leave comes after. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#waits.close();
    for (const agent of this.#line) {
      if (agent instanceof AgentTask) agent.fail(new StateError('closed', 'The session is closed'));
    }
    await Promise.all([this.models.close(), ...this.#line.map((agent) => agent.toolBox.close())]);
  }

  /** The call is over: all leave, the one in charge first. */
  async leave(): Promise<void> {
    await Promise.all(this.#line.toReversed().map((agent) => this.#exit(agent)));
  }

  /** All are free for another session. */
  dismiss(): void {
    for (const agent of this.#line) agent.attach(undefined);
  }

  /** One change after the other; resolves when it is made. The result lets those leave who left, and the new one enter. */
  #change(
    lineAfter: (line: Line) => Line,
    options: HandoffOptions,
    call?: AnsweredCall,
  ): Promise<() => Promise<void>> {
    const change = async () => this.#changeNow(lineAfter(this.#line), options, call);
    const done = (this.#last ?? Promise.resolve()).then(change, change);
    this.#last = done;
    return done;
  }

  async #changeNow(line: Line, options: HandoffOptions, call?: AnsweredCall): Promise<() => Promise<void>> {
    this.#assertOpen();
    const before = this.#line;
    const [from, next] = [before.at(-1), line.at(-1)];
    if (from === undefined || next === undefined) throw new StateError('closed', 'The session is closed');
    if (from === next) return async () => {};
    const isNew = !before.includes(next);
    if (isNew) next.attach(this.#of.events);
    try {
      if (isNew) await next.toolBox.open(this.#of.toolDesk);
      await this.models.serve(from, next, options, call);
    } catch (thrown) {
      if (isNew) {
        await next.toolBox.close();
        next.attach(undefined);
      }
      if (this.#closed) throw new StateError('closed', 'The session is closed');
      throw handoffFailed(next, toReparteeError(thrown, 'handoff_failed'));
    }
    this.#line = line;
    const left = before.filter((agent) => !line.includes(agent)).toReversed();
    for (const agent of left) {
      if (agent instanceof AgentTask) {
        agent.fail(new StateError('task_cancelled', `Another agent has taken over from ${agent.name}`));
      }
    }
    const host = this.#of;
    host.conversation.handedOver(from.name, next.name);
    host.emit('agent_changed', { from, to: next });
    return async () => {
      for (const agent of left) {
        await this.#exit(agent);
        await agent.toolBox.close();
        agent.attach(undefined);
      }
      if (isNew && !this.#closed) await next.onEnter();
    };
  }

  /** Whatever the agent does when it leaves, the session goes on. */
  async #exit(agent: Agent): Promise<void> {
    const { clock, emit } = this.#of;
    const left = Promise.resolve()
      .then(() => agent.onExit())
      .catch((thrown) => emit('error', toReparteeError(thrown, 'listener_threw', 'onExit: ')));
    await new Promise<void>((resolve) => {
      const timer = clock.at(clock.now() + exitGraceMs, resolve);
      void left.then(() => {
        timer.cancel();
        resolve();
      });
    });
  }

  #assertOpen(): void {
    if (this.#closed) throw new StateError('closed', 'The session is closed');
  }
}

function isOfUser(item: ChatItem): boolean {
  return item.kind === 'message' && item.role === 'user';
}

/** Where the task is gone meanwhile, it stays as it is. */
function lineBefore(line: Line, task: Agent): Line {
  const place = line.indexOf(task);
  return place < 0 ? line : line.slice(0, place);
}

function handoffFailed(next: Agent, cause: ReparteeError): ReparteeError {
  const message = `${next.name} could not take over: ${cause.message}`;
  return new ProviderError('handoff_failed', message, { cause, retryable: cause.retryable });
}

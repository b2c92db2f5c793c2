import {
  type Clock,
  type Ms,
  type ReparteeError,
  StateError,
  type Timer,
  ToolError,
  toReparteeError,
} from '../../core/index.js';
import type { HandingCall } from '../agents/cast.js';
import type { SessionHost } from '../session-host.js';
import type { ToolEnd } from './events.js';
import { fillerText } from './filler.js';
import { bindHost } from './host-of.js';
import { HostedApprovals } from './hosted-approvals.js';
import type { AbortReason, CallPlan, CallState, ToolEffect } from './machine/state.js';
import { ModelTold } from './model-told.js';
import type { ToolOutcome } from './outcome.js';
import { planOf } from './plan.js';
import type { ToolDefaults } from './policy.js';
import { RunningCall } from './running-call.js';
import { sayBeside } from './say.js';
import type { Tool } from './tool.js';
import type { BoxHost } from './tool-box.js';
import * as words from './words.js';

/** Does what the machine decided about calls: runs and aborts tools, has the model told, tells the application. */
export class ToolDesk implements BoxHost {
  readonly #host: SessionHost;
  readonly #defaults: ToolDefaults | undefined;
  /** Nearly always none. */
  #running: Map<string, RunningCall> | undefined;
  #timer: Timer | undefined;
  /** Made with the first call. */
  #modelTold: ModelTold | undefined;
  #hosted: HostedApprovals | undefined;
  #closed = false;

  constructor(host: SessionHost, defaults: ToolDefaults | undefined) {
    this.#host = host;
    this.#defaults = defaults;
  }

  get clock(): Clock {
    return this.#host.clock;
  }

  /** Calls that the provider runs by itself. */
  get hosted(): HostedApprovals {
    this.#hosted ??= new HostedApprovals(this.#host, this.#defaults?.approvalTimeoutMs ?? 30_000);
    return this.#hosted;
  }

  get #told(): ModelTold {
    this.#modelTold ??= new ModelTold(this.#host);
    return this.#modelTold;
  }

  /** The agent has other tools now, by a source of them. */
  changed(): void {
    const model = this.#closed ? undefined : this.#host.model();
    if (model === undefined || model.state === 'closed') return;
    model.updateTools(this.#host.tools().map(({ spec }) => spec)).then(
      ({ refused }) => {
        for (const { name, reason } of refused) {
          this.failed(
            new ToolError('tool_source_failed', `The model does not get the tool '${name}': ${reason}`),
          );
        }
      },
      (error: ReparteeError) => this.failed(error),
    );
  }

  /** A source of tools is out of order. */
  failed(error: ReparteeError): void {
    if (!this.#closed) this.#host.emit('error', error);
  }

  plan(name: string, args: string): CallPlan {
    return planOf(this.#tool(name), name, args, this.#defaults ?? {});
  }

  /** StateError `illegal_command` where no such call waits for it. */
  approve(callId: string, approved: boolean, reason: string): void {
    if (this.#hosted?.approve(callId, approved, reason)) return;
    const { calls, background } = this.#host.state;
    const isIt = ({ call, work }: CallState) => call === callId && work === 'approving';
    if (!calls.some(isIt) && !background.some(isIt)) {
      throw new StateError('illegal_command', `No call ${callId} waits for approval`);
    }
    this.#host.input({ t: 'tool_approved', call: callId, approved, reason });
  }

  perform(effect: ToolEffect): void {
    switch (effect.t) {
      case 'run_tool':
        return void this.#run(effect);
      case 'release_tool':
        return this.#running?.get(effect.call)?.release();
      case 'abort_tool':
        return this.#abort(effect.call, effect.why);
      case 'ask_approval': {
        const { call: callId, name, args, withinMs } = effect;
        return this.#host.emit('tool_approval_requested', { callId, name, args, withinMs });
      }
      case 'filler':
        return this.#filler(effect);
      case 'tell':
        return this.#told.asText(effect.text);
      case 'tool_updated': {
        const { call: callId, name, message } = effect;
        return this.#host.emit('tool_updated', { callId, name, message });
      }
      case 'steps_exceeded':
        return this.#host.emit('tool_steps_exceeded', { replyId: effect.reply, steps: effect.steps });
      case 'wake_tools':
        return this.#wakeAt(effect.atMs);
      case 'answer':
        return this.#told.answer(effect);
      case 'tools_executed':
        return this.#told.executed(effect.calls);
      case 'follow_up':
        return this.#told.followUp(effect);
    }
  }

  /** Aborts what runs; after it nothing is done any more. */
  close(): void {
    if (this.#closed) return;
    this.#hosted?.close();
    this.#wakeAt(null);
    for (const callId of [...(this.#running?.keys() ?? [])])
      this.#stop(callId, 'closed', 'the session is closed');
    this.#modelTold?.close();
    this.#closed = true;
  }

  #tool(name: string): Tool | undefined {
    return this.#host.tools().find(({ spec }) => spec.name === name);
  }

  async #run({ call: callId, name, args }: Extract<ToolEffect, { t: 'run_tool' }>): Promise<void> {
    const { emit, input, clock } = this.#host;
    const running = new RunningCall(callId, name, clock.now(), {
      say: (text) => sayBeside(this.#host, text),
      update: (call, message, speak) => input({ t: 'tool_update', call, message, speak }),
      asks: (call) => input({ t: 'tool_asks', call }),
    });
    bindHost(running, this.#host);
    this.#running ??= new Map();
    this.#running.set(callId, running);
    emit('tool_started', { callId, name, args });
    const tool = this.#tool(name);
    const { cast } = this.#host;
    const by = cast.current;
    const outcome = tool === undefined ? unknownTool(name) : await running.run(tool, args);
    if (outcome === undefined || this.#closed) return;
    const { output, isError, silent, error, enter } = await this.#handedOver(outcome, {
      call: callId,
      name,
      args,
      by,
    });
    const { isLeaving } = cast;
    // That model would go on by itself, as the task that is over.
    if (isLeaving && !this.#closed && this.#host.model().capabilities.toolReply === 'auto')
      await cast.leaving;
    if (this.#closed) return;
    // Its time may have been up while it handed over.
    if (this.#running?.get(callId) === running)
      this.#ended(running, isError ? 'failed' : 'completed', output);
    if (error !== undefined) emit('error', error);
    input({ t: 'tool_done', call: callId, output, isError, silent: silent || isLeaving });
    await enter?.();
  }

  /** Where a tool hands over, the other agent is in charge before the call is answered, and enters after. */
  async #handedOver(
    outcome: ToolOutcome,
    call: HandingCall,
  ): Promise<ToolOutcome & { enter?: () => Promise<void> }> {
    const { handoff } = outcome;
    if (handoff === undefined) return outcome;
    try {
      return { ...outcome, enter: await this.#host.cast.handOver(handoff, call) };
    } catch (thrown) {
      const error = toReparteeError(thrown, 'handoff_failed');
      return { output: words.notHandedOver(handoff.agent.name), isError: true, silent: false, error };
    }
  }

  #abort(callId: string, why: AbortReason): void {
    const running = this.#running?.get(callId);
    if (running === undefined) return;
    const { name } = running;
    this.#stop(callId, endOf[why], why);
    if (why !== 'timeout') return;
    const afterMs = this.#host.clock.now() - running.startedMs;
    this.#host.emit('error', new ToolError('tool_timeout', `${name} gave no result within ${afterMs} ms`));
  }

  #stop(callId: string, end: ToolEnd, why: string): void {
    const running = this.#running?.get(callId);
    if (running === undefined) return;
    running.abort(why);
    this.#ended(running, end);
  }

  #ended(running: RunningCall, outcome: ToolEnd, output?: string): void {
    const { callId, name, startedMs } = running;
    this.#running?.delete(callId);
    const durationMs = this.#host.clock.now() - startedMs;
    this.#host.emit('tool_ended', {
      callId,
      name,
      outcome,
      durationMs,
      ...(output === undefined ? {} : { output }),
    });
  }

  #filler({ name, args, said }: Extract<ToolEffect, { t: 'filler' }>): void {
    const own = this.#tool(name)?.policy.filler;
    const filler = own === undefined ? this.#defaults?.filler : own;
    try {
      const text = fillerText(filler ?? null, said, { name, args });
      if (text !== undefined && text !== '') sayBeside(this.#host, text);
    } catch (cause) {
      this.#host.emit('error', new StateError('listener_threw', `The filler of ${name} threw`, { cause }));
    }
  }

  #wakeAt(atMs: Ms | null): void {
    this.#timer?.cancel();
    this.#timer =
      atMs === null ? undefined : this.#host.clock.at(atMs, () => this.#host.input({ t: 'tool_time' }));
  }
}

const endOf: Record<AbortReason, ToolEnd> = {
  interrupted: 'cancelled',
  replaced: 'cancelled',
  timeout: 'timed_out',
  withdrawn: 'withdrawn',
  refused: 'refused',
};

function unknownTool(name: string) {
  const error = new ToolError('tool_unknown', `There is no tool '${name}'`);
  return { output: words.unknown(name), isError: true, silent: false, error };
}

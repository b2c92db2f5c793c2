import type { AudioOutput, Clock, Ms, ReparteeError, Timer } from '../core/index.js';
import type { RealtimeSession } from '../realtime/index.js';
import type { Conversation } from './conversation.js';
import type { AgentEvents } from './events.js';
import type { AgentEffect } from './machine/state.js';
import { OutputLine } from './output.js';
import type { SpeechHandle } from './speech-handle.js';
import type { Tool } from './tool.js';
import { ToolRunner } from './tool-runner.js';

/** After `clear` the far end has this long to answer; then its last known position counts. Transports keep their own, shorter deadline. */
const clearDeadlineMs: Ms = 1_000;

/** Where the performer's results go. */
export interface PerformerHost {
  clock: Clock;
  model: RealtimeSession;
  conversation: Conversation;
  tools: readonly Tool[];
  emit<K extends keyof AgentEvents>(name: K, event: AgentEvents[K]): void;
  toolDone(call: string, output: string, isError: boolean): void;
  cleared(playedMs: Ms, estimated: boolean): void;
  written(response: string, item: string, part: number, durationMs: Ms): void;
  /** The last position the far end reported. */
  playedMs(): Ms;
}

/** Does what the agent's machine decided: to the model, to the far end, to the history, to the application. */
export class Performer {
  readonly speeches = new Map<string, SpeechHandle>();
  readonly #host: PerformerHost;
  readonly #output: OutputLine;
  readonly #tools = new ToolRunner();
  readonly #args = new Map<string, string>();
  #clearTimer: Timer | undefined;
  /** The part whose audio was written last: the resampler's tail belongs to it. */
  #last: { response: string; item: string; part: number } | undefined;
  #closed = false;

  constructor(host: PerformerHost, output: AudioOutput) {
    this.#host = host;
    this.#output = new OutputLine(output, host.model.capabilities.outputRateHz);
  }

  /** Writes audio of a part to the far end. */
  play(response: string, item: string, part: number, pcm: Int16Array): void {
    const durationMs = this.#output.write(pcm);
    if (this.#last?.item !== item || this.#last.part !== part) this.#last = { response, item, part };
    this.#host.written(response, item, part, durationMs);
  }

  perform(effect: AgentEffect): void {
    const { model, conversation, emit } = this.#host;
    switch (effect.t) {
      case 'stop_model':
        if (model.state !== 'closed') model.interrupt();
        return;
      case 'clear_playout':
        return this.#clear();
      case 'flush_playout':
        return this.#flush();
      case 'truncate':
        return this.#truncate(effect);
      case 'heard':
        return conversation.heard(effect.item, effect.heardMs, effect.writtenMs);
      case 'settled':
        return conversation.settled(effect.item, effect.heard);
      case 'interrupted':
        return emit('speech_interrupted', { by: effect.by, epoch: model.epoch });
      case 'run_tool':
        return void this.#runTool(effect.call, effect.name, effect.args);
      case 'abort_tool':
        return this.#tools.abort(effect.call);
      case 'answer': {
        const { call, name, output, isError, more } = effect;
        return this.#expectOk(model.answer({ callId: call, name, output, isError, more, then: effect.then }));
      }
      case 'tools_executed':
        return this.#toolsExecuted(effect);
      case 'follow_up':
        return this.#expectOk(model.generateReply({ continues: effect.reply }));
      case 'reply_done':
        this.speeches.get(effect.reply)?.ended(effect.interrupted);
        this.speeches.delete(effect.reply);
        return;
      case 'agent_state':
        return emit('agent_state_changed', { from: effect.from, to: effect.to });
      case 'user_state':
        return emit('user_state_changed', { from: effect.from, to: effect.to });
      case 'turn_answered':
        return emit('metrics_collected', {
          type: 'turn',
          turnId: effect.turn,
          voiceToVoiceMs: effect.latencyMs,
        });
    }
  }

  /** Aborts tools, ends handles; nothing is done after it. */
  close(): void {
    this.#closed = true;
    this.#clearTimer?.cancel();
    this.#tools.abortAll();
    for (const speech of this.speeches.values()) speech.ended(true);
    this.speeches.clear();
  }

  #clear(): void {
    const { clock, cleared, playedMs } = this.#host;
    const timer = clock.at(clock.now() + clearDeadlineMs, () => answer(playedMs(), true));
    this.#clearTimer = timer;
    const answer = (atMs: Ms, estimated: boolean) => {
      if (this.#clearTimer !== timer) return;
      timer.cancel();
      this.#clearTimer = undefined;
      cleared(atMs, estimated);
    };
    this.#output.clear().then(
      (played) => answer(played.playedMs, played.estimated),
      () => answer(playedMs(), true),
    );
  }

  #flush(): void {
    const durationMs = this.#output.flush();
    if (durationMs > 0 && this.#last !== undefined) {
      const { response, item, part } = this.#last;
      this.#host.written(response, item, part, durationMs);
    }
  }

  #truncate({ item, part, heardMs, writtenMs }: Extract<AgentEffect, { t: 'truncate' }>): void {
    const { model, conversation } = this.#host;
    conversation.heard(item, heardMs, writtenMs);
    if (model.state === 'closed') return;
    this.#expectOk(model.truncate({ itemId: item, part, heardMs, heardText: conversation.heardText(item) }));
  }

  async #runTool(callId: string, name: string, args: string): Promise<void> {
    const { tools, emit, toolDone } = this.#host;
    this.#args.set(callId, args);
    emit('tool_started', { callId, name, args });
    const { output, isError, error } = await this.#tools.run(tools, callId, name, args);
    if (this.#closed) return;
    if (error !== undefined) emit('error', error);
    toolDone(callId, output, isError);
  }

  #toolsExecuted({ calls }: Extract<AgentEffect, { t: 'tools_executed' }>): void {
    this.#host.conversation.toolsExecuted(calls, (call) => this.#args.get(call) ?? '');
    const told = calls.flatMap(({ call, name, result }) =>
      result === undefined ? [] : [{ callId: call, name, ...result }],
    );
    for (const { call } of calls) this.#args.delete(call);
    this.#host.emit('function_tools_executed', { calls: told });
  }

  #expectOk(done: Promise<unknown>): void {
    done.catch((error: ReparteeError) => {
      // Superseded: an interruption was faster. Closed: nobody waits for it any more.
      if (!this.#closed && error.vendorCode !== 'superseded' && error.code !== 'closed')
        this.#host.emit('error', error);
    });
  }
}

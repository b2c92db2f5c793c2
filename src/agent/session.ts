import type { ChatContext } from '../chat/index.js';
import {
  type Clock,
  Emitter,
  type Ids,
  type Ms,
  ProviderError,
  type ReparteeError,
  Runner,
  randomIds,
  StateError,
  systemClock,
  type Timer,
  type Transport,
} from '../core/index.js';
import { type Dialler, RealtimeModel, type RealtimeSession, type SessionOptions } from '../realtime/index.js';
import type { Agent } from './agent.js';
import { Conversation } from './conversation.js';
import type { AgentEvents } from './events.js';
import {
  type AgentActivity,
  type AgentEffect,
  type AgentInput,
  agentState,
  type UserActivity,
} from './machine/state.js';
import { agentStep } from './machine/step.js';
import { OutputLine } from './output.js';
import { SpeechHandle } from './speech-handle.js';
import { ToolRunner } from './tool-runner.js';

export interface AgentSessionOptions {
  /** The model: a `RealtimeModel`, or anything that can be dialled (a cascade, a script). */
  llm: Dialler;
  /** Whether the caller's voice may stop the agent. Default true. */
  allowInterruptions?: boolean;
  /** Passed on to the model's session: `vad`, `chunkMs`, timeouts, what differs from the model's settings. */
  session?: Omit<SessionOptions, 'clock' | 'ids'>;
  clock?: Clock;
  ids?: Ids;
}

export interface StartOptions {
  agent: Agent;
  transport: Transport;
}

export interface ReplyOptions {
  /** Added to the agent's instructions for this reply only. */
  instructions?: string;
  /** Text of the user that it answers; becomes part of the conversation. */
  userInput?: string;
  toolChoice?: 'auto' | 'none' | 'required' | { name: string };
}

/** After `clear` the far end has this long to answer; then its position is estimated. Transports keep their own, shorter deadline. */
const clearDeadlineMs: Ms = 1_000;

/**
 * A call: a transport on one side, a model on the other, an agent in charge. It lasts from `start` until `close`, the transport's
 * end or the model's. Events: `AgentEvents`.
 */
export class AgentSession extends Emitter<AgentEvents> {
  readonly #options: AgentSessionOptions;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #runner: Runner<ReturnType<typeof agentState>, AgentInput, AgentEffect>;
  readonly #conversation: Conversation;
  readonly #tools = new ToolRunner();
  readonly #args = new Map<string, string>();
  readonly #speeches = new Map<string, SpeechHandle>();
  #phase: 'new' | 'starting' | 'running' | 'closed' = 'new';
  #agent: Agent | undefined;
  #transport: Transport | undefined;
  #model: RealtimeSession | undefined;
  #output: OutputLine | undefined;
  #clearTimer: Timer | undefined;
  /** The part whose audio was written last: the resampler's tail belongs to it. */
  #last: { response: string; item: string; part: number } | undefined;

  constructor(options: AgentSessionOptions) {
    super();
    this.#options = options;
    this.#clock = options.clock ?? systemClock();
    this.#ids = options.ids ?? randomIds();
    const { toolReply } = options.llm.capabilities;
    const state = agentState({ interruptible: options.allowInterruptions ?? true, toolReply });
    this.#runner = new Runner(state, agentStep, (effects) => {
      for (const effect of effects) this.#perform(effect);
    });
    this.#conversation = new Conversation(this.#clock, this.#ids, (name, event) => this.emit(name, event));
  }

  get agentState(): AgentActivity {
    return this.#runner.state.agent;
  }

  get userState(): UserActivity {
    return this.#runner.state.user;
  }

  get currentAgent(): Agent | undefined {
    return this.#agent;
  }

  /** What was said and heard, by both sides, in the order of speaking. */
  get history(): ChatContext {
    return this.#conversation.history;
  }

  /** The model's session, once started: for what only it can do. */
  get realtime(): RealtimeSession {
    if (this.#model === undefined) throw new StateError('not_started', 'The session has not been started');
    return this.#model;
  }

  /**
   * Connects both sides and lets the agent in. Resolves when audio flows; rejects (and closes) when the model or the
   * transport cannot be had. StateError `already_started` the second time.
   */
  async start({ agent, transport }: StartOptions): Promise<void> {
    if (this.#phase !== 'new') throw new StateError('already_started', 'A session can be started once');
    this.#phase = 'starting';
    agent.attach(this);
    this.#agent = agent;
    this.#transport = transport;
    const { llm, session: options = {} } = this.#options;
    const model = RealtimeModel.of(llm).session({
      ...options,
      clock: this.#clock,
      ids: this.#ids,
      config: {
        ...options.config,
        instructions: agent.instructions,
        tools: agent.tools.map((tool) => tool.spec),
      },
    });
    this.#model = model;
    this.#listen(model, transport);
    try {
      await Promise.all([transport.start(), model.opened]);
    } catch (thrown) {
      await this.#close('could not start', thrown as ReparteeError);
      throw thrown;
    }
    if (this.#isClosed()) throw new StateError('closed', 'The session was closed while it started');
    this.#output = new OutputLine(transport.output, model.capabilities.outputRateHz);
    this.#phase = 'running';
    const { sampleRateHz } = transport.input;
    transport.input.onAudio((pcm) => {
      if (this.#phase === 'running') model.pushAudio({ pcm, sampleRateHz, channels: 1 });
    });
    this.#input({ t: 'refresh' });
    await agent.onEnter();
  }

  /** Asks the agent to speak. Queued behind what it is saying. What goes wrong is an `error` event; the handle then ends. */
  generateReply(options: ReplyOptions = {}): SpeechHandle {
    const model = this.#running();
    const speech = new SpeechHandle(() => this.interrupt());
    this.emit('speech_created', { speech, source: 'generate_reply' });
    const { userInput, instructions, toolChoice } = options;
    const added = userInput === undefined ? Promise.resolve() : this.#type(model, userInput);
    const asked = model.generateReply({
      ...(instructions === undefined
        ? {}
        : { instructions: `${this.#agent!.instructions}\n\n${instructions}` }),
      ...(toolChoice === undefined ? {} : { toolChoice }),
    });
    this.#input({ t: 'refresh' });
    Promise.all([asked, added]).then(
      ([{ replyId }]) => {
        speech.begun(replyId);
        if (this.#runner.state.replies[replyId] === undefined) speech.ended(false);
        else this.#speeches.set(replyId, speech);
      },
      (error: ReparteeError) => {
        speech.ended(true);
        const superseded = error.vendorCode === 'superseded' || this.#phase === 'closed';
        if (!superseded) this.emit('error', error);
        this.#input({ t: 'refresh' });
      },
    );
    return speech;
  }

  /** Stops the agent now: playout cleared, the model told how much was heard. With nothing under way it only raises the epoch. */
  interrupt(): void {
    this.#running();
    this.#input({ t: 'interrupt', by: 'application' });
  }

  /** Ends the call. Safe to call twice; resolves when both sides are let go. */
  async close(reason = 'closed by the application'): Promise<void> {
    await this.#close(reason);
  }

  #running(): RealtimeSession {
    if (this.#phase === 'closed') throw new StateError('closed', 'The session is closed');
    if (this.#phase !== 'running' || this.#model === undefined) {
      throw new StateError('not_started', 'The session has not been started');
    }
    return this.#model;
  }

  #isClosed(): boolean {
    return this.#phase === 'closed';
  }

  async #type(model: RealtimeSession, text: string): Promise<void> {
    const id = this.#ids('item');
    const parts = [{ kind: 'text', text } as const];
    this.#conversation.typed(id, parts);
    await model.addItem({ kind: 'message', id, role: 'user', parts });
  }

  #listen(model: RealtimeSession, transport: Transport): void {
    const { output } = transport;
    output.onPlayback(({ phase, playedMs }) => this.#input({ t: 'playback', phase, playedMs }));
    transport.onClosed((error) => void this.#close(error?.message ?? 'the caller left', error));

    model.on('input_speech_started', ({ turnId }) => {
      this.#conversation.speechStarted(turnId);
      this.#input({ t: 'speech', edge: 'start', turn: turnId, voiceEndedMs: 0 });
    });
    model.on('input_speech_stopped', ({ turnId, atMs }) => {
      // The wire's position includes the window of silence that it waited for.
      const silenceMs = model.silenceMs;
      const sinceVoiceMs = atMs === undefined ? silenceMs : Math.max(0, model.inputMs - atMs + silenceMs);
      this.#input({
        t: 'speech',
        edge: 'stop',
        turn: turnId,
        voiceEndedMs: this.#clock.now() - sinceVoiceMs,
      });
    });
    model.on('input_audio_committed', ({ turnId, itemId }) => {
      this.#conversation.committed(turnId, itemId);
      this.#input({ t: 'refresh' });
    });
    model.on('input_audio_transcription_updated', (event) => this.#conversation.transcribed(event, false));
    model.on('input_audio_transcription_completed', (event) => this.#conversation.transcribed(event, true));
    model.on('generation_created', ({ replyId, responseId, outOfBand }) =>
      this.#input({
        t: 'generation',
        phase: 'created',
        reply: replyId,
        response: responseId,
        aside: outOfBand,
      }),
    );
    model.on('generation_ended', ({ replyId, responseId, outcome, reason }) => {
      if (outcome === 'failed') this.#replyFailed(reason);
      this.#input({ t: 'generation', phase: 'ended', reply: replyId, response: responseId, outcome });
    });
    model.on('generation_part', ({ phase, responseId, itemId, kind }) => {
      if (responseId === null) return;
      if (phase === 'started' && this.#isSpoken(responseId)) this.#conversation.begun(itemId);
      this.#input({ t: 'part', phase, response: responseId, item: itemId, kind });
    });
    model.on('generation_audio', ({ responseId, itemId, part, pcm }) =>
      this.#onAudio(responseId, itemId, part, pcm),
    );
    model.on('generation_text', (event) => {
      if (event.responseId === null || this.#isSpoken(event.responseId)) this.#conversation.said(event);
    });
    model.on('generation_call', ({ responseId, callId, name, args }) => {
      this.#args.set(callId, args);
      this.#input({ t: 'call', response: responseId ?? '', call: callId, name, args });
    });
    model.on('generation_call_withdrawn', ({ callId }) => this.#input({ t: 'withdrawn', call: callId }));
    model.on('reply_failed', ({ replyId }) => this.#input({ t: 'reply_failed', reply: replyId }));
    model.on('interrupted', ({ by }) => {
      if (by === 'server') this.#input({ t: 'server_interrupted' });
    });
    model.on('metrics_collected', (metrics) => this.emit('metrics_collected', metrics));
    model.on('error', (error) => this.emit('error', error));
    model.on('closed', ({ message }) => void this.#close(message));
  }

  /** Responses beside the conversation are not spoken. */
  #isSpoken(response: string): boolean {
    return this.#runner.state.responses[response]?.aside !== true;
  }

  #onAudio(response: string | null, item: string | null, part: number, pcm: Int16Array): void {
    if (this.#output === undefined || response === null || item === null || !this.#isSpoken(response)) return;
    const durationMs = this.#output.write(pcm);
    if (this.#last?.item !== item) this.#last = { response, item, part };
    this.#input({ t: 'audio', response, item, part, durationMs });
  }

  #input(
    input: AgentInput extends infer I ? (I extends AgentInput ? Omit<I, 'atMs' | 'replying'> : never) : never,
  ): void {
    if (this.#phase === 'closed') return;
    this.#runner.input({
      ...input,
      atMs: this.#clock.now(),
      replying: this.#model?.isReplying ?? false,
    } as AgentInput);
  }

  #perform(effect: AgentEffect): void {
    const model = this.#model!;
    const conversation = this.#conversation;
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
        return this.emit('speech_interrupted', { by: effect.by, epoch: model.epoch });
      case 'run_tool':
        return void this.#runTool(effect.call, effect.name, effect.args);
      case 'abort_tool':
        return this.#tools.abort(effect.call);
      case 'answer': {
        const { call, ...answer } = effect;
        model.answer({ ...answer, callId: call }).catch((error) => this.#modelRefused(error));
        return;
      }
      case 'tools_executed': {
        conversation.toolsExecuted(effect.calls, (call) => this.#args.get(call) ?? '');
        for (const { call } of effect.calls) this.#args.delete(call);
        const calls = effect.calls.map(({ call, name, result }) => ({ callId: call, name, ...result! }));
        return this.emit('function_tools_executed', { calls });
      }
      case 'follow_up':
        model.generateReply({ continues: effect.reply }).catch((error) => this.#modelRefused(error));
        return;
      case 'reply_done':
        this.#speeches.get(effect.reply)?.ended(effect.interrupted);
        this.#speeches.delete(effect.reply);
        return;
      case 'agent_state':
        return this.emit('agent_state_changed', { from: effect.from, to: effect.to });
      case 'user_state':
        return this.emit('user_state_changed', { from: effect.from, to: effect.to });
      case 'turn_answered':
        return this.emit('metrics_collected', {
          type: 'turn',
          turnId: effect.turn,
          voiceToVoiceMs: effect.latencyMs,
        });
    }
  }

  #clear(): void {
    const answer = (playedMs: Ms, estimated: boolean) => {
      if (this.#clearTimer === undefined) return;
      this.#clearTimer.cancel();
      this.#clearTimer = undefined;
      this.#input({ t: 'cleared', playedMs, estimated });
    };
    const { playedMs } = this.#runner.state.playout;
    this.#clearTimer = this.#clock.at(this.#clock.now() + clearDeadlineMs, () => answer(playedMs, true));
    this.#output!.clear().then(
      (played) => answer(played.playedMs, played.estimated),
      () => answer(playedMs, true),
    );
  }

  #flush(): void {
    if (this.#output === undefined) return;
    const durationMs = this.#output.flush();
    if (durationMs > 0 && this.#last !== undefined) this.#input({ t: 'audio', ...this.#last, durationMs });
  }

  #truncate({ item, part, heardMs, writtenMs }: Extract<AgentEffect, { t: 'truncate' }>): void {
    this.#conversation.heard(item, heardMs, writtenMs);
    const heardText = this.#conversation.heardText(item);
    const model = this.#model!;
    if (model.state === 'closed') return;
    model.truncate({ itemId: item, part, heardMs, heardText }).catch((error) => this.#modelRefused(error));
  }

  async #runTool(callId: string, name: string, args: string): Promise<void> {
    this.emit('tool_started', { callId, name, args });
    const outcome = await this.#tools.run(this.#agent?.tools ?? [], callId, name, args);
    if (outcome.error !== undefined && !this.#isClosed()) this.emit('error', outcome.error);
    this.#input({ t: 'tool_done', call: callId, output: outcome.output, isError: outcome.isError });
  }

  #replyFailed(reason: string): void {
    this.emit(
      'error',
      new ProviderError('reply_failed', reason === '' ? 'The model failed to answer' : reason),
    );
  }

  #modelRefused(error: ReparteeError): void {
    if (this.#isClosed() || error.vendorCode === 'superseded') return;
    this.emit('error', error);
    this.#input({ t: 'refresh' });
  }

  async #close(reason: string, error?: ReparteeError): Promise<void> {
    if (this.#phase === 'closed') return;
    const wasRunning = this.#phase === 'running';
    this.#phase = 'closed';
    this.#clearTimer?.cancel();
    this.#tools.abortAll();
    if (wasRunning) await this.#agent?.onExit();
    this.#agent?.attach(undefined);
    await Promise.allSettled([this.#model?.close(), this.#transport?.close(reason)]);
    for (const speech of this.#speeches.values()) speech.ended(true);
    this.#speeches.clear();
    this.emit('close', { reason, ...(error === undefined ? {} : { error }) });
  }
}

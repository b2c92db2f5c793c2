import type { ChatContext } from '../chat/index.js';
import {
  type Clock,
  Emitter,
  type Ids,
  type ReparteeError,
  Runner,
  randomIds,
  StateError,
  systemClock,
  type Transport,
} from '../core/index.js';
import { type Dialler, RealtimeModel, type RealtimeSession, type SessionOptions } from '../realtime/index.js';
import type { Agent } from './agent.js';
import { Conversation } from './conversation.js';
import type { AgentEvents } from './events.js';
import { type BareInput, hearModel, hearTransport } from './hearing.js';
import {
  type AgentActivity,
  type AgentEffect,
  type AgentInput,
  type AgentMachineState,
  agentState,
  type UserActivity,
} from './machine/state.js';
import { agentStep } from './machine/step.js';
import { Performer } from './performer.js';
import { SpeechHandle } from './speech-handle.js';

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

/**
 * A call: a transport on one side, a model on the other, an agent in charge. It lasts from `start` until `close`, the
 * transport's end or the model's. Events: `AgentEvents`.
 */
export class AgentSession extends Emitter<AgentEvents> {
  readonly #options: AgentSessionOptions;
  readonly #clock: Clock;
  readonly #ids: Ids;
  readonly #runner: Runner<AgentMachineState, AgentInput, AgentEffect>;
  readonly #conversation: Conversation;
  readonly #tell = <K extends keyof AgentEvents>(name: K, event: AgentEvents[K]) => this.emit(name, event);
  #phase: 'new' | 'starting' | 'running' | 'closed' = 'new';
  #agent: Agent | undefined;
  #transport: Transport | undefined;
  #model: RealtimeSession | undefined;
  #performer: Performer | undefined;

  constructor(options: AgentSessionOptions) {
    super();
    this.#options = options;
    this.#clock = options.clock ?? systemClock();
    this.#ids = options.ids ?? randomIds();
    const { toolReply } = options.llm.capabilities;
    const state = agentState({ interruptible: options.allowInterruptions ?? true, toolReply });
    this.#runner = new Runner(state, agentStep, (effects) => {
      for (const effect of effects) this.#performer?.perform(effect);
    });
    this.#conversation = new Conversation(this.#clock, this.#ids, this.#tell);
  }

  get agentState(): AgentActivity {
    return this.#runner.state.agent;
  }

  get userState(): UserActivity {
    return this.#runner.state.user;
  }

  get isClosed(): boolean {
    return this.#phase === 'closed';
  }

  get currentAgent(): Agent | undefined {
    return this.#agent;
  }

  /** What was said and heard, by both sides, in the order of speaking. */
  get history(): ChatContext {
    return this.#conversation.history;
  }

  /** The model's session, once started: for what only it can do. StateError `not_started` before. */
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
    const model = this.#openModel(agent);
    this.#model = model;
    transport.onClosed((error) => void this.#close(error?.message ?? 'the caller left', error));
    model.on('closed', ({ message }) => void this.#close(message));
    try {
      await Promise.all([transport.start(), model.opened]);
    } catch (thrown) {
      await this.#close('could not start', thrown as ReparteeError);
      throw thrown;
    }
    if (this.isClosed) throw new StateError('closed', 'The session was closed while it started');
    this.#run(agent, transport, model);
    await agent.onEnter();
  }

  /** Asks the agent to speak. Queued behind what it is saying. What goes wrong is an `error` event; the handle then ends. */
  generateReply({ userInput, instructions, toolChoice }: ReplyOptions = {}): SpeechHandle {
    const { model, agent, performer } = this.#running();
    const speech = new SpeechHandle(() => this.interrupt());
    this.emit('speech_created', { speech, source: 'generate_reply' });
    const added = userInput === undefined ? Promise.resolve() : this.#type(model, userInput);
    const asked = model.generateReply({
      ...(instructions === undefined ? {} : { instructions: `${agent.instructions}\n\n${instructions}` }),
      ...(toolChoice === undefined ? {} : { toolChoice }),
    });
    this.#input({ t: 'refresh' });
    Promise.all([asked, added]).then(
      ([{ replyId }]) => {
        speech.begun(replyId);
        if (this.#runner.state.replies[replyId] === undefined) speech.ended(false);
        else performer.speeches.set(replyId, speech);
      },
      (error: ReparteeError) => {
        speech.ended(true);
        if (this.isClosed) return;
        if (error.vendorCode !== 'superseded') this.emit('error', error);
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

  #openModel(agent: Agent): RealtimeSession {
    const { llm, session: options = {} } = this.#options;
    const config = {
      ...options.config,
      instructions: agent.instructions,
      tools: agent.tools.map((tool) => tool.spec),
    };
    const model = RealtimeModel.of(llm).session({ ...options, config, clock: this.#clock, ids: this.#ids });
    hearModel(model, {
      clock: this.#clock,
      conversation: this.#conversation,
      input: (input) => this.#input(input),
      audio: (response, item, part, pcm) => this.#performer?.play(response, item, part, pcm),
      emit: this.#tell,
      isSpoken: (response) => this.#runner.state.responses[response]?.aside !== true,
    });
    return model;
  }

  #run(agent: Agent, transport: Transport, model: RealtimeSession): void {
    const host = {
      clock: this.#clock,
      model,
      conversation: this.#conversation,
      tools: agent.tools,
      emit: this.#tell,
      toolDone: (call: string, output: string, isError: boolean) =>
        this.#input({ t: 'tool_done', call, output, isError }),
      cleared: (playedMs: number, estimated: boolean) => this.#input({ t: 'cleared', playedMs, estimated }),
      written: (response: string, item: string, part: number, durationMs: number) =>
        this.#input({ t: 'audio', response, item, part, durationMs }),
      playedMs: () => this.#runner.state.playout.playedMs,
    };
    this.#performer = new Performer(host, transport.output);
    this.#phase = 'running';
    hearTransport(transport, (input) => this.#input(input));
    const { sampleRateHz } = transport.input;
    transport.input.onAudio((pcm) => {
      if (this.#phase === 'running') model.pushAudio({ pcm, sampleRateHz, channels: 1 });
    });
    this.#input({ t: 'refresh' });
  }

  #running(): { model: RealtimeSession; agent: Agent; performer: Performer } {
    if (this.isClosed) throw new StateError('closed', 'The session is closed');
    const [model, agent, performer] = [this.#model, this.#agent, this.#performer];
    if (model === undefined || agent === undefined || performer === undefined) {
      throw new StateError('not_started', 'The session has not been started');
    }
    return { model, agent, performer };
  }

  async #type(model: RealtimeSession, text: string): Promise<void> {
    const id = this.#ids('item');
    const parts = [{ kind: 'text', text } as const];
    this.#conversation.typed(id, parts);
    await model.addItem({ kind: 'message', id, role: 'user', parts });
  }

  #input(input: BareInput): void {
    if (this.#phase !== 'running') return;
    this.#runner.input({
      ...input,
      atMs: this.#clock.now(),
      replying: this.#model?.isReplying ?? false,
    } as AgentInput);
  }

  async #close(reason: string, error?: ReparteeError): Promise<void> {
    if (this.isClosed) return;
    const wasRunning = this.#phase === 'running';
    this.#phase = 'closed';
    if (wasRunning) await this.#agent?.onExit();
    this.#performer?.close();
    this.#agent?.attach(undefined);
    await Promise.allSettled([this.#model?.close(), this.#transport?.close(reason)]);
    this.emit('close', { reason, ...(error === undefined ? {} : { error }) });
  }
}

import type { Item } from '../chat/index.js';
import {
  type AudioOutput,
  type Clock,
  type Ids,
  type Ms,
  type ReparteeError,
  Runner,
  type Transport,
} from '../core/index.js';
import type { RealtimeSession } from '../realtime/index.js';
import type { Agent } from './agents/agent.js';
import { Cast } from './agents/cast.js';
import type { Engine } from './agents/engines.js';
import { BooksSide, HistorySide } from './call-sides.js';
import { CallerChannels } from './channels/caller-channels.js';
import { Conversation } from './conversation.js';
import type { Evidence } from './ears/evidence.js';
import { Idle } from './ears/idle.js';
import { InputPath } from './ears/input-path.js';
import { Listening } from './ears/listening.js';
import type { AgentEvents } from './events.js';
import { Flow } from './flow.js';
import { type AgentEffect, type AgentInput, type AgentMachineState, agentState } from './machine/state.js';
import { agentStep, isForCaller } from './machine/step.js';
import { MixedOutput } from './mouth/mixed-output.js';
import type { Mouth } from './mouth/mouth.js';
import type { SayOptions, SayText } from './mouth/say-options.js';
import { Speaking } from './mouth/speaking.js';
import type { SpeechHandle } from './mouth/speech-handle.js';
import { Speeches } from './mouth/speeches.js';
import { Performer } from './performer.js';
import { InterruptionPolicy } from './policy/interruption-policy.js';
import type { AgentSession } from './session.js';
import type { BareInput, SessionHost } from './session-host.js';
import { type AgentSessionOptions, policyOf, type ReplyOptions } from './session-options.js';
import { ToolDesk } from './tools/desk.js';
import type { Tool } from './tools/tool.js';
import { Accounts } from './usage/accounts.js';
import type { CallLimits } from './usage/limits/call-limits.js';
import { sessionLimits } from './usage/limits/session-limits.js';
import { CallMeter } from './usage/meter/call-meter.js';
import type { MeterEffect } from './usage/meter/state.js';

/** Whose call it is. */
export interface CallOwner {
  session: AgentSession;
  clock: Clock;
  ids: Ids;
  end(reason: string, error?: ReparteeError): void;
}

/**
 * The parts of a session, wired: the agent's machine in the middle, ears and input path on the one side, mouth and output on
 * the other, and what is shared by all of them. Each part does its own; this is where one hears of the other.
 */
export class Call implements SessionHost {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly events: AgentSession;
  readonly conversation: Conversation;
  readonly speeches: Speeches;
  readonly path: InputPath;
  readonly accounts: Accounts;
  readonly meter: CallMeter;
  readonly cast: Cast;
  readonly speaking: Speaking;
  readonly toolDesk: ToolDesk;
  readonly channels: CallerChannels;
  limits: CallLimits | undefined;
  evidence?: (evidence: Evidence) => void;
  answers?: (turn: string) => boolean | Promise<boolean>;
  modelCut?: (response: string | null) => void;
  #holds: Set<object> | undefined;
  readonly #end: CallOwner['end'];
  readonly #options: AgentSessionOptions;
  readonly #runner: Runner<AgentMachineState, AgentInput, AgentEffect>;
  readonly #flow: Flow;
  readonly #policy: InterruptionPolicy | undefined;
  readonly #listening: Listening;
  readonly #idle: Idle | undefined;
  #transport: Transport | undefined;
  #performer: Performer | undefined;
  #mixer: MixedOutput | undefined;

  constructor(owner: CallOwner, options: AgentSessionOptions) {
    this.#end = owner.end;
    this.#options = options;
    this.clock = owner.clock;
    this.ids = owner.ids;
    this.events = owner.session;
    const { maxToolSteps, userAwayTimeoutMs, idlePrompts } = options;
    const policy = policyOf(options);
    const state = agentState({
      interruptible: (options.allowInterruptions ?? true) && policy === undefined,
      weighsCuts: policy !== undefined,
      ...(maxToolSteps === undefined ? {} : { maxToolSteps }),
    });
    this.meter = new CallMeter(this.clock, this);
    this.events.attach(this.meter);
    this.#flow = new Flow(state);
    this.#runner = new Runner(state, this.meter.watching(agentStep), (effects) => this.#perform(effects));
    this.conversation = new Conversation(this.clock, this.ids, this.events);
    this.speeches = new Speeches(this);
    this.path = new InputPath((frame) => {
      const model = this.cast.models.side?.realtime;
      if (model !== undefined && model.state !== 'closed') model.pushAudio(frame);
    });
    this.accounts = new Accounts(new BooksSide(this, options.prices));
    this.cast = new Cast(this, options);
    if (options.limits !== undefined) this.limits = sessionLimits(options.limits, owner.session, this.clock);
    if (policy !== undefined) this.#policy = new InterruptionPolicy(this, policy);
    this.channels = new CallerChannels(this, options.dtmf);
    this.#listening = new Listening(this, options);
    if (userAwayTimeoutMs !== undefined || idlePrompts !== undefined) {
      this.#idle = new Idle(this, options, (reason) => this.#end(reason));
    }
    this.toolDesk = new ToolDesk(this, options.toolDefaults);
    this.speaking = new Speaking(this, options);
    this.conversation.history.connect(new HistorySide(this));
  }

  get state(): AgentMachineState {
    this.#flow.settle();
    return this.#runner.state;
  }

  get holds(): Set<object> {
    this.#holds ??= new Set();
    return this.#holds;
  }

  get isDeciding(): boolean {
    return this.#runner.isRunning;
  }

  // These are taken out of the host by those who use them: they know whose they are.

  readonly emit = <K extends keyof AgentEvents>(name: K, event: AgentEvents[K]): void => {
    this.events.emit(name, event);
  };

  /** The input is the runner's from here on: it is made whole in place. */
  readonly input = (input: BareInput): void => {
    if (this.events.isClosed) return;
    const whole = input as AgentInput;
    whole.atMs = this.clock.now();
    whole.replying = this.#isReplying;
    this.#flow.stop();
    this.#runner.input(whole);
    this.cast.stepped();
  };

  readonly model = (): RealtimeSession => this.events.realtime;

  engine(): Engine | undefined {
    return this.cast.models.side?.engine;
  }

  listening(): Listening {
    return this.#listening;
  }

  mouth(): Mouth | undefined {
    return this.#performer?.mouth;
  }

  reply(options: ReplyOptions): SpeechHandle {
    return this.speaking.reply(options);
  }

  say(text: SayText, options?: SayOptions): SpeechHandle {
    return this.events.say(text, options);
  }

  sendText(text: string): void {
    this.events.sendText(text);
  }

  /** The meter has something to tell. */
  measured(metrics: MeterEffect): void {
    this.emit('metrics_collected', metrics);
    if (metrics.type === 'turn') this.limits?.answered();
  }

  get isHeld(): boolean {
    return this.#holds !== undefined && this.#holds.size > 0;
  }

  agent(): Agent | undefined {
    return this.cast.current;
  }

  tools(): readonly Tool[] {
    return this.cast.current?.tools ?? [];
  }

  instructions(): string {
    return this.cast.current?.instructions ?? '';
  }

  hasKeypad(): boolean {
    return this.#transport?.dtmf !== undefined;
  }

  play(response: string, item: string, part: number, pcm: Int16Array): void {
    // What is being decided right now may change it.
    const isOpen = this.#runner.isRunning ? isForCaller(this.state, response) : this.#flow.lets(response);
    if (isOpen) this.#performer?.play(response, item, part, pcm);
  }

  /** One input for every frame of the agent's voice: built at once, not spread. */
  written(item: string, part: number, durationMs: Ms): void {
    if (!this.#runner.isRunning && this.#flow.goesOn(item, part, durationMs)) return;
    if (this.events.isClosed) return;
    const atMs = this.clock.now();
    this.#flow.stop();
    this.#runner.input({ t: 'audio', item, part, durationMs, atMs, replying: this.#isReplying });
  }

  modelClosed(message: string, error: ReparteeError | undefined): void {
    this.#end(message, error);
  }

  /** Connects both sides. Resolves when audio may flow; by then the call may be over. */
  async open(transport: Transport, agent: Agent, history: readonly Item[]): Promise<void> {
    this.#transport = transport;
    const opened = this.cast.models.open(agent, history);
    transport.onClosed((error) => this.#end(error?.message ?? 'the caller left', error));
    await Promise.all([this.#openTransport(transport), opened]);
  }

  /** Audio flows on both sides: what is counted is counted from here. */
  begin(): void {
    this.meter.start();
    this.limits?.start();
    this.input({ t: 'refresh' });
    this.channels.begin();
  }

  /** Lets go of both sides, in the order in which they depend on each other. Resolves when nothing is left under way. */
  async close(reason: string): Promise<void> {
    this.channels.close();
    this.limits?.close();
    this.#performer?.close();
    this.#policy?.close();
    this.#mixer?.close();
    this.toolDesk.close();
    const gone = Promise.allSettled([this.cast.close(), this.#transport?.close(reason)]);
    this.#flow.stop();
    this.#runner.input({ t: 'over', atMs: this.clock.now(), replying: false });
    this.#idle?.close();
    this.#listening.close();
    this.conversation.close();
    this.speeches.endAll();
    await gone;
  }

  get #isReplying(): boolean {
    return this.cast.models.side?.realtime.isReplying ?? false;
  }

  #perform(effects: readonly AgentEffect[]): void {
    for (const effect of effects) this.#performer?.perform(effect);
    if (effects.length > 0) this.#performer?.performed();
    this.meter.flush();
  }

  async #openTransport(transport: Transport): Promise<void> {
    await transport.start();
    if (this.events.isClosed) return;
    const base = this.#mixed(transport.output);
    const output = this.#policy?.output(base) ?? base;
    const performer = new Performer(this, output);
    this.#performer = performer;
    output.onPlayback((report) => performer.report(report));
    this.channels.open(transport, this.model);
    this.path.begin(transport.input.sampleRateHz);
    this.#policy?.begin();
    this.#listening.begin();
    transport.input.onAudio((pcm) => this.path.frame(pcm));
  }

  /** With the sounds of `background` beneath it, where there are any. */
  #mixed(output: AudioOutput): AudioOutput {
    const { background } = this.#options;
    if (background === undefined) return output;
    const mixed = new MixedOutput(output, this.clock, background);
    this.events.attach({ agent_state_changed: ({ to }) => mixed.thinks(to === 'thinking') });
    mixed.begin();
    this.#mixer = mixed;
    return mixed;
  }
}

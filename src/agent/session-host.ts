import type { Clock, Emitter, Ids, Ms, ReparteeError } from '../core/index.js';
import type { RealtimeSession } from '../realtime/index.js';
import type { Agent } from './agents/agent.js';
import type { Cast } from './agents/cast.js';
import type { Engine } from './agents/engines.js';
import type { Conversation } from './conversation.js';
import type { Evidence } from './ears/evidence.js';
import type { InputPath } from './ears/input-path.js';
import type { Listening } from './ears/listening.js';
import type { AgentEvents } from './events.js';
import type { AgentInput, AgentMachineState } from './machine/state.js';
import type { Mouth } from './mouth/mouth.js';
import type { SayOptions, SayText } from './mouth/say-options.js';
import type { Speaking } from './mouth/speaking.js';
import type { SpeechHandle } from './mouth/speech-handle.js';
import type { Speeches } from './mouth/speeches.js';
import type { ReplyOptions } from './session-options.js';
import type { ToolDesk } from './tools/desk.js';
import type { Tool } from './tools/tool.js';
import type { Accounts } from './usage/accounts.js';
import type { CallMeter } from './usage/meter/call-meter.js';

/** An input of the agent's machine without what the runner adds. */
export type BareInput = AgentInput extends infer I
  ? I extends AgentInput
    ? Omit<I, 'atMs' | 'replying'>
    : never
  : never;

/** What the parts of a session share: one for all of them. */
export interface SessionHost {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly conversation: Conversation;
  readonly speeches: Speeches;
  readonly speaking: Speaking;
  /** The caller's audio on its way in. */
  readonly path: InputPath;
  /** What is understood of the caller. */
  listening(): Listening;
  /** Whoever uses something that is paid for reports it here. */
  readonly accounts: Accounts;
  /** Measures the call. */
  readonly meter: CallMeter;
  /** Of the machine; to be read. */
  readonly state: AgentMachineState;
  /** The model's session that serves now: ask for it each time, a handoff changes it. StateError `not_started` before there is one. */
  model(): RealtimeSession;
  /** The parts of the engine that serves now; undefined before there is one. */
  engine(): Engine | undefined;
  /** The agents, and the models behind them. */
  readonly cast: Cast;
  readonly toolDesk: ToolDesk;
  /** What speaks beside the model; undefined before the transport has started. */
  mouth(): Mouth | undefined;
  /** Who is in charge. */
  agent(): Agent | undefined;
  /** Those of the agent in charge. */
  instructions(): string;
  /** Those of the agent in charge. */
  tools(): readonly Tool[];
  /** A reply of the model, when its turn has come; as `AgentSession.generateReply`. */
  reply(options: ReplyOptions): SpeechHandle;
  /** Given words, spoken when their turn has come; as `AgentSession.say`. */
  say(text: SayText, options?: SayOptions): SpeechHandle;
  /** What the caller writes; as `AgentSession.sendText`. */
  sendText(text: string): void;
  /** The machine is at work: what it is told now it hears a moment later. */
  readonly isDeciding: boolean;
  input(input: BareInput): void;
  /** What the session tells, for those of its parts that wait for it. */
  readonly events: Pick<Emitter<AgentEvents>, 'on'>;
  /** While anybody is in here, nobody else answers the caller: neither the model to a turn, nor is it told of keys. */
  readonly holds: Set<object>;
  /** Somebody is in `holds`. */
  readonly isHeld: boolean;
  /** The caller's side has keys. False before the start. */
  hasKeypad(): boolean;
  emit<K extends keyof AgentEvents>(name: K, event: AgentEvents[K]): void;
  /** Audio of the model. */
  play(response: string, item: string, part: number, pcm: Int16Array): void;
  /** Audio of a part was written to the far end. */
  written(item: string, part: number, durationMs: Ms): void;
  /** Set by whoever decides about interruptions: what the ears notice, before the machine is told of it. */
  evidence?: (evidence: Evidence) => void;
  /** Set by the same: whether a turn that has ended was one, and is to be answered, where the session asks for replies. */
  answers?: (turn: string) => boolean | Promise<boolean>;
  /** Set by the same: the model has stopped by itself. */
  modelCut?: (response: string | null) => void;
  modelClosed(message: string, error: ReparteeError | undefined): void;
}

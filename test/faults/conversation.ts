import type { Clock } from '../../src/core/index.js';
import type { Dialler, SessionOptions } from '../../src/realtime/index.js';
import { type FaultPlan, FaultProxy, type FaultWire, seededRandom } from '../../src/testing/faults/index.js';
import { FakeClock } from '../../src/testing/index.js';
import { AgentCaller } from './agent-caller.js';
import { Caller } from './caller.js';
import { type Request, storyModel } from './parts.js';
import { Recorder } from './recorder.js';
import type { Story } from './story.js';
import type { Talker } from './talker.js';
import { type ClientOptions, clientModel, earsFor, inputRateHz, MemoryGateway } from './world.js';

/** Everything that a conversation left behind, to be judged. */
export interface ConversationRecord {
  story: Story;
  plan: FaultPlan;
  wire: FaultWire;
  caller: Talker;
  /** The session's links. */
  near: Recorder;
  /** The links of the model behind the gateway. */
  far: Recorder;
  requests: Request[];
  proxy: FaultProxy;
  gateway: MemoryGateway;
  /** The session ended before its story did. */
  endedEarly: boolean;
  pendingTimers: number;
  lastedMs: number;
  trace: string[];
}

/** Long enough for a server to notice that a client has gone. */
const afterwardsMs = 70_000;

/** Plays a story over a wire on which the plan's faults happen. With `traces` it writes down what happens, line by line. */
export async function converse(
  story: Story,
  plan: FaultPlan,
  wire: FaultWire,
  options: { traces?: boolean; by?: By } = {},
): Promise<ConversationRecord> {
  const { random } = Math;
  // Whatever is left to chance anywhere is the same at every replay.
  Math.random = seededRandom(story.seed ^ 0xc1a0).next;
  try {
    return await play({ story, plan, wire, traces: options.traces ?? false }, options.by ?? 'session');
  } finally {
    Math.random = random;
  }
}

/** Who talks: somebody with the engine's session alone, or with an agent in between and a loudspeaker. */
export type By = 'session' | 'agent';

/** Everything that one conversation needs, joined together. */
interface Stage {
  story: Story;
  plan: FaultPlan;
  wire: FaultWire;
  clock: FakeClock;
  near: Recorder;
  far: Recorder;
  requests: Request[];
  proxy: FaultProxy;
  gateway: MemoryGateway;
  /** What the gateway's model is a client of, with the link between them. */
  beyond?: { proxy: FaultProxy; gateway: MemoryGateway };
  trace: string[];
  log: (line: string) => void;
}

export interface StageOptions {
  story: Story;
  plan: FaultPlan;
  wire: FaultWire;
  traces?: boolean;
  session?: SessionOptions;
  /** What stands before the model behind the gateway. */
  wrap?: (model: Dialler, clock: Clock) => Dialler;
  /** Options of the vendor's model. */
  model?: ClientOptions;
  /** The gateway's own model is a client, on this wire, of another gateway with the story's model. */
  through?: FaultWire;
  /** Options of that client. */
  throughModel?: ClientOptions;
}

function stageOf({
  story,
  plan,
  wire,
  traces = false,
  wrap,
  model = {},
  through,
  throughModel,
}: StageOptions): Stage {
  const clock = new FakeClock();
  const trace: string[] = [];
  const log = (line: string) => {
    if (traces) trace.push(`${(clock.now() / 1000).toFixed(3).padStart(8)} ${line}`);
  };
  const requests: Request[] = [];
  const innermost = through ?? wire;
  const resampled = inputRateHz[innermost] !== inputRateHz[wire];
  const inner = storyModel(story, inputRateHz[innermost], (request) => requests.push(request), resampled);
  const told = wrap?.(inner, clock) ?? inner;
  const beyond = through === undefined ? undefined : beyondOf(told, through, clock, story.latencyMs);
  const far = new Recorder(beyond === undefined ? told : clientModel(innermost, beyond.proxy, throughModel));
  const gateway = new MemoryGateway(far, wire, clock);
  const proxy = new FaultProxy(plan, gateway.connect, {
    clock,
    wire,
    latencyMs: story.latencyMs,
    onFault: ({ connection, fault }) => log(`FAULT on connection ${connection}: ${JSON.stringify(fault)}`),
  });
  const near = new Recorder(clientModel(wire, proxy, model));
  const more = beyond === undefined ? {} : { beyond };
  return { story, plan, wire, clock, near, far, requests, proxy, gateway, ...more, trace, log };
}

function beyondOf(model: Dialler, wire: FaultWire, clock: FakeClock, latencyMs: number) {
  const gateway = new MemoryGateway(model, wire, clock, 'beyond_');
  const proxy = new FaultProxy({ seed: 1, faults: [] }, gateway.connect, { clock, wire, latencyMs });
  return { proxy, gateway };
}

/** A stage with a caller on it whom a test leads by the hand. */
export interface OpenStage extends Stage {
  caller: Caller;
}

export function setUp(options: StageOptions): OpenStage {
  const stage = stageOf(options);
  const { story, near, clock, wire, log } = stage;
  const { session = {} } = options;
  return { ...stage, caller: new Caller(story, near, { clock, vad: earsFor(wire), log, session }) };
}

/** Ends it, waits until everybody has noticed, and gives what there is to judge. */
export async function tearDown(stage: Stage, caller: Talker): Promise<ConversationRecord> {
  const { story, plan, wire, clock, near, far, requests, proxy, gateway, trace, log } = stage;
  const endedEarly = caller.ended;
  const lastedMs = clock.now();
  await caller.close();
  await clock.advance(afterwardsMs);
  gateway.close();
  if (stage.beyond !== undefined) {
    // Sessions that waited for their clients let go of their links.
    await clock.advance(afterwardsMs);
    stage.beyond.gateway.close();
  }
  const pendingTimers = clock.pending;
  log(`over: ${pendingTimers} timers`);
  const left = { endedEarly, pendingTimers, lastedMs };
  return { story, plan, wire, caller, near, far, requests, proxy, gateway, trace, ...left };
}

async function play(options: StageOptions, by: By): Promise<ConversationRecord> {
  const stage = stageOf(options);
  const { story, near, clock, wire, log } = stage;
  const vad = earsFor(wire);
  const caller =
    by === 'session'
      ? new Caller(story, near, { clock, vad, log })
      : new AgentCaller(story, near, { clock, vad, log });
  await caller.run();
  return tearDown(stage, caller);
}

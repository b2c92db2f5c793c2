import type { Clock } from '../../src/core/index.js';
import type { Dialler, SessionOptions } from '../../src/realtime/index.js';
import { type FaultPlan, FaultProxy, type FaultWire, seededRandom } from '../../src/testing/faults/index.js';
import { FakeClock } from '../../src/testing/index.js';
import { Caller } from './caller.js';
import { type Request, storyModel } from './parts.js';
import { Recorder } from './recorder.js';
import type { Story } from './story.js';
import { type ClientOptions, clientModel, earsFor, inputRateHz, MemoryGateway } from './world.js';

/** Everything that a conversation left behind, to be judged. */
export interface ConversationRecord {
  story: Story;
  plan: FaultPlan;
  wire: FaultWire;
  caller: Caller;
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
  traces = false,
): Promise<ConversationRecord> {
  const { random } = Math;
  // Whatever is left to chance anywhere is the same at every replay.
  Math.random = seededRandom(story.seed ^ 0xc1a0).next;
  try {
    return await play(story, plan, wire, traces);
  } finally {
    Math.random = random;
  }
}

/** Everything that one conversation needs, joined together and open. */
export interface Stage {
  clock: FakeClock;
  caller: Caller;
  near: Recorder;
  far: Recorder;
  requests: Request[];
  proxy: FaultProxy;
  gateway: MemoryGateway;
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
}

export function setUp({
  story,
  plan,
  wire,
  traces = false,
  session = {},
  wrap,
  model = {},
}: StageOptions): Stage {
  const clock = new FakeClock();
  const trace: string[] = [];
  const log = (line: string) => {
    if (traces) trace.push(`${(clock.now() / 1000).toFixed(3).padStart(8)} ${line}`);
  };
  const requests: Request[] = [];
  const inner = storyModel(story, inputRateHz[wire], (request) => requests.push(request));
  const far = new Recorder(wrap?.(inner, clock) ?? inner);
  const gateway = new MemoryGateway(far, wire, clock);
  const proxy = new FaultProxy(plan, gateway.connect, {
    clock,
    wire,
    latencyMs: story.latencyMs,
    onFault: ({ connection, fault }) => log(`FAULT on connection ${connection}: ${JSON.stringify(fault)}`),
  });
  const near = new Recorder(clientModel(wire, proxy, model));
  const caller = new Caller(story, near, { clock, vad: earsFor(wire), log, session });
  return { clock, caller, near, far, requests, proxy, gateway, trace, log };
}

/** Ends it, and waits until everybody has noticed. Resolves with the number of timers that are left. */
export async function tearDown({ clock, caller, gateway, log }: Stage): Promise<number> {
  await caller.close();
  await clock.advance(afterwardsMs);
  gateway.close();
  log(`over: ${clock.pending} timers`);
  return clock.pending;
}

async function play(
  story: Story,
  plan: FaultPlan,
  wire: FaultWire,
  traces: boolean,
): Promise<ConversationRecord> {
  const set = setUp({ story, plan, wire, traces });
  const { clock, caller, near, far, requests, proxy, gateway, trace } = set;
  await caller.run();
  const endedEarly = caller.ended;
  const lastedMs = clock.now();
  const pendingTimers = await tearDown(set);
  return {
    story,
    plan,
    wire,
    caller,
    near,
    far,
    requests,
    proxy,
    gateway,
    endedEarly,
    pendingTimers,
    lastedMs,
    trace,
  };
}

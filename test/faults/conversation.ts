import { type FaultPlan, FaultProxy, type FaultWire, seededRandom } from '../../src/testing/faults/index.js';
import { FakeClock } from '../../src/testing/index.js';
import { Caller } from './caller.js';
import { type Request, storyModel } from './parts.js';
import { Recorder } from './recorder.js';
import type { Story } from './story.js';
import { clientModel, earsFor, inputRateHz, MemoryGateway } from './world.js';

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

async function play(
  story: Story,
  plan: FaultPlan,
  wire: FaultWire,
  traces: boolean,
): Promise<ConversationRecord> {
  const clock = new FakeClock();
  const trace: string[] = [];
  const log = (line: string) => {
    if (traces) trace.push(`${(clock.now() / 1000).toFixed(3).padStart(8)} ${line}`);
  };
  const requests: Request[] = [];
  const far = new Recorder(storyModel(story, inputRateHz[wire], (request) => requests.push(request)));
  const gateway = new MemoryGateway(far, wire, clock);
  const proxy = new FaultProxy(plan, gateway.connect, {
    clock,
    wire,
    latencyMs: story.latencyMs,
    onFault: ({ connection, fault }) => log(`FAULT on connection ${connection}: ${JSON.stringify(fault)}`),
  });
  const near = new Recorder(clientModel(wire, proxy, 2_000));
  const caller = new Caller(story, near, { clock, vad: earsFor(wire), log });
  await caller.run();
  const endedEarly = caller.ended;
  await caller.close();
  const lastedMs = clock.now();
  await clock.advance(afterwardsMs);
  gateway.close();
  log(`over: ${clock.pending} timers`);
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
    pendingTimers: clock.pending,
    lastedMs,
    trace,
  };
}

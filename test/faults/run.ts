import {
  describePlan,
  type FaultPlan,
  type FaultPlanOptions,
  type FaultWire,
  faultPlan,
} from '../../src/testing/faults/index.js';
import { type By, type ConversationRecord, converse } from './conversation.js';
import { breachesOf } from './judge.js';
import { storyOf } from './story.js';

export interface RunOptions {
  wire: FaultWire;
  seed: number;
  /** Faults in the plan; 0: a good day. Default 6. */
  faults?: number;
  /** Played again under a fuller plan while fewer than so many of them have happened. Default 0. */
  atLeast?: number;
  turns?: number;
  /** Default: the engine's session alone. */
  by?: By;
  /** Kinds of faults. Default: all. */
  kinds?: FaultPlanOptions['kinds'];
}

export interface Verdict {
  wire: FaultWire;
  seed: number;
  plan: FaultPlan;
  breaches: string[];
  /** Kinds of faults that happened. */
  fired: string[];
  connections: number;
  lastedMs: number;
  record: ConversationRecord;
}

/** About how long a conversation of 20 turns takes, of its own time. */
const msPerTurn = 3_500;

/** Plays and judges the conversation of one seed. A throw is a breach like any other. */
export async function judged(options: RunOptions, traces = false): Promise<Verdict> {
  const { faults = 6, atLeast = 0 } = options;
  const verdict = await judgedOnce(options, traces);
  const isSpared = verdict.fired.length < atLeast && faults < atLeast * 5;
  return isSpared && verdict.breaches.length === 0
    ? judged({ ...options, faults: faults + atLeast }, traces)
    : verdict;
}

async function judgedOnce(options: RunOptions, traces: boolean): Promise<Verdict> {
  const { wire, seed, faults = 6, turns = 20, kinds, by = 'session' } = options;
  const story = storyOf(seed, turns);
  const plan =
    faults === 0
      ? { seed, faults: [] }
      : faultPlan(seed, {
          wire,
          count: faults,
          overMs: turns * msPerTurn * 0.8,
          ...(kinds === undefined ? {} : { kinds }),
        });
  const record = await converse(story, plan, wire, { traces, by });
  const fired = record.proxy.fired.map(({ fault }) => fault.t);
  const { connections } = record.proxy;
  return {
    wire,
    seed,
    plan,
    breaches: breachesOf(record),
    fired,
    connections,
    lastedMs: record.lastedMs,
    record,
  };
}

/** What to tell somebody who shall look into it. */
export async function reportOf(verdict: Verdict, options: RunOptions): Promise<string> {
  const again = await judged(options, true);
  const { wire, seed } = verdict;
  const { kinds, by } = options;
  const { length } = verdict.plan.faults;
  const args = [`--wire ${wire} --only ${seed} --faults ${length}`];
  if (kinds !== undefined) args.push(`--kinds ${kinds.join(',')}`);
  if (by === 'agent') args.push('--agent');
  return [
    `conversation ${seed} on the wire of ${wire}:`,
    ...verdict.breaches.map((breach) => `  - ${breach}`),
    `replay: npm run faults -- ${args.join(' ')}`,
    describePlan(verdict.plan),
    'trace:',
    ...again.record.trace.map((line) => `  ${line.slice(0, 240)}`),
  ].join('\n');
}

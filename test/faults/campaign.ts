import { expect, test } from 'vitest';
import type { FaultWire } from '../../src/testing/faults/index.js';
import { judged, type RunOptions, reportOf } from './run.js';
import { Table } from './table.js';

export interface Campaign extends Omit<RunOptions, 'seed'> {
  title: string;
  firstSeed?: number;
  conversations: number;
  /** The report of the first conversation, whether or not something was wrong with it. */
  always?: boolean;
}

/** Conversations of one seed after the other; fails with their table and a report of the first in which something was wrong. */
export async function play({ title, firstSeed = 1, conversations, always = false, ...options }: Campaign) {
  const table = new Table(`${title}, ${options.wire}`, options.atLeast ?? 0);
  let report = '';
  for (let seed = firstSeed; seed < firstSeed + conversations; seed++) {
    const verdict = await judged({ ...options, seed });
    table.add(verdict);
    if (report === '' && (verdict.breaches.length > 0 || always)) {
      report = await reportOf(verdict, { ...options, seed });
    }
  }
  if (table.failed.length > 0) expect.fail(`${table}\n${report}`);
  return { table, report };
}

/** How many conversations of each kind. */
export interface DayCounts {
  good: number;
  slow: number;
  goodWithAgent: number;
  slowWithAgent: number;
  bad: number;
}

/** Faults that end no connection. */
const harmless = ['delay', 'trickle', 'duplicate', 'reorder', 'inject'] as const;
const slowDay = { faults: 10, kinds: harmless };
export const badDay = { faults: 10, atLeast: 5 };

/** Tests of every kind of day on a wire. What a conversation promises is in `breachesOf`; what happens in one, in `storyOf`. */
export function everyDay(
  wire: FaultWire,
  counts: DayCounts,
  { timeoutMs, tell = () => {} }: { timeoutMs: number; tell?: (table: string) => void },
): void {
  test(
    'on a good day',
    async () => {
      await play({ title: 'good days', conversations: counts.good, wire, faults: 0 });
    },
    timeoutMs,
  );

  test(
    'over a network that delays and trickles, of a server that repeats itself and says odd things',
    async () => {
      await play({ title: 'slow days', conversations: counts.slow, wire, ...slowDay });
    },
    timeoutMs,
  );

  test(
    'with an agent and its loudspeaker in between, on a good day and on a slow one',
    async () => {
      const byAgent = { wire, by: 'agent' } as const;
      await play({
        title: 'good days with an agent',
        conversations: counts.goodWithAgent,
        ...byAgent,
        faults: 0,
      });
      await play({
        title: 'slow days with an agent',
        conversations: counts.slowWithAgent,
        ...byAgent,
        ...slowDay,
      });
    },
    timeoutMs,
  );

  test(
    'over links that break',
    async () => {
      const { table } = await play({ title: 'bad days', conversations: counts.bad, wire, ...badDay });
      tell(String(table));
    },
    timeoutMs,
  );
}

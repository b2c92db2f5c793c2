import { describe, test } from 'vitest';
import type { FaultWire } from '../../src/testing/faults/index.js';
import { badDay, everyDay, play } from './campaign.js';
import type { RunOptions } from './run.js';

/** What `npm run faults` asks for; else a few of each kind: many are in test/long. */
const {
  FAULTS_CONVERSATIONS,
  FAULTS_SEED = '1',
  FAULTS_WIRE,
  FAULTS_ONLY,
  FAULTS_PER,
  FAULTS_BY,
  FAULTS_KINDS,
} = process.env;
const wires = (['openai', 'gemini'] as const).filter((wire) => wire === (FAULTS_WIRE ?? wire));
const isAsked = FAULTS_CONVERSATIONS !== undefined || FAULTS_ONLY !== undefined;
/** Whole runs take minutes. */
const askedTimeoutMs = 3_600_000;

describe.each<FaultWire>(wires)('any conversation on the wire of %s keeps its promises', (wire) => {
  if (!isAsked) {
    return everyDay(
      wire,
      { good: 3, slow: 4, goodWithAgent: 2, slowWithAgent: 3, bad: 6 },
      { timeoutMs: 60_000 },
    );
  }
  test(
    'as many as were asked for',
    async () => {
      const kinds = FAULTS_KINDS?.split(',') as RunOptions['kinds'];
      const { table, report } = await play({
        ...badDay,
        title: 'bad days',
        firstSeed: Number(FAULTS_ONLY ?? FAULTS_SEED),
        conversations: Number(FAULTS_CONVERSATIONS ?? 1),
        always: FAULTS_ONLY !== undefined,
        wire,
        faults: Number(FAULTS_PER ?? badDay.faults),
        by: FAULTS_BY === 'agent' ? 'agent' : 'session',
        ...(kinds && { kinds }),
      });
      console.log(`${table}\n${report}`);
    },
    askedTimeoutMs,
  );
});

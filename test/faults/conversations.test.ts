import { describe, expect, test } from 'vitest';
import type { FaultWire } from '../../src/testing/faults/index.js';
import type { By } from './conversation.js';
import { judged, type RunOptions, reportOf } from './run.js';
import { Table } from './table.js';

/** What `npm run faults` asks for; else as many as fit into a run of all tests. */
const {
  FAULTS_CONVERSATIONS,
  FAULTS_SEED = '1',
  FAULTS_WIRE,
  FAULTS_ONLY,
  FAULTS_PER,
  FAULTS_BY,
  FAULTS_KINDS,
} = process.env;
const by: By = FAULTS_BY === 'agent' ? 'agent' : 'session';
const firstSeed = Number(FAULTS_ONLY ?? FAULTS_SEED);
const wires = (['openai', 'gemini'] as const).filter((wire) => wire === (FAULTS_WIRE ?? wire));
/** Faults that end no connection. */
const harmless = ['delay', 'trickle', 'duplicate', 'reorder', 'inject'] as const;
/** Conversations over links that break, in a run of all tests. */
const badDays = 30;
/** Whole runs take minutes. */
const timeoutMs = 3_600_000;

const isAsked = FAULTS_CONVERSATIONS !== undefined || FAULTS_ONLY !== undefined;

type Register = (name: string, run: () => Promise<void>, timeoutMs: number) => void;
/** What is not asked for is not there, and so not skipped. */
const plain: Register = isAsked ? () => {} : test;

async function play(title: string, count: number, wanted: number, options: Omit<RunOptions, 'seed'>) {
  const table = new Table(`${title}, ${options.wire}`, wanted);
  let report = '';
  for (let seed = firstSeed; seed < firstSeed + count; seed++) {
    const verdict = await judged({ ...options, seed });
    table.add(verdict);
    if (report === '' && (verdict.breaches.length > 0 || FAULTS_ONLY !== undefined)) {
      report = await reportOf(verdict, { ...options, seed });
    }
  }
  if (isAsked) console.log(String(table));
  if (FAULTS_ONLY !== undefined) console.log(report);
  if (table.failed.length > 0) expect.fail(`${table}\n${report}`);
}

/** What a conversation promises is in `breachesOf`; what happens in one, in `storyOf`. */
describe.each<FaultWire>(wires)('any conversation on the wire of %s keeps its promises', (wire) => {
  plain('on a good day', () => play('good days', 15, 0, { wire, faults: 0 }), timeoutMs);

  plain(
    'over a network that delays and trickles, of a server that repeats itself and says odd things',
    () =>
      play('slow days', 25, 0, {
        wire,
        faults: 10,
        kinds: harmless,
      }),
    timeoutMs,
  );

  plain(
    'with an agent and its loudspeaker in between, on a good day and on a slow one',
    async () => {
      await play('good days with an agent', 10, 0, { wire, faults: 0, by: 'agent' });
      await play('slow days with an agent', 15, 0, { wire, faults: 10, kinds: harmless, by: 'agent' });
    },
    timeoutMs,
  );

  test(
    'over links that break',
    () => {
      const kinds = FAULTS_KINDS?.split(',') as RunOptions['kinds'];
      const options = { wire, faults: Number(FAULTS_PER ?? 10), atLeast: 5, by, ...(kinds && { kinds }) };
      return play('bad days', Number(FAULTS_CONVERSATIONS ?? (isAsked ? 1 : badDays)), 5, options);
    },
    timeoutMs,
  );
});

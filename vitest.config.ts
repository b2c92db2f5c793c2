import { defineConfig } from 'vitest/config';
import { LongestFirst } from './test/longest-first.js';

/** These talk in real time and measure latency: nothing else may run beside them. */
const spoken = ['test/e2e/{clinic,barge-in}.test.ts'];
/** These put another clock in the place of the process's own: no other file may share their modules. */
const ownClock = ['test/core/timer-wheel.test.ts'];
/** These take minutes: `npm run check` runs them, `npm test` does not. */
const long = ['test/long/**/*.test.ts'];
/** Of these the ones that measure latency. */
const longSpoken = ['test/long/e2e/barge-in.test.ts'];

const longProjects = [
  {
    extends: true as const,
    test: {
      name: 'long',
      include: long,
      exclude: longSpoken,
      testTimeout: 900_000,
      maxWorkers: 2,
      sequence: { groupOrder: 2 },
    },
  },
  {
    extends: true as const,
    test: { name: 'long, spoken', include: longSpoken, maxWorkers: 1, sequence: { groupOrder: 3 } },
  },
];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'forks',
    reporters: ['default'],
    setupFiles: ['test/setup.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: [...spoken, ...ownClock, ...long],
          // One more than the cores: some wait for a browser or a program. One loading of the modules for all files of a worker.
          maxWorkers: 3,
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'own clock', include: ownClock, maxWorkers: 3, sequence: { groupOrder: 0 } },
      },
      ...(process.env.REPARTEE_LONG === '1' ? longProjects : []),
      {
        extends: true,
        test: { name: 'spoken', include: spoken, maxWorkers: 1, isolate: false, sequence: { groupOrder: 1 } },
      },
    ],
  },
});

import { defineConfig } from 'vitest/config';

/** These talk in real time and measure latency: nothing else may run beside them. */
const spoken = ['test/e2e/!(dialogues).test.ts', 'test/browser/**/*.test.ts'];

export default defineConfig({
  test: {
    testTimeout: 20_000,
    hookTimeout: 60_000,
    pool: 'forks',
    reporters: ['default'],
    setupFiles: ['test/setup.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: spoken,
          // Two cores: three workers would only take turns.
          maxWorkers: 2,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: { name: 'spoken', include: spoken, maxWorkers: 1, sequence: { groupOrder: 1 } },
      },
    ],
  },
});

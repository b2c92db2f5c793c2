import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Two cores: three workers would only take turns.
    maxWorkers: 2,
    pool: 'forks',
    reporters: ['default'],
  },
});

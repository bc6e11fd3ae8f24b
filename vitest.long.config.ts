import { defineConfig } from 'vitest/config';
import short from './vitest.config.js';

/** The long proofs, which `npm test` has in a short form: every fault, way and thread. */
export default defineConfig({
  ...short,
  test: {
    ...short.test,
    include: ['test/**/*.long-spec.ts'],
    // One file at a time: most of them run several processes at once, and bound how long those take.
    maxWorkers: 1,
    testTimeout: 120_000,
  },
});

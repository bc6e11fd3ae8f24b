import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { tsconfigPaths: true },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: [
      'libs/*/src/**/*.spec.ts',
      'apps/*/src/**/*.spec.ts',
      'apps/viewer/page/src/**/*.spec.{ts,tsx}',
      'tools/**/*.spec.ts',
      'test/**/*.spec.ts',
      'test/**/*.e2e-spec.ts',
    ],
    globalSetup: ['test/viewer/page/support/install-chromium.ts'],
    // What is in there is run by other runners, on the packed tarball.
    exclude: ['**/node_modules/**', 'test/packages/**'],
    // The built package runs as it is, as in an application, and imports the files of tasks itself.
    server: { deps: { external: [/\/libs\/tracing\/dist\//, /\/fixtures\/[\w-]+\.task\.mjs$/] } },
    // Most files wait for processes and sockets: two at a time pay on two processors as well.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Memory and time are measured on whatever machine CI has; what is broken fails each time.
    retry: process.env['CI'] === undefined ? 0 : 2,
  },
});

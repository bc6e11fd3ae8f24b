import { describe, expect, it } from 'vitest';
import { workerEnvironment, workerFlags } from './worker-environment.js';

describe('what a worker starts with', () => {
  it.each([
    [['--import', './otel.mjs', '--require=./otel.cjs', '-r', 'dd-trace/init'], []],
    [
      ['--import', 'tsx', '--import', './otel.mjs'],
      ['--import', 'tsx'],
    ],
    [
      ['--import=file:///app/node_modules/tsx/dist/loader.mjs'],
      ['--import', 'file:///app/node_modules/tsx/dist/loader.mjs'],
    ],
    [
      ['-r', 'ts-node/register', '--loader', '@swc-node/register/esm'],
      ['-r', 'ts-node/register', '--loader', '@swc-node/register/esm'],
    ],
    [
      ['--enable-source-maps', '--conditions=development'],
      ['--enable-source-maps', '--conditions=development'],
    ],
    [['--inspect=9229', '--watch', '--max-old-space-size=64', '--test'], []],
    [['--import', './not-tsx.mjs', '--import'], []],
  ])('W16 W17 flags %j become %j', (given, kept) => {
    expect(workerFlags(given)).toEqual(kept);
  });

  it('W16 NODE_OPTIONS loses its preloads and keeps the rest', () => {
    const NODE_OPTIONS = '--import ./otel.mjs  --max-old-space-size=64 --import=tsx -r a.cjs';
    expect(workerEnvironment({ HOME: '/', NODE_OPTIONS })).toEqual({
      HOME: '/',
      NODE_OPTIONS: '--max-old-space-size=64 --import tsx',
    });
    expect(workerEnvironment({ HOME: '/' })).toEqual({ HOME: '/' });
  });
});

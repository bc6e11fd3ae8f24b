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
      ['--import=file:///app/node_modules/tsx/dist/loader.mjs'],
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
    [
      ['-r', 'tsconfig-paths/register', '-r', 'esbuild-register', '-r', '@babel/register'],
      ['-r', 'tsconfig-paths/register', '-r', 'esbuild-register', '-r', '@babel/register'],
    ],
    [
      ['--require', '/app/.pnp.cjs', '--loader', '/app/.pnp.loader.mjs'],
      ['--require', '/app/.pnp.cjs', '--loader', '/app/.pnp.loader.mjs'],
    ],
    [
      ['--conditions', 'development', '-C', 'test', '--title', 'app', '--no-warnings'],
      ['--conditions', 'development', '-C', 'test', '--no-warnings'],
    ],
  ])('W16 W17 flags %j become %j', (given, kept) => {
    expect(workerFlags(given)).toEqual(kept);
  });

  it('W16 NODE_OPTIONS loses its preloads and keeps the rest', () => {
    const NODE_OPTIONS = '--import ./otel.mjs  --max-old-space-size=64 --import=tsx -r a.cjs';
    expect(workerEnvironment({ HOME: '/', NODE_OPTIONS })).toEqual({
      HOME: '/',
      NODE_OPTIONS: '--max-old-space-size=64 --import=tsx',
    });
    expect(workerEnvironment({ HOME: '/' })).toEqual({ HOME: '/' });
  });

  it('W16 NODE_OPTIONS without a preload stays as it is', () => {
    const environment = { NODE_OPTIONS: '--title=app  --openssl-legacy-provider' };
    expect(workerEnvironment(environment)).toEqual(environment);
  });

  it.each([
    ['--import ./otel.mjs --openssl-legacy-provider --title=app --no-warnings', '--no-warnings'],
    ['--import "./my otel.mjs" --require="./my \\"other\\".cjs" --no-warnings', '--no-warnings'],
    ['-r ./otel.cjs --conditions "dev" -r "tsx"', '--conditions "dev" -r "tsx"'],
  ])('W16 NODE_OPTIONS %j become what a worker starts with, %j', (NODE_OPTIONS, kept) => {
    expect(workerEnvironment({ NODE_OPTIONS })).toEqual({ NODE_OPTIONS: kept });
  });
});

import { expect, it } from 'vitest';
import { lacksEnvProxy, proxyEnvironment } from './proxy-environment.js';

const env = { HTTP_PROXY: 'http://p:1', no_proxy: 'x', OTHER: 'y' };
const proxies = { HTTP_PROXY: 'http://p:1', no_proxy: 'x' };

it('proxies of the environment are used where Node is told to, and only there', () => {
  expect(proxyEnvironment({ env, execArgv: [] })).toBeUndefined();
  const told = [
    { env: { ...env, NODE_USE_ENV_PROXY: '1' }, execArgv: [] },
    { env: { ...env, NODE_OPTIONS: '--a --use-env-proxy' }, execArgv: [] },
    { env, execArgv: ['--use-env-proxy'] },
  ];
  for (const process of told) expect(proxyEnvironment(process)).toEqual(proxies);
});

it('a Node that has none of it is told apart, where they are wanted', () => {
  const old = { allowedNodeEnvironmentFlags: new Set<string>(), execArgv: [] };
  expect(lacksEnvProxy({ ...old, env })).toBe(false);
  expect(lacksEnvProxy({ ...old, env: { NODE_USE_ENV_PROXY: '1' } })).toBe(true);
  const allowedNodeEnvironmentFlags = new Set(['--use-env-proxy']);
  const wants = { env: { NODE_USE_ENV_PROXY: '1' }, execArgv: [], allowedNodeEnvironmentFlags };
  expect(lacksEnvProxy(wants)).toBe(false);
});

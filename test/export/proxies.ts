import { afterEach, describe, expect, it, vi } from 'vitest';
import { runToItsEnd } from '../support/ending-process.js';
import { FaultCollector } from '../support/fault-collector.js';
import { ForwardProxy } from '../support/forward-proxy.js';

let collector: FaultCollector;
let proxy: ForwardProxy;

async function start(protocol: 'grpc' | 'http'): Promise<void> {
  collector = await FaultCollector.start({ protocol });
  proxy = await ForwardProxy.start(Number(new URL(collector.url).port));
}

/** Runs a service that ends 100 spans, with these variables, and a collector that only the proxy knows. */
function run(
  protocol: 'grpc' | 'http',
  exportThread: 'worker' | 'main',
  env: Readonly<Record<string, string>>,
  endpoint = 'http://collector.invalid:4318',
) {
  const exporter = `otlp-${protocol}` as const;
  const options = { exporter, exportThread, exitTimeoutMillis: 5000 };
  return runToItsEnd({ way: 'close', endpoint, options, env });
}

/** Runs services that reach their collector by a proxy, or around it, from one thread; or one of them. */
export function describeProxies(thread: 'worker' | 'main', extent: 'all' | 'one'): void {
  vi.setConfig({ testTimeout: 60_000 });
  describe(`a proxy of the environment, from the ${thread} thread`, () => {
    afterEach(async () => {
      await proxy.close();
      await collector.close();
    });

    it('E12 is used over HTTP where Node uses it', async () => {
      await start('http');
      await run('http', thread, { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy.url });
      expect(collector.received).toBe(100);
      expect(proxy.asked[0]).toBe('http://collector.invalid:4318/v1/traces');
    });
    if (extent === 'one') return;

    it('E12 is used with the flag instead of the variable', async () => {
      await start('http');
      const env = { NODE_OPTIONS: '--use-env-proxy', http_proxy: proxy.url };
      await run('http', thread, env);
      expect(collector.received).toBe(100);
    });

    it('E12 is not used for hosts of NO_PROXY, nor without Node being told to', async () => {
      await start('http');
      const told = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxy.url, NO_PROXY: 'localhost' };
      await run('http', thread, told, collector.url);
      await run('http', thread, { HTTP_PROXY: proxy.url }, collector.url);
      expect(collector.received).toBe(200);
      expect(proxy.asked).toEqual([]);
    });

    it('E12 is used over gRPC by the variables of gRPC, with the hosts that they except', async () => {
      await start('grpc');
      await run('grpc', thread, { grpc_proxy: proxy.url });
      expect(collector.received).toBe(100);
      expect(new Set(proxy.asked)).toEqual(new Set(['collector.invalid:4318']));
      await run('grpc', thread, { https_proxy: proxy.url, no_proxy: 'localhost' }, collector.url);
      expect(collector.received).toBe(200);
      expect(proxy.asked).not.toContain(new URL(collector.url).host);
    });

    it('E12 a sign in its credentials that encodes nothing stands for itself', async () => {
      await start('grpc');
      await run('grpc', thread, { grpc_proxy: proxy.url.replace('//', '//us3r:50%@') });
      expect(collector.received).toBe(100);
    });

    it('E12 credentials of a proxy are not shown', async () => {
      await start('http');
      const secret = proxy.url.replace('//', '//us3r:p4ssw0rd@');
      await proxy.close();
      const { output } = await run('http', thread, { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: secret });
      expect(output).toContain('100 spans are lost');
      expect(output).not.toMatch(/p4ssw0rd|us3r/);
      proxy = await ForwardProxy.start(1);
    });
  });
}

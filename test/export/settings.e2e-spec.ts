import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { TracingModuleOptions } from 'nestjs-tracing';
import { setEnvironment } from '../support/environment.js';
import { FaultCollector } from '../support/fault-collector.js';
import { OtlpCollector } from '../support/otlp-collector.js';
import { TracingApp, figure } from '../support/tracing-app.js';
import { useExportSuite } from './export-suite.js';

const suite = useExportSuite();

describe('wrong settings', () => {
  const wrong: [string, () => TracingModuleOptions, RegExp][] = [
    [
      'a file that is not there',
      () => ({ tls: { certificate: '/nowhere.pem' } }),
      /^tls\.certificate: cannot read "\/nowhere\.pem" \(ENOENT\)/,
    ],
    [
      'a file that is no PEM',
      () => ({ tls: { certificate: import.meta.filename } }),
      /^tls\.certificate: .*PEM/,
    ],
    [
      'a key without its certificate',
      () => ({ tls: { clientKey: suite.certificates.path('client.key') } }),
      /^tls\.clientKey: it needs its pair/,
    ],
    [
      'an unknown TLS setting',
      () => ({ tls: { ca: 'x' } }) as TracingModuleOptions,
      /^tls\.ca: there is no such option/,
    ],
    [
      'an unknown thread',
      () => ({ exportThread: 'both' }) as unknown as TracingModuleOptions,
      /^exportThread: write "worker" or "main"/,
    ],
    [
      'a negative exit time',
      () => ({ exitTimeoutMillis: -1 }),
      /^exitTimeoutMillis: write a number/,
    ],
  ];
  for (const [name, options, answer] of wrong) {
    it(`R17 E11 fail at the start with the option's name: ${name}`, async () => {
      suite.collector = await FaultCollector.start();
      suite.app = await TracingApp.start({});
      await expect(TracingApp.start({ ...options(), strict: true })).rejects.toThrow(answer);
    });
  }

  it('R17 E11 may be variables', async () => {
    suite.collector = await FaultCollector.start();
    suite.restore = setEnvironment({ OTEL_EXPORTER_OTLP_CERTIFICATE: '/nowhere.pem' });
    suite.app = await TracingApp.start({});
    expect(suite.app.lines.join()).toMatch(/OTEL_EXPORTER_OTLP_CERTIFICATE: cannot read/);
  });
});

it('R18 a second application of the process says once that it joins the first', async () => {
  suite.collector = await FaultCollector.start();
  suite.app = await TracingApp.start({ endpoint: suite.collector.url });
  const second = await TracingApp.start({ endpoint: 'http://localhost:1' });
  second.end(1);
  await second.tracing.flush();
  figure(`R18 ${second.lines.length} line: ${second.lines.join()}`);
  expect(second.lines).toEqual([expect.stringMatching(/set up twice.*no effect: endpoint/)]);
  expect(suite.collector.received).toBe(1);
  await second.close();
});

it('E1 a receiver that is not ours reads every span', async () => {
  suite.collector = await FaultCollector.start();
  const independent = await OtlpCollector.start();
  suite.app = await TracingApp.start({ endpoint: independent.url });
  suite.app.end(1000);
  await suite.app.tracing.flush();
  await sleep(50);
  expect(independent.spans).toHaveLength(1000);
  await independent.close();
});

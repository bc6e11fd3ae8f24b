import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bound } from '../support/bound.js';
import { runToItsEnd } from '../support/ending-process.js';
import { FaultCollector } from '../support/fault-collector.js';
import { OtlpCollector } from '../support/otlp-collector.js';
import { figure } from '../support/tracing-app.js';

vi.setConfig({ testTimeout: 60_000 });

let collector: OtlpCollector;
beforeEach(async () => {
  collector = await OtlpCollector.start();
});
afterEach(() => collector.close());

describe('an export on the main thread', () => {
  it('R9 E5 costs an exit no more than twice exitTimeoutMillis where the collector never answers', async () => {
    const hole = await FaultCollector.start();
    hole.answer = () => ({ hangs: true });
    const options = { exportThread: 'main', exitTimeoutMillis: 300 } as const;
    const plan = { way: 'exit', endpoint: hole.url, options };
    const { code, output, millis } = await runToItsEnd(plan);
    figure(`R9 main, a collector that never answers: ${millis.toFixed()} ms, code ${code}`);
    expect(code).toBe(3);
    expect(millis).toBeLessThan(bound(600 + 500));
    expect(output).toMatch(/100 spans lost: the process ended/);
    await hole.close();
  });
});

it('R10 sends the spans that are still open at the exit, marked', async () => {
  const ending = await runToItsEnd({ way: 'open', endpoint: collector.url });
  const open = ['outer', 'inner'].flatMap((name) => collector.named(name));
  figure(`R10 ${open.length} of 2 open spans arrived, beside ${collector.named('span').length}`);
  expect(ending.code).toBe(3);
  expect(collector.named('span')).toHaveLength(100);
  expect(open).toHaveLength(2);
  for (const { attributes, status } of open) {
    expect(attributes['exit.reason']).toBe('process exit');
    expect(status?.code).toMatch(/ERROR/);
  }
});

describe('a collector that is away at the exit', () => {
  it('R9 costs an exit no more than exitTimeoutMillis, and the loss is said', async () => {
    const hole = await FaultCollector.start();
    hole.answer = () => ({ hangs: true });
    const options = { exitTimeoutMillis: 300 };
    const { code, output, millis } = await runToItsEnd({
      way: 'exit',
      endpoint: hole.url,
      options,
    });
    figure(`R9 exit with a collector that never answers: ${millis.toFixed()} ms, code ${code}`);
    expect(code).toBe(3);
    expect(millis).toBeLessThan(bound(300 + 500));
    expect(output).toMatch(/100 spans lost: the process ended/);
    await hole.close();
  });

  it('R7 costs a close no more than a second if it refuses, and the process ends by itself', async () => {
    const gone = await FaultCollector.start();
    await gone.close();
    const ends = async (exporter: 'otlp-grpc' | 'otlp-http'): Promise<void> => {
      const plan = { way: 'close', endpoint: gone.url, options: { exporter } };
      const { code, millis, output } = await runToItsEnd(plan);
      figure(`R7 ${exporter}: closed and ended after ${millis.toFixed()} ms`);
      expect(code).toBe(0);
      expect(millis).toBeLessThan(bound(1200));
      expect(output).toMatch(/100 spans are lost/);
    };
    await Promise.all([ends('otlp-grpc'), ends('otlp-http')]);
  });
});

it('R19 E10 nothing keeps a process alive that has ended its work', async () => {
  const { millis } = await runToItsEnd({ way: 'lateNatural', endpoint: collector.url });
  const { millis: without } = await runToItsEnd({
    way: 'lateNatural',
    endpoint: collector.url,
    options: { exporter: 'none' },
  });
  figure(`R19 ended ${(millis - without).toFixed()} ms later than without export`);
  expect(millis - without).toBeLessThan(bound(1000));
});

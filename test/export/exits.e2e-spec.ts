import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bound, isSoak } from '../support/bound.js';
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
  const ways = ['lateNatural', 'exit', 'throw', 'exitWhileClosing', 'close'];
  const brief = { 'otlp-grpc': ways.slice(0, 3), 'otlp-http': ['exit'] };
  for (const exporter of ['otlp-grpc', 'otlp-http'] as const) {
    const tried = isSoak ? ways : brief[exporter];
    it.each(tried)(`R9 E6 E9 loses no ended span to %s, by ${exporter}`, async (way) => {
      const endpoint = exporter === 'otlp-grpc' ? collector.url : collector.httpUrl;
      const options = { exporter, exportThread: 'main', exitTimeoutMillis: bound(1000) } as const;
      const { code, output, millis } = await runToItsEnd({ way, endpoint, options });
      const ids = new Set(collector.spans.map(({ spanId }) => spanId));
      figure(
        `R9 main, ${way}: ${100 - ids.size} of 100 lost, code ${code}, ${millis.toFixed()} ms`,
      );
      expect(ids.size).toBe(100);
      expect(code).toBe({ exit: 3, exitWhileClosing: 3, throw: 1 }[way] ?? 0);
      expect(output).not.toContain('lost');
    });
  }

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

it('R15 spans that were handed over leave while the application blocks its thread', async () => {
  const endpoint = collector.url;
  const options = { batch: { scheduleDelayMillis: 100 } };
  const running = runToItsEnd({ way: 'blocked', endpoint, options });
  const start = performance.now();
  while (collector.spans.length < 100 && performance.now() - start < 2500)
    await new Promise((resolve) => setTimeout(resolve, 20));
  const { signal } = await running;
  figure(`R15 ${collector.spans.length} of 100 arrived during the block (ended by ${signal})`);
  expect(collector.spans).toHaveLength(100);
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

const away = isSoak ? 600_000 : 5_000;
it(`R5 memory is bounded while a collector is away, at 5,000 spans/s for ${away} ms`, async () => {
  const gone = await FaultCollector.start();
  await gone.close();
  const grown = async (exporter: 'none' | 'otlp-grpc') => {
    const options = { exporter, batch: { maxQueueSize: 1_000_000 } };
    const env = { AWAY_MILLIS: String(exporter === 'none' ? 3000 : away) };
    const { output } = await runToItsEnd({ way: 'away', endpoint: gone.url, options, env });
    const figures = /"growth":(-?\d+),"late":(-?\d+),"full":(\d+)/.exec(output) ?? [];
    const [growth = NaN, late = NaN, full = NaN] = figures.slice(1).map(Number);
    return { growth, late, full };
  };
  const [own, { growth, late, full }] = await Promise.all([grown('none'), grown('otlp-grpc')]);
  figure(
    `R5 grown by ${growth} MiB, the application alone by ${own.growth}; by ${late} MiB in the last third; ${full} spans dropped as queue_full`,
  );
  expect(full).toBeGreaterThan(0);
  expect(growth - own.growth).toBeLessThan(72);
  expect(late).toBeLessThan(15);
}, 700_000);

it('R21 an idle service costs next to nothing', async () => {
  const plan = { way: 'idle', endpoint: collector.url };
  const env = { IDLE_MILLIS: isSoak ? '30000' : '2000' };
  const { output } = await runToItsEnd({ ...plan, env });
  const share = Number(/"share":([\d.e-]+)/.exec(output)?.[1]);
  figure(`R21 ${(share * 100).toFixed(2)} % of a core`);
  expect(share).toBeLessThan(0.02);
});

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { isSoak } from '../support/bound.js';
import type { Ending } from '../support/ending-process.js';
import { runToItsEnd } from '../support/ending-process.js';
import { FaultCollector } from '../support/fault-collector.js';
import { figure } from '../support/tracing-app.js';

vi.setConfig({ testTimeout: 60_000 });

/** A number that the process has printed as a part of its JSON. */
function printed({ output }: Ending, name: string): number {
  return Number(new RegExp(`"${name}":(-?[\\d.e-]+)`).exec(output)?.[1]);
}

/** Nothing here depends on how busy the machine is, so the processes run beside one another. */
describe.concurrent('what an export takes of a process', () => {
  let collector: FaultCollector;
  let gone: FaultCollector;
  beforeAll(async () => {
    [collector, gone] = await Promise.all([FaultCollector.start(), FaultCollector.start()]);
    await gone.close();
  });
  afterAll(() => collector.close());

  it('R15 spans that were handed over leave while the application blocks its thread', async () => {
    const blocked = await FaultCollector.start();
    const options = { batch: { scheduleDelayMillis: 100 } };
    const until = (): Promise<void> => blocked.waitFor(101, 25_000);
    const plan = { way: 'blocked', signal: 'SIGKILL', endpoint: blocked.url, options } as const;
    const { signal } = await runToItsEnd({ ...plan, until });
    figure(`R15 ${blocked.received} of 101 arrived, 100 in a block, which ended by ${signal}`);
    expect(blocked.received).toBe(101);
    expect(signal).toBe('SIGKILL');
    await blocked.close();
  });

  const away = isSoak ? 600_000 : 2_000;
  it(`R5 memory is bounded while a collector is away, at 5,000 spans/s for ${away} ms`, async () => {
    const grown = async (exporter: 'none' | 'otlp-grpc') => {
      const options = { exporter, batch: { maxQueueSize: 1_000_000 } };
      const fill = exporter === 'none' ? 1000 : 20_000;
      const millis = exporter === 'none' ? 1000 : away;
      const env = { AWAY_MILLIS: String(millis), FILL_MILLIS: String(fill) };
      const ending = await runToItsEnd({ way: 'away', endpoint: gone.url, options, env });
      const [growth = NaN, late = NaN, full = NaN] = ['growth', 'late', 'full'].map((name) =>
        printed(ending, name),
      );
      return { growth, late, full };
    };
    const [own, { growth, late, full }] = [await grown('none'), await grown('otlp-grpc')];
    figure(
      `R5 grown by ${growth.toFixed(1)} MiB, the application alone by ${own.growth.toFixed(1)}; by ${late.toFixed(1)} MiB in the last half; ${full} spans dropped as queue_full`,
    );
    expect(full).toBeGreaterThan(0);
    expect(growth - own.growth).toBeLessThan(72);
    expect(late).toBeLessThan(15);
  }, 700_000);

  it('R21 an idle service costs next to nothing', async () => {
    const env = { IDLE_MILLIS: isSoak ? '30000' : '2000' };
    const ending = await runToItsEnd({ way: 'idle', endpoint: collector.url, env });
    const [share, timers] = [printed(ending, 'share'), printed(ending, 'timers')];
    figure(`R21 ${(share * 100).toFixed(2)} % of a core, ${timers} timers set`);
    expect(share).toBeLessThan(0.005);
    expect(timers).toBeLessThanOrEqual(1);
  });
});

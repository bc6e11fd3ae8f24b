import { afterEach, describe, expect, it } from 'vitest';
import { bound } from '../support/bound.js';
import { FaultCollector } from '../support/fault-collector.js';
import { decodeSpans } from '../support/otlp-wire.js';
import { TracingApp, figure } from '../support/tracing-app.js';

/** The gRPC codes that OTLP has repeated. */
const RETRIED = [1, 4, 10, 11, 14, 15];

let app: TracingApp;
let collector: FaultCollector;
afterEach(async () => {
  await app.close();
  await collector.close();
});

const nameOf = (body: Buffer): string => decodeSpans(body)[0]?.name ?? '';
const warnings = (): string[] => app.lines.filter((line) => line.startsWith('warn'));

describe('the answers of a collector', () => {
  it('R11 E4 are obeyed as OTLP has it: 6 codes are repeated, 10 are not, RetryInfo is kept', async () => {
    collector = await FaultCollector.start();
    const seen = new Map<string, number[]>();
    collector.answer = ({ body, at }) => {
      const name = nameOf(body);
      const times = seen.get(name) ?? [];
      seen.set(name, [...times, at]);
      if (times.length > 0) return {};
      return name === '8 with RetryInfo'
        ? { code: 8, retryAfterMillis: 1000 }
        : { code: Number(name) };
    };
    const batch = { maxExportBatchSize: 1 };
    app = await TracingApp.start({ endpoint: collector.url, batch, reportDrops: false });
    const codes = Array.from({ length: 16 }, (_, code) => String(code + 1));
    for (const name of [...codes, '8 with RetryInfo']) app.end(1, name);
    await collector.waitFor(RETRIED.length + 1, 25_000);
    await app.tracing.flush();
    const repeated = [...seen].filter(([, times]) => times.length > 1).map(([name]) => name);
    const [first = 0, second = 0] = seen.get('8 with RetryInfo') ?? [];
    figure(
      `R11 repeated: ${repeated.join(', ')}; RetryInfo of 1000 ms kept to ${(second - first).toFixed()} ms`,
    );
    expect(repeated.sort()).toEqual([...RETRIED.map(String), '8 with RetryInfo'].sort());
    expect(second - first).toBeGreaterThan(990);
    expect(second - first).toBeLessThan(bound(1200));
    expect(app.stats).toMatchObject({ exported: 7, dropped: { non_retryable: 10 }, queued: 0 });
  }, 40_000);

  it('R11 E4 are obeyed over HTTP: 429, 502, 503 and 504 are repeated, Retry-After is kept', async () => {
    collector = await FaultCollector.start({ protocol: 'http' });
    const seen = new Map<string, number[]>();
    collector.answer = ({ body, at }) => {
      const name = nameOf(body);
      const times = seen.get(name) ?? [];
      seen.set(name, [...times, at]);
      if (times.length > 0) return {};
      return { code: Number(name), ...(name === '429' ? { retryAfterMillis: 1000 } : {}) };
    };
    const batch = { maxExportBatchSize: 1 };
    app = await TracingApp.start({
      exporter: 'otlp-http',
      endpoint: collector.url,
      batch,
      reportDrops: false,
    });
    for (const name of ['400', '401', '404', '413', '500', '502', '503', '504', '429'])
      app.end(1, name);
    await collector.waitFor(4, 20_000);
    await app.tracing.flush();
    const [first = 0, second = 0] = seen.get('429') ?? [];
    figure(`R11 HTTP: Retry-After of 1000 ms kept to ${(second - first).toFixed()} ms`);
    expect(collector.names.sort()).toEqual(['429', '502', '503', '504']);
    expect(second - first).toBeGreaterThan(990);
    expect(app.stats).toMatchObject({ exported: 4, dropped: { non_retryable: 5 } });
  });

  it('R13 E4 that accept a part are counted, said once and not repeated', async () => {
    collector = await FaultCollector.start();
    collector.answer = () => ({ rejected: 3, message: 'too old' });
    app = await TracingApp.start({ endpoint: collector.url });
    app.end(10);
    await app.tracing.flush();
    figure(`R13 ${app.stats.rejected} rejected in ${collector.requests.length} request`);
    expect(app.stats).toMatchObject({ exported: 7, rejected: 3, queued: 0 });
    expect(collector.requests).toHaveLength(1);
    expect(warnings()).toEqual(['warn: 3 spans lost: the collector rejected them (too old)']);
  });
});

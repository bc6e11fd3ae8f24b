import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freshTraceId, hex, logs, span, traces } from './support/messages.js';
import { ViewerProcess } from './support/viewer-process.js';

const SPANS = 1_000_000;
const BATCH = 10_000;
/** How many spans of one trace the viewer holds. */
const HELD = 50_000;

describe('traces of any shape and size', () => {
  let viewer: ViewerProcess;

  beforeEach(async () => {
    viewer = await ViewerProcess.start();
  });

  afterEach(async () => {
    const name = `still here ${crypto.randomUUID()}`;
    expect(await viewer.post('/v1/traces', traces(span({ name })))).toMatchObject({ status: 200 });
    await viewer.printed(name);
    await viewer.stop();
  });

  async function send(...spans: unknown[]): Promise<void> {
    const { status, body } = await viewer.post('/v1/traces', traces(...spans));
    expect([status, body]).toEqual([200, '{}']);
  }

  it('shows a chain of 20,000 spans', async () => {
    const traceId = freshTraceId();
    const chain = Array.from({ length: 20_000 }, (_, index) => {
      const parentSpanId = index === 0 ? '' : hex(index, 16);
      return span({ traceId, spanId: hex(index + 1, 16), parentSpanId, name: `n${index}` });
    });
    await send(...chain);
    await viewer.printed('… and 18000 lines more');
    expect(viewer.output).toContain('20000 spans');
    expect(viewer.output).toContain('(level 1999) n1999');
    expect(viewer.output.length).toBeLessThan(1_000_000);
  });

  it('shows 40,000 children of one span, and 40,000 of a span that is missing', async () => {
    const [traceId, orphaned] = [freshTraceId(), freshTraceId()];
    const child = (id: string, index: number, parentSpanId: string) =>
      span({ traceId: id, spanId: hex(index + 2, 16), parentSpanId, name: 'c' });
    const count = { length: 40_000 };
    await send(span({ traceId, spanId: hex(1, 16) }));
    await send(...Array.from(count, (_, index) => child(traceId, index, hex(1, 16))));
    await send(...Array.from(count, (_, index) => child(orphaned, index, hex(1, 16))));
    await viewer.printed('40001 spans');
    await viewer.printed('40000 spans');
    expect(viewer.output).toContain('missing parent');
  });

  it('shows circles, spans that are their own parent, and an id twice', async () => {
    const traceId = freshTraceId();
    const named = (name: string, id: number, parent: number) =>
      span({ traceId, name, spanId: hex(id, 16), parentSpanId: parent ? hex(parent, 16) : '' });
    await send(named('own', 1, 1), named('one', 2, 3), named('other', 3, 2), named('root', 4, 0));
    await send(named('twice', 5, 4), named('again', 5, 4));
    await viewer.printed(/· 5 spans(.|\n)*again/);
    for (const name of ['own', 'one', 'other', 'root']) expect(viewer.output).toContain(name);
    expect(viewer.output).not.toContain('twice');
  });

  it('shows a circle of 20,000 spans', async () => {
    const traceId = freshTraceId();
    const circle = Array.from({ length: 20_000 }, (_, index) =>
      span({
        traceId,
        spanId: hex(index + 1, 16),
        parentSpanId: hex(((index + 1) % 20_000) + 1, 16),
      }),
    );
    await send(...circle);
    await viewer.printed('20000 spans');
  });

  it('shows a span that ends before it starts, and times at the ends of 64 bits', async () => {
    const [start, end] = ['1700000000005000000', '1700000000000000000'];
    await send(span({ name: 'backwards', startTimeUnixNano: start, endTimeUnixNano: end }));
    await viewer.printed(/backwards {2}-5\.0 ms/);
    const last = '18446744073709551615';
    await send(span({ name: 'ages', startTimeUnixNano: '0', endTimeUnixNano: last }));
    await send(span({ name: 'reversed', startTimeUnixNano: last, endTimeUnixNano: '0' }));
    await viewer.printed('ages');
    await viewer.printed('reversed');
  });

  it('holds a bounded number of traces and bytes', async () => {
    const before = viewer.rssMegabytes;
    const value = { stringValue: 'x'.repeat(30_000) };
    for (let batch = 0; batch < 20; batch++) {
      const attributes = [{ key: 'long', value }];
      await send(...Array.from({ length: 400 }, () => span({ attributes })));
      await viewer.post(
        '/v1/logs',
        logs({ body: value, traceId: freshTraceId(), spanId: hex(1, 16) }),
      );
    }
    const { held } = await viewer.stats();
    expect(held.traces).toBeLessThanOrEqual(1_000);
    expect(viewer.peakMegabytes - before).toBeLessThan(500);
  });

  it('does not cut the wire off: texts beyond 32 KiB and attributes beyond 40 are shortened', async () => {
    const attributes = Array.from({ length: 3_000 }, (_, index) => ({
      key: `k${index}`,
      value: {},
    }));
    await send(span({ name: 'n'.repeat(1_000_000), attributes }));
    await viewer.printed('… 2960 more');
    expect(viewer.output.length).toBeLessThan(10_000);
  });
});

it(
  'holds a bounded part of a trace of 1,000,000 spans and says what it dropped',
  { timeout: 180_000 },
  async () => {
    const viewer = await ViewerProcess.start();
    const traceId = freshTraceId();
    const before = viewer.rssMegabytes;
    for (let first = 0; first < SPANS; first += BATCH) {
      const batch = Array.from({ length: BATCH }, (_, index) => {
        const id = first + index;
        const parentSpanId = id ? hex(1, 16) : '';
        return { traceId, spanId: hex(id + 1, 16), parentSpanId, name: 's' };
      });
      expect(await viewer.post('/v1/traces', traces(...batch))).toMatchObject({ status: 200 });
    }
    await viewer.printed(`${SPANS - HELD} spans dropped`, 60_000);
    const { received, held, dropped } = await viewer.stats();
    expect([received.spans, held.spans, dropped['spans']]).toEqual([SPANS, HELD, SPANS - HELD]);
    expect(viewer.peakMegabytes - before).toBeLessThan(400);
    await viewer.stop();
  },
);

import { describe, expect, it } from 'vitest';
import type { TraceList } from '../../../apps/viewer/src/wire/trace-list.interface.js';
import { freshTraceId } from '../support/messages.js';
import { requestOf, spanOf, type SpanParts } from '../support/otlp.js';
import { useViewer } from '../support/use-viewer.js';

describe('P10 calls that were collapsed into one span', () => {
  const used = useViewer();

  /** Twenty calls with spans, two failures with spans of their own, and 80 that have one together. */
  async function hundredCalls(service: string, parts: SpanParts): Promise<string> {
    const traceId = freshTraceId();
    const call = (number: number, attributes: Record<string, unknown>) =>
      spanOf(traceId, [10 + number, 1, number, number + 1], {
        ...parts,
        attributes: { ...parts.attributes, ...attributes },
      });
    const collapsed = { 'async.collapsed.count': 80, 'async.collapsed.duration.sum_ms': 40 };
    const { status, body } = await used.viewer.post(
      '/v1/traces',
      requestOf(service, [
        spanOf(traceId, [1, 0, 0, 200], { name: 'report' }),
        ...Array.from({ length: 20 }, (_, number) => call(number, {})),
        call(20, { 'async.collapsed.retroactive': true }),
        call(21, { 'async.collapsed.retroactive': true }),
        call(22, collapsed),
      ]),
    );
    expect(status, body).toBe(200);
    return traceId;
  }

  const list = (query: string) =>
    used.viewer
      .send({ path: `/api/traces?q=${encodeURIComponent(query)}` })
      .then(({ body }) => JSON.parse(body) as TraceList);

  it('are counted as calls everywhere, and in memory they are no N+1', async () => {
    const traceId = await hundredCalls('prices', { name: 'Prices.priceOf' });
    const { repeated, repeatedCalls } = await list('service:prices has:repeated');
    expect([repeated, repeatedCalls]).toEqual([[0], [100]]);
    expect((await list('service:prices has:n+1')).id).toEqual([]);
    const { problems, calls } = await used.api.trace(traceId);
    expect(problems.filter(({ kind }) => kind === 'repeated')).toMatchObject([
      { text: 'Prices.priceOf ran 100 times under report, 60.0 ms in all', cost: 60_000 },
    ]);
    expect(calls).toEqual({ span: [21, 22, 23], count: [0, 0, 80], total: [0, 0, 40_000] });
    expect(await used.api.text(`/api/traces/${traceId}.txt`)).toContain('ran 100 times');
  });

  it('are counted from the first on that has no span', async () => {
    const traceId = freshTraceId();
    const calls = Array.from({ length: 20 }, (_, number) =>
      spanOf(traceId, [10 + number, 1, number, number + 1], { name: 'Prices.priceOf' }),
    );
    const attributes = { 'async.collapsed.count': 1 };
    const last = spanOf(traceId, [40, 1, 30, 31], { name: 'Prices.priceOf', attributes });
    const root = spanOf(traceId, [1, 0, 0, 50], { name: 'report' });
    await used.viewer.post('/v1/traces', requestOf('first', [root, ...calls, last]));
    expect((await list('service:first')).repeatedCalls).toEqual([21]);
  });

  it('are N+1 where they are statements, whose text the span of many has not', async () => {
    const attributes = { 'db.system.name': 'postgresql', 'db.query.summary': 'SELECT "note"' };
    const traceId = await hundredCalls('notes', { name: 'SELECT "note"', kind: 3, attributes });
    const { repeated, repeatedCalls } = await list('service:notes has:n+1');
    expect([repeated, repeatedCalls]).toEqual([[100], [0]]);
    const { problems } = await used.api.trace(traceId);
    const texts = problems.filter(({ kind }) => kind === 'repeated').map(({ text }) => text);
    expect(texts).toEqual(['SELECT "note" ran 100 times under report, 60.0 ms in all']);
  });

  it('calls of another service that repeat are no N+1 either', async () => {
    const traceId = freshTraceId();
    const asked = { name: 'GET', kind: 3, attributes: { 'url.full': 'http://stock.internal/7' } };
    const calls = Array.from({ length: 6 }, (_, number) =>
      spanOf(traceId, [10 + number, 1, number, number + 1], asked),
    );
    const root = spanOf(traceId, [1, 0, 0, 9], { name: 'order' });
    await used.viewer.post('/v1/traces', requestOf('asks', [root, ...calls]));
    const { repeated, repeatedCalls } = await list('service:asks');
    expect([repeated, repeatedCalls]).toEqual([[0], [6]]);
  });
});

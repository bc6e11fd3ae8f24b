import { describe, expect, it } from 'vitest';
import { TRACE_FLAG, type TraceList } from '../../../apps/viewer/src/wire/trace-list.interface.js';
import { freshTraceId, hex } from '../support/messages.js';
import { requestOf, spanOf } from '../support/otlp.js';
import { useViewer } from '../support/use-viewer.js';

describe('what is told of a trace in the list', () => {
  const used = useViewer();

  async function sent(service: string, ...spans: object[]): Promise<TraceList> {
    await used.viewer.post('/v1/traces', requestOf(service, spans));
    return used.api.get<TraceList>(`/api/traces?q=service:${service}`);
  }

  it('AU spans that a budget left out are no loss', async () => {
    const traceId = freshTraceId();
    const attributes = { 'async.spans.dropped': 998_465 };
    const list = await sent(
      'budget',
      spanOf(traceId, [1, 0, 0, 9], { name: 'report', attributes }),
    );
    expect([list.leftOut, list.lost]).toEqual([[998_465], [0]]);
    expect(list.flags[0]! & TRACE_FLAG.incomplete).toBe(0);
    const { problems } = await used.api.trace(traceId);
    expect(problems.map(({ kind, text }) => [kind, text])).toEqual([
      ['left out', '998465 spans below report left out by the span budget'],
    ]);
    const found = (q: string) => used.api.get<TraceList>(`/api/traces?q=service:budget ${q}`);
    expect((await found('has:budget')).id).toEqual([traceId]);
    expect((await found('has:lost')).id).toEqual([]);
  });

  it('P7 one task that fails is counted alike in the list and among the problems', async () => {
    const traceId = freshTraceId();
    const failed = { status: { code: 2, message: 'shelf is empty' } };
    const spans = [1, 2, 3, 4].map((number) =>
      spanOf(traceId, [number, number - 1, number, 20 - number], {
        ...failed,
        attributes: number === 4 ? { 'async.task.outcome': 'error' } : {},
      }),
    );
    const { errors } = await sent('group', ...spans);
    expect(errors).toEqual([4]);
    const { problems } = await used.api.trace(traceId);
    expect(problems[0]!.text).toBe('shelf is empty (4 spans failed)');
    expect(problems[0]!.span).toBe(3);
    expect((await used.api.trace(traceId)).spans.ids.slice(-16)).toBe(hex(4, 16));
  });

  it('what is lost is counted in words that fit, without what nothing is lost of', async () => {
    const traceId = freshTraceId();
    const span = spanOf(traceId, [1, 0, 0, 9], { name: 'report' });
    await sent('lossy', { ...span, droppedEventsCount: 1 });
    const { problems } = await used.api.trace(traceId);
    expect(problems[0]!.text).toMatch(/^report lost 1 event: dropped by its sender/);
  });

  it('a time is said in the unit in which it has not come to a thousand', async () => {
    const traceId = freshTraceId();
    await sent('round', spanOf(traceId, [1, 0, 0, 999.6]));
    const text = await used.api.text(`/api/traces/${traceId}.txt`);
    expect(text).toContain('1 span · 1.00 s');
  });

  it.each([
    [{ 'http.route': '/orders/:id', 'url.path': '/orders/7' }, '/orders/7'],
    [{ 'http.route': '/block', 'url.path': '/block', 'url.query': 'ms=400' }, '?ms=400'],
    [{ 'http.route': '/old', 'http.target': '/old?a=1' }, '/old?a=1'],
    [{ 'http.route': '/health', 'url.path': '/health' }, ''],
    [{ 'thread.id': 1, 'job.file': 'a.csv', 'job.rows': 7 }, 'job.file=a.csv'],
    [{}, ''],
  ])('P1 what tells it from others of its route: %j', async (attributes, hint) => {
    const service = `hint-${freshTraceId().slice(-6)}`;
    const list = await sent(service, spanOf(freshTraceId(), [1, 0, 0, 9], { attributes }));
    expect(list.strings[list.hint[0]!]).toBe(hint);
  });
});

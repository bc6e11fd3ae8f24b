import { describe, expect, it } from 'vitest';
import type {
  RouteGroups,
  SearchTerms,
  ServiceMap,
} from '../../../apps/viewer/src/wire/overview.interface.js';
import { OUTCOMES, SPAN_FLAG } from '../../../apps/viewer/src/wire/span-codes.js';
import { TRACE_FLAG, type TraceList } from '../../../apps/viewer/src/wire/trace-list.interface.js';
import { freshTraceId, hex } from '../support/messages.js';
import { at, attributes, event, logRequest, requestOf, spanOf } from '../support/otlp.js';
import { namesOf } from '../support/viewer-api.js';
import { useViewer } from '../support/use-viewer.js';

describe('what is found out about traces', () => {
  const used = useViewer();

  async function send(service: string, ...spans: object[]): Promise<void> {
    const { status, body } = await used.viewer.post('/v1/traces', requestOf(service, spans));
    expect(status, body).toBe(200);
  }

  it('P2 sends a trace again only if it has changed', async () => {
    const traceId = freshTraceId();
    await send('tags', spanOf(traceId, [1, 0, 0, 20], { name: 'root' }));
    const path = `/api/traces/${traceId}`;
    const first = await used.viewer.send({ path });
    const headers = { 'if-none-match': String(first.headers['etag']) };
    const again = await used.viewer.send({ path, headers });
    expect([first.status, again.status, again.body]).toEqual([200, 304, '']);
    await send('tags', spanOf(traceId, [2, 1, 0, 9], { name: 'late' }));
    const changed = await used.viewer.send({ path, headers });
    expect(changed.status).toBe(200);
    expect(changed.headers['etag']).not.toBe(first.headers['etag']);
  });

  it('P7 a failed group: which task failed, who was called off and why, who never began', async () => {
    const traceId = freshTraceId();
    const cancelled = {
      'async.task.outcome': 'cancelled',
      'async.task.cancel.reason': 'shard 1 refused',
    };
    const exception = { 'exception.type': 'ShardUnavailable', 'exception.message': 'Shard 1' };
    await send(
      'groups',
      spanOf(traceId, [1, 0, 0, 20], { name: 'query shards' }),
      spanOf(traceId, [2, 1, 0, 9], {
        name: 'shard 1',
        status: { code: 2 },
        attributes: { 'async.task.outcome': 'error' },
        events: [event('exception', 8, exception)],
      }),
      spanOf(traceId, [3, 1, 0, 10], {
        name: 'shard 0',
        status: { code: 2 },
        attributes: cancelled,
      }),
      spanOf(traceId, [4, 1, 10, 10], {
        name: 'shard 2',
        attributes: { 'async.task.outcome': 'not_started' },
      }),
    );
    const trace = await used.api.trace(traceId);
    expect(namesOf(trace, [0, 1, 2, 3])).toEqual(['query shards', 'shard 1', 'shard 0', 'shard 2']);
    expect(trace.spans.outcome.map((outcome) => OUTCOMES[outcome])).toEqual([
      '',
      'error',
      'cancelled',
      'not_started',
    ]);
    expect(trace.problems.map(({ kind, text }) => [kind, text])).toEqual([
      ['error', 'ShardUnavailable: Shard 1'],
      ['cancelled', '1 task cancelled in query shards: shard 1 refused'],
      ['not started', '1 task not started in query shards'],
    ]);
  });

  it('P8 links lead both ways, to traces that come later too; a detached child is told once', async () => {
    const [origin, detached] = [freshTraceId(), freshTraceId()];
    const started = {
      'async.detached.name': 'audit',
      'async.detached.trace_id': detached,
      'async.detached.span_id': hex(7, 16),
    };
    const events = [event('async.detached.started', 2, started)];
    await send('links', spanOf(origin, [1, 0, 0, 10], { name: 'handle', events }));
    const before = (await used.api.trace(origin)).links;
    expect(before).toMatchObject({ kind: ['started'], isKnown: [false], start: [null] });
    await send(
      'links',
      spanOf(detached, [7, 0, 15, 40], {
        name: 'write audit',
        attributes: { 'async.detached.origin': 'handle' },
        links: [{ traceId: origin, spanId: hex(1, 16) }],
      }),
    );
    const { links, strings } = await used.api.trace(origin);
    expect(links).toMatchObject({ span: [0], kind: ['started'], isKnown: [true] });
    expect(links).toMatchObject({ start: [15_000], duration: [25_000] });
    expect(strings[links.name[0]!]).toBe('write audit');
    const back = (await used.api.trace(detached)).links;
    expect(back).toMatchObject({ kind: ['origin'], traceId: [origin], spanId: [hex(1, 16)] });
    expect(back.start).toEqual([-15_000]);
  });

  it('P8 a link of another SDK is a backlink at the other end', async () => {
    const [producer, consumer] = [freshTraceId(), freshTraceId()];
    await send('links', spanOf(producer, [1, 0, 0, 5], { kind: 4 }));
    const links = [{ traceId: producer, spanId: hex(1, 16) }];
    await send('links', spanOf(consumer, [2, 0, 9, 12], { kind: 5, links }));
    expect((await used.api.trace(producer)).links).toMatchObject({
      span: [0],
      kind: ['backlink'],
      traceId: [consumer],
    });
  });

  it('P9 log lines stand at their time, those of unknown spans too', async () => {
    const traceId = freshTraceId();
    await send('lines', spanOf(traceId, [1, 0, 0, 10]), spanOf(traceId, [2, 1, 2, 8]));
    const line = (spanNumber: number, millis: number, text: string) => ({
      traceId,
      spanId: hex(spanNumber, 16),
      timeUnixNano: at(millis),
      severityNumber: 9,
      body: { stringValue: text },
    });
    const records = [line(2, 5, 'second'), line(1, 1, 'first'), line(99, 7, 'whose?')];
    await used.viewer.post('/v1/logs', logRequest('lines', records));
    const { logs, strings } = await used.api.trace(traceId);
    expect(logs.message.map((text) => strings[text])).toEqual(['first', 'second', 'whose?']);
    expect(logs).toMatchObject({ span: [0, 1, -1], time: [1_000, 5_000, 7_000] });
    expect((await used.api.span(traceId, hex(2, 16))).logs).toMatchObject([{ message: 'second' }]);
  });

  it('P10 the same statement again under one parent is told, whoever sent it', async () => {
    const traceId = freshTraceId();
    const statement = { 'db.query.text': 'SELECT * FROM items WHERE id = $1' };
    const queries = Array.from({ length: 47 }, (_, number) =>
      spanOf(traceId, [10 + number, 1, number, number + 1], { kind: 3, attributes: statement }),
    );
    await send('repeats', spanOf(traceId, [1, 0, 0, 50], { name: 'list' }), ...queries);
    const { problems, spans } = await used.api.trace(traceId);
    const repeated = problems.find(({ kind }) => kind === 'repeated')!;
    expect(repeated.text).toMatch(
      /^SELECT \* FROM items .* ran 47 times under list, 47\.0 ms in all$/,
    );
    expect(repeated.evidence).toHaveLength(47);
    expect(new Set(spans.statement.slice(1)).size).toBe(1);
    const { repeated: badges } = await used.api.get<TraceList>(
      '/api/traces?q=service:repeats has:repeated',
    );
    expect(badges).toEqual([47]);
  });

  it('P11 a blocked loop is on its span, and on every other trace of the process that waited', async () => {
    const [culprit, victim, later] = [freshTraceId(), freshTraceId(), freshTraceId()];
    const blocked = {
      'event_loop.blocked.duration_ms': 300,
      'event_loop.blocked.cause': 'CPU in JavaScript',
      'code.file.path': 'src/report.ts',
      'code.line.number': 41,
    };
    const events = [event('event_loop.blocked', 10, blocked)];
    await send('loop', spanOf(culprit, [1, 0, 0, 320], { name: 'report', events }));
    await send('loop', spanOf(victim, [2, 0, 100, 330]), spanOf(later, [3, 0, 400, 410]));
    expect((await used.api.trace(culprit)).blocked).toEqual([
      expect.objectContaining({
        start: 10_000,
        duration: 300_000,
        span: 0,
        source: 'src/report.ts:41',
        place: 'report.ts:41',
      }),
    ]);
    const { blocked: bands, problems } = await used.api.trace(victim);
    expect(bands).toEqual([
      expect.objectContaining({ start: -90_000, span: -1, traceId: culprit, spanId: hex(1, 16) }),
    ]);
    expect(problems[0]!.text).toMatch(
      /^report\.ts:41 blocked the .* for 300 ms .*another trace: src\/report\.ts:41$/,
    );
    expect((await used.api.trace(later)).blocked).toEqual([]);
  });

  it('says what waits one after another, and where nothing happens', async () => {
    const [sequence, gap] = [freshTraceId(), freshTraceId()];
    const calls = [0, 1, 2, 3].map((number) =>
      spanOf(sequence, [2 + number, 1, 20 * number, 20 * number + 19.5], {
        name: `GET ${number}`,
        kind: 3,
      }),
    );
    await send('waits', spanOf(sequence, [1, 0, 0, 81]), ...calls);
    expect((await used.api.trace(sequence)).problems).toMatchObject([
      { kind: 'sequential', evidence: [1, 2, 3, 4] },
    ]);
    await send('waits', spanOf(gap, [1, 0, 0, 100], { name: 'work' }), spanOf(gap, [2, 1, 0, 20]));
    expect((await used.api.trace(gap)).problems).toMatchObject([
      { kind: 'gap', span: 0, text: '80.0 ms in work with no span in it' },
    ]);
  });

  it('P21 a missing parent, a circle, an id twice and a negative time: nothing is hidden', async () => {
    const traceId = freshTraceId();
    await send(
      'shapes',
      spanOf(traceId, [2, 1, 0, 5]),
      spanOf(traceId, [4, 5, 1, 5]),
      spanOf(traceId, [5, 4, 1, 5]),
      spanOf(traceId, [6, 6, 2, 5]),
      spanOf(traceId, [7, 2, 9, 3]),
      spanOf(traceId, [2, 1, 0, 5], { name: 'the other 2' }),
    );
    const trace = await used.api.trace(traceId);
    const names = namesOf(trace, [...trace.spans.parent.keys()]);
    expect(names.toSorted()).toEqual(
      [
        '(never arrived)',
        'span 2',
        'span 4',
        'span 5',
        'span 6',
        'span 7',
        'the other 2',
      ].toSorted(),
    );
    expect(trace.spans.duration.every((duration) => duration >= 0)).toBe(true);
    expect(await used.api.get(`/api/traces/${traceId}/spans/${hex(2, 16)}?copy=1`)).toMatchObject({
      name: 'the other 2',
    });
  });

  it('P23 a map: services, databases, queues and strangers, with rates and errors', async () => {
    const traceId = freshTraceId();
    const database = { 'db.system.name': 'postgresql', 'db.namespace': 'shop' };
    const queue = { 'messaging.system': 'kafka', 'messaging.destination.name': 'orders' };
    await send(
      'map-shop',
      spanOf(traceId, [1, 0, 0, 50], { kind: 2 }),
      spanOf(traceId, [2, 1, 1, 20], { kind: 3 }),
      spanOf(traceId, [3, 1, 21, 30], { kind: 3, attributes: database, status: { code: 2 } }),
      spanOf(traceId, [4, 1, 31, 32], { kind: 4, attributes: queue }),
      spanOf(traceId, [5, 1, 33, 40], { kind: 3, attributes: { 'server.address': 'api.pay' } }),
    );
    await send('map-prices', spanOf(traceId, [6, 2, 2, 19], { kind: 2 }));
    const { nodes, edges } = await used.api.get<ServiceMap>(`/api/map?q=trace:${traceId}`);
    const named = edges.map(({ from, to, calls, errors }) =>
      [nodes[from]!.name, nodes[to]!.name, calls, errors].join(' → '),
    );
    expect(named.toSorted()).toEqual([
      'map-shop → api.pay → 1 → 0',
      'map-shop → map-prices → 1 → 0',
      'map-shop → orders → 1 → 0',
      'map-shop → postgresql shop → 1 → 1',
    ]);
    expect(nodes.map(({ kind }) => kind).toSorted()).toEqual(
      ['service', 'service', 'database', 'queue', 'external'].toSorted(),
    );
  });

  it('P23 what is sent to a queue leads there, and from there to who takes it', async () => {
    const traceId = freshTraceId();
    const exchange = { 'messaging.system': 'rabbitmq', 'messaging.destination.name': 'orders' };
    const queue = { ...exchange, 'messaging.destination.name': 'orders.stock' };
    await send('sender', spanOf(traceId, [1, 0, 0, 5], { kind: 4, attributes: exchange }));
    await send(
      'taker',
      spanOf(traceId, [2, 1, 7, 90], { kind: 5, attributes: queue }),
      spanOf(traceId, [3, 2, 8, 9]),
    );
    const { nodes, edges } = await used.api.get<ServiceMap>(`/api/map?q=trace:${traceId}`);
    const named = edges.map(({ from, to }) => `${nodes[from]!.name} → ${nodes[to]!.name}`);
    expect(named.toSorted()).toEqual(['orders → taker', 'sender → orders']);
    const { spans } = await used.api.trace(traceId);
    expect(spans.flags.map((flags) => flags & SPAN_FLAG.outlives)).toEqual([0, 0, 0]);
  });

  it('P24 groups by route: count, p50, p95, errors and a histogram that adds up', async () => {
    const durations = Array.from({ length: 100 }, (_, index) => index + 1);
    const route = { 'http.route': '/orders/:id', 'http.request.method': 'GET' };
    const spans = durations.map((millis) =>
      spanOf(freshTraceId(), [1, 0, 0, millis], {
        kind: 2,
        attributes: route,
        ...(millis > 97 ? { status: { code: 2 } } : {}),
      }),
    );
    await send('grouped', ...spans);
    const groups = await used.api.get<RouteGroups>('/api/groups?q=service:grouped');
    expect(groups).toMatchObject({ count: [100], errors: [3], p50: [50_000], p95: [95_000] });
    expect(groups.strings[groups.route[0]!]).toBe('GET /orders/:id');
    expect(groups.histogram[0]!.reduce((sum, bar) => sum + bar, 0)).toBe(100);
    const bar = groups.edges.findIndex((edge) => edge > 50_000) - 1;
    const [from, to] = [groups.edges[bar]!, groups.edges[bar + 1]!];
    const query = `service:grouped duration:${from}us..${to - 1}us`;
    expect((await used.api.get<TraceList>(`/api/traces?q=${query}`)).matched).toBe(
      groups.histogram[0]![bar],
    );
  });

  it('P4 what is pinned is told, and stays when the rest is cleared', async () => {
    const traceId = freshTraceId();
    await send('pins', spanOf(traceId, [1, 0, 0, 5]));
    expect((await used.api.change('PUT', `/api/traces/${traceId}/pin`)).status).toBe(204);
    expect((await used.api.change('DELETE', '/api/traces')).status).toBe(204);
    const { id, flags, totals } = await used.api.get<TraceList>('/api/traces');
    expect({ id, pinned: flags[0]! & TRACE_FLAG.pinned, traces: totals.traces }).toEqual({
      id: [traceId],
      pinned: TRACE_FLAG.pinned,
      traces: 1,
    });
    expect((await used.api.change('DELETE', `/api/traces/${traceId}/pin`)).status).toBe(204);
  });

  it('P13 offers what arrived for the search', async () => {
    await send('vocabulary', spanOf(freshTraceId(), [1, 0, 0, 5], { attributes: { 'a.key': 1 } }));
    const terms = await used.api.get<SearchTerms>('/api/terms');
    expect(terms.services).toContain('vocabulary');
    expect(terms.attributes).toContain('a.key');
    expect(terms.has).toContain('n+1');
  });

  it('tells everything of one span, keys that mean something elsewhere too', async () => {
    const traceId = freshTraceId();
    const plain = { __proto__x: 1 };
    const span = spanOf(traceId, [1, 0, 0, 5], { attributes: plain });
    const special = [{ key: '__proto__', value: { stringValue: 'kept' } }];
    await send('details', { ...span, attributes: [...attributes(plain), ...special] });
    const detail = await used.api.span(traceId, hex(1, 16));
    expect(detail.attributes).toEqual([
      ['__proto__x', 1],
      ['__proto__', 'kept'],
    ]);
    expect(detail.resource).toEqual([['service.name', 'details']]);
    expect(detail.startUnixNano).toBe(at(0));
  });
});

import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { TraceList } from '../../../apps/viewer/src/wire/trace-list.interface.js';
import { foreign } from '../support/foreign.js';
import { namesOf } from '../support/viewer-api.js';
import { useViewer } from '../support/use-viewer.js';

const JAEGER_ID = '3d5a1f0c9be2471aa0c4d8e6f7b30921';

describe('P15 files that others save', () => {
  const used = useViewer();

  it('Jaeger: ids are filled up, references are the parent and links, times are exact', async () => {
    expect(await used.api.take(foreign('jaeger.json'))).toMatchObject({
      traceIds: [JAEGER_ID],
      spans: 2,
    });
    const trace = await used.api.trace(JAEGER_ID);
    expect(trace.name).toBe('HTTP GET /dispatch');
    expect(trace.spans).toMatchObject({
      parent: [-1, 0],
      start: [0, 1_000],
      duration: [50_400, 20_250],
      kind: [2, 3],
      status: [0, 2],
    });
    expect(trace.services.map(({ name }) => name).toSorted()).toEqual(['customer', 'frontend']);
    const child = await used.api.span(JAEGER_ID, '0b2c3d4e5f607182');
    expect(child).toMatchObject({
      statusMessage: 'lock timeout',
      links: [{ traceId: 'ff'.padStart(32, '0'), spanId: 'ee'.padStart(16, '0') }],
    });
  });

  it('Jaeger: tags are attributes of their types, and what OTLP has fields for is there', async () => {
    const file = JSON.parse(await used.api.text(`/api/traces/${JAEGER_ID}.otlp.json`)) as {
      resourceSpans: { resource: object; scopeSpans: { scope: object; spans: object[] }[] }[];
    };
    const [frontend, customer] = file.resourceSpans;
    expect(frontend!.resource).toEqual({
      attributes: [
        { key: 'hostname', value: { stringValue: 'pod-7' } },
        { key: 'service.name', value: { stringValue: 'frontend' } },
      ],
    });
    const [scopeSpans] = frontend!.scopeSpans;
    expect(scopeSpans!.scope).toMatchObject({ name: 'frontend-http', version: '0.4.0' });
    expect(scopeSpans!.spans[0]).toMatchObject({
      attributes: [
        { key: 'http.response.status_code', value: { intValue: '200' } },
        { key: 'temperature', value: { doubleValue: 72.5 } },
        { key: 'limit', value: { intValue: '9223372036854775222' } },
        { key: 'blob', value: { bytesValue: 'AAAwOQ==' } },
        { key: 'sampled', value: { boolValue: true } },
      ],
      events: [
        {
          name: 'found customer',
          timeUnixNano: '1760000010002000000',
          attributes: [{ key: 'customer', value: { intValue: '123' } }],
        },
      ],
    });
    expect(customer!.scopeSpans[0]!.spans[0]).toMatchObject({
      events: [
        {
          name: 'exception',
          attributes: [
            { key: 'exception.type', value: { stringValue: 'LockTimeout' } },
            { key: 'exception.message', value: { stringValue: 'waited 20 ms' } },
            { key: 'exception.stacktrace', value: { stringValue: expect.any(String) } },
          ],
        },
      ],
    });
  });

  it('Jaeger: a trace alone is taken, too, and one file twice changes nothing', async () => {
    const before = await used.api.get<TraceList>('/api/traces');
    await used.api.take(foreign('jaeger.json'));
    await used.api.take(
      JSON.stringify((JSON.parse(foreign('jaeger.json')) as { data: object[] }).data[0]),
    );
    expect((await used.api.get<TraceList>('/api/traces')).totals).toEqual(before.totals);
  });

  it.each([
    ['a trace', (spans: object[]) => spans],
    ['a list of traces', (spans: object[]) => [spans]],
    ['spans in another order', (spans: object[]) => spans.toReversed()],
  ])('Zipkin, %s: what two sides share are two spans', async (_what, shape) => {
    const spans = JSON.parse(foreign('zipkin.json')) as object[];
    const { traceIds } = await used.api.take(JSON.stringify(shape(spans)));
    expect(traceIds).toEqual(['00000000000000005982fe77008310cc']);
    const trace = await used.api.trace(traceIds[0]!);
    expect(namesOf(trace, [0, 1, 2, 3])).toEqual([
      'get /',
      'post /orders',
      'post /orders',
      'write',
    ]);
    expect(trace.spans).toMatchObject({
      parent: [-1, 0, 1, 2],
      start: [0, 3_000, 5_000, 10_000],
      duration: [99_411, 94_539, 90_577, 65_000],
      kind: [2, 3, 2, 1],
      status: [0, 2, 0, 0],
    });
    const call = await used.api.span(traceIds[0]!, '1a2b3c4d5e6f7081');
    expect(call.statusMessage).toBe('500 Internal Server Error');
    expect(Object.fromEntries(call.attributes)).toMatchObject({
      'http.status_code': '500',
      'network.local.address': '127.0.0.1',
      'peer.service': 'orders',
    });
  });

  it('Zipkin: a span that nobody knows the time of begins with its trace', async () => {
    const localEndpoint = { serviceName: 'late' };
    const span = { traceId: 'abc1', localEndpoint, name: 'known', id: '1', timestamp: 5_000_000 };
    const { traceIds } = await used.api.take(
      JSON.stringify([span, { ...span, id: '2', timestamp: null }]),
    );
    const { spans } = await used.api.trace(traceIds[0]!);
    expect(spans).toMatchObject({ start: [0, 0], duration: [0, 0] });
  });

  it('takes a file that is mostly empty lines, and one of which a line is a long list', async () => {
    const [line] = foreign('go.jsonl').split('\n');
    expect(await used.api.take(`${line}${'\n'.repeat(4_000_000)}${line}`)).toMatchObject({
      spans: 2,
    });
    expect(await used.api.take(`[${'[],'.repeat(300_000)}[]]\n[${line}]`)).toMatchObject({
      spans: 1,
    });
    expect(
      await used.api.take(
        `[${'{"resourceSpans":[]},'.repeat(300_000)}${line}]\n{"resourceSpans":[]}`,
      ),
    ).toMatchObject({ spans: 1 });
  });

  it('takes a gzipped file, and no bomb', async () => {
    const headers = { 'content-type': 'application/json' };
    const post = (file: string | Buffer) =>
      used.viewer.post('/api/import', gzipSync(file), headers);
    expect((await post(foreign('jaeger.json'))).status).toBe(200);
    const bomb = await post(Buffer.alloc(70_000_000));
    expect(bomb).toMatchObject({ status: 413, body: expect.stringContaining('over 67108864') });
    const half = gzipSync(foreign('jaeger.json')).subarray(0, -9);
    expect(await used.viewer.post('/api/import', half, headers)).toMatchObject({
      status: 400,
      body: expect.stringContaining('cut off'),
    });
  });

  it('Chrome: arguments that are no object are one attribute', async () => {
    const event = { ph: 'X', ts: 1, dur: 1, name: 'a', args: 'x'.repeat(1_000_000) };
    const { traceIds } = await used.api.take(JSON.stringify([event]));
    const { strings } = await used.api.trace(traceIds[0]!);
    expect(strings).toContain('a');
    const file = await used.api.text(`/api/traces/${traceIds[0]}.otlp.json`);
    expect(file.length).toBeLessThan(40_000);
  });

  it('Tempo: ids in base64', async () => {
    const { traceIds } = await used.api.take(foreign('tempo.json'));
    expect(traceIds).toEqual(['d2e0c2bfab154349b96fc19d6f86331e']);
    expect(await used.api.trace(traceIds[0]!)).toMatchObject({
      services: [{ name: 'shop-tempo' }],
    });
  });

  const span = { traceID: '1', spanID: '1', operationName: 'a', startTime: 1, duration: 1 };
  const jaeger = (fields: object) =>
    JSON.stringify({ data: [{ spans: [span, { ...span, ...fields }], processes: {} }] });
  const zipkin = (fields: object) =>
    JSON.stringify([
      { traceId: '1', id: '1' },
      { traceId: '1', id: '2', ...fields },
    ]);

  it.each([
    [jaeger({ startTime: 'now' }), 'data[0].spans[1]: The field startTime is of type string'],
    [jaeger({ startTime: -1 }), 'spans[1]: The field startTime is of type number: microseconds'],
    [jaeger({ duration: 1e300 }), 'spans[1]: The field duration is'],
    [jaeger({ traceID: 'x' }), 'spans[1]: The field traceID is'],
    [jaeger({ spanID: '1'.repeat(17) }), 'an id of up to 8 bytes'],
    [jaeger({ tags: {} }), 'spans[1]: The field tags is of type object: a list'],
    [jaeger({ tags: [{ key: 7 }] }), 'spans[1]: The field key is of type number: text'],
    [jaeger({ references: [null] }), 'spans[1]: The field references[] is null'],
    [jaeger({ spanID: '' }), 'spans[1]: The field spanID is of type string: an id'],
    [jaeger({ traceID: '0' }), 'spans[1]: The field traceID is of type string: an id'],
    [zipkin({ id: '00' }), '[1]: The field id is of type string: an id'],
    [
      '{"data":[{"spans":7,"processes":{}}]}',
      'data[0].spans: The field spans is of type number: a list',
    ],
    [
      '{"data":[{"spans":[],"processes":[]}]}',
      'data[0].processes: The field processes is a list: an object',
    ],
    [zipkin({ timestamp: 'x' }), '[1]: The field timestamp is of type string'],
    [zipkin({ tags: [] }), '[1]: The field tags is a list: an object'],
    [zipkin({ parentId: {} }), '[1]: The field parentId is of type object'],
    [zipkin({ binaryAnnotations: [] }), "[1]: This is Zipkin's version 1"],
    ['[{"traceId":"1","id":"1"},7]', 'list[] is of type number'],
    ['[[[[[{}]]]]]', 'lists lie in lists'],
    [`${'['.repeat(1e6)}${']'.repeat(1e6)}`, 'lists lie in lists'],
    ['{"data":[7]}', 'nor Jaeger (data), nor Zipkin (traceId, id)'],
    ['{"data":{}}', 'nor Jaeger (data), nor Zipkin (traceId, id)'],
    ['{"data":null}', 'nor Jaeger (data), nor Zipkin (traceId, id)'],
    ['{"data":[]}', 'Line 1: This is an answer of Jaeger without traces'],
    ['{"data":[],"total":0,"errors":null}', 'Line 1: This is an answer of Jaeger without traces'],
    ['{"data":null,"total":0,"errors":[{"code":404}]}', 'an answer of Jaeger without traces'],
    ['{"resourceSpans": [\n', 'Line 1 is no JSON'],
    ['resourceSpans\n', 'Line 1 is no JSON'],
    ['{"a": x}\n\n', 'Line 1 is no JSON'],
    [`{"a": x,\n${'"b": 1,\n'.repeat(20)}}`, 'Line 1 is no JSON'],
  ])('says where a file cannot be read: %#', async (file, message) => {
    const before = await used.api.get<TraceList>('/api/traces');
    const { status, body } = await used.api.change('POST', '/api/import', file);
    expect(status, body).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ at: 1, message: expect.stringContaining(message) });
    expect((await used.api.get<TraceList>('/api/traces')).at).toBe(before.at);
  });
});

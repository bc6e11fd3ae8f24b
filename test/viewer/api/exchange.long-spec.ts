import { writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TraceList } from '../../../apps/viewer/src/wire/trace-list.interface.js';
import { freshTraceId, hex } from '../support/messages.js';
import { at, event, logRequest, requestOf, spanOf } from '../support/otlp.js';
import { ViewerApi } from '../support/viewer-api.js';
import { useViewer } from '../support/use-viewer.js';
import { foreign } from '../support/foreign.js';
import { ViewerProcess } from '../support/viewer-process.js';

describe('files of traces', () => {
  let viewer: ViewerProcess;
  let other: ViewerProcess;
  let api: ViewerApi;
  let otherApi: ViewerApi;

  beforeAll(async () => {
    [viewer, other] = await Promise.all([
      ViewerProcess.start('--no-terminal'),
      ViewerProcess.start('--no-terminal'),
    ]);
    api = new ViewerApi(viewer);
    otherApi = new ViewerApi(other);
  });

  afterAll(() => Promise.all([viewer.stop(), other.stop()]));

  /** A trace with one of everything. */
  async function sendRich(): Promise<string> {
    const traceId = freshTraceId();
    const values = {
      text: 'a\u0000b\u202e "<b>',
      whole: 7,
      double: { doubleValue: 2 },
      half: 0.5,
      big: { intValue: '9223372036854775807' },
      bytes: { bytesValue: 'AQID' },
      yes: true,
      nothing: {},
      list: ['a', 'b'],
      halves: [1, 2.5],
      map: { kvlistValue: { values: [{ key: '__proto__', value: { intValue: '1' } }] } },
      notNumber: { doubleValue: 'NaN' },
    };
    const spans = [
      { ...spanOf(traceId, [1, 0, 0, 10], { attributes: values }), traceState: 'a=b', flags: 257 },
      {
        ...spanOf(traceId, [2, 1, 2, 8], {
          kind: 3,
          events: [event('exception', 3, { 'exception.type': 'E' })],
          links: [{ traceId: freshTraceId(), spanId: hex(3, 16) }],
          status: { code: 2, message: 'failed' },
        }),
        droppedEventsCount: 3,
      },
    ];
    await viewer.post('/v1/traces', requestOf('rich', spans));
    const body = { stringValue: 'a line' };
    const line = { traceId, spanId: hex(2, 16), timeUnixNano: at(4), severityNumber: 13, body };
    await viewer.post('/v1/logs', logRequest('rich', [line, line]));
    return traceId;
  }

  it('P15 exported, imported and exported again, a trace is what it was', async () => {
    const traceId = await sendRich();
    const file = await api.text(`/api/traces/${traceId}.otlp.json`);
    expect(await otherApi.take(file)).toEqual({
      traceIds: [traceId],
      traces: 1,
      spans: 2,
      logs: 2,
    });
    expect(await otherApi.text(`/api/traces/${traceId}.otlp.json`)).toBe(file);
    const { attributes } = JSON.parse(file).resourceSpans[0].scopeSpans[0].spans[0] as {
      attributes: { key: string; value: object }[];
    };
    const sent = new Map(attributes.map(({ key, value }) => [key, value]));
    expect(sent.get('double')).toEqual({ doubleValue: 2 });
    expect(sent.get('big')).toEqual({ intValue: '9223372036854775807' });
    expect(sent.get('bytes')).toEqual({ bytesValue: 'AQID' });
    expect(sent.get('notNumber')).toEqual({ doubleValue: 'NaN' });
  });

  it('P15 imported twice, a file changes nothing', async () => {
    const traceId = await sendRich();
    const file = await api.text(`/api/traces/${traceId}.otlp.json`);
    await otherApi.take(file);
    const once = await otherApi.get<TraceList>('/api/traces');
    await otherApi.take(file);
    const twice = await otherApi.get<TraceList>('/api/traces');
    expect(twice.totals).toEqual(once.totals);
    expect(await otherApi.text(`/api/traces/${traceId}.otlp.json`)).toBe(file);
  });

  it('P15 what was exported is taken as OTLP, too', async () => {
    const traceId = await sendRich();
    const file = await api.text(`/api/traces/${traceId}.otlp.json`);
    expect((await other.post('/v1/traces', file)).status).toBe(200);
    expect((await otherApi.trace(traceId)).spans.parent).toEqual([-1, 0]);
  });

  it.each([
    ['{"resourceSpans": [', 1, /no JSON/],
    ['{\n"resourceSpans": [\n}', 3, /no JSON/],
    ['{"resourceSpans":[]}\n{"resourceSpans":7}', 2, /resourceSpans is .*a list/],
    ['{"resourceSpans":[]}\n\nx', 3, /no JSON/],
    ['{"data": 7}', 1, /neither OTLP JSON/],
    ['[1]', 1, /neither/],
    ['', 1, /nothing in the file/],
    ['{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"7"}]}]}]}', 1, /an id of 16 bytes/],
  ])('P15 refuses %j at line %i, and takes nothing of it', async (file, line, message) => {
    const before = await api.get<TraceList>('/api/traces');
    const { status, body } = await api.change('POST', '/api/import', file);
    expect(status).toBe(400);
    expect(JSON.parse(body)).toMatchObject({ at: line, message: expect.stringMatching(message) });
    expect((await api.get<TraceList>('/api/traces')).at).toBe(before.at);
  });

  it('the Chrome trace format comes back with its tree, and that of others gets one', async () => {
    const traceId = await sendRich();
    const file = await api.text(`/api/traces/${traceId}.chrome.json`);
    const fresh = await ViewerProcess.start('--no-terminal');
    const freshApi = new ViewerApi(fresh);
    try {
      expect(await freshApi.take(file)).toMatchObject({ traceIds: [traceId], spans: 2 });
      const { spans, services } = await freshApi.trace(traceId);
      expect(spans).toMatchObject({ parent: [-1, 0], duration: [10_000, 6_000], status: [0, 2] });
      expect(services).toMatchObject([{ name: 'rich' }]);
      const { events } = await freshApi.span(traceId, hex(2, 16));
      expect(events).toEqual((await api.span(traceId, hex(2, 16))).events);
      expect(events).toHaveLength(1);
      const event = { ph: 'X', pid: 1, tid: 1 };
      const others = [
        { ...event, name: 'parse', ts: 20, dur: 30 },
        { ...event, name: 'load', ts: 0, dur: 100 },
        { ...event, name: 'eval', ts: 60, dur: 40 },
      ];
      const { traceIds } = await freshApi.take(JSON.stringify(others));
      const nested = await freshApi.trace(traceIds[0]!);
      expect(nested.spans).toMatchObject({ parent: [-1, 0, 0], start: [0, 20, 60] });
    } finally {
      await fresh.stop();
    }
  });

  it.each([
    ['java.json', 'checkout-java', 'POST /checkout', 2],
    ['go.jsonl', 'catalog-go', 'oteldemo.ProductCatalogService/GetProduct', 1],
    ['python.json', 'ml-python', 'GET /predict', 1],
    ['dotnet.json', 'cart-dotnet', 'POST /cart', 1],
  ])('P27 %s, as another SDK writes it, is shown', async (file, service, name, count) => {
    const { traceIds } = await api.take(foreign(file));
    const trace = await api.trace(traceIds[0]!);
    expect(trace).toMatchObject({ name, services: [{ name: service, spans: count }] });
    expect(trace.isRunning).toBe(false);
    expect(trace.spans.kind[0]).toBe(2);
  });

  it('P27 keeps what those say: statements, exceptions, errors, log lines, big numbers', async () => {
    const java = await api.trace('0af7651916cd43dd8448eb211c80319c');
    expect(java.problems[0]).toMatchObject({ kind: 'error', span: 1 });
    expect(java.strings[java.spans.statement[1]!]).toBe('SELECT * FROM carts WHERE user_id = ?');
    expect((await api.trace('5b8efff798038103d269b633813fc60c')).logs.span).toEqual([0]);
    const dotnet = await api.span('71699b6fe85982c7c8995ea3d9c95df2', '3c191d03fa8be065');
    expect(dotnet.attributes).toEqual([['big', '9223372036854775807']]);
    expect(dotnet.dropped.attributes).toBe(2);
  });

  it('--import shows files from the start, and names the one that it cannot', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'viewer-import-'));
    const path = join(folder, 'trace.json');
    writeFileSync(path, foreign('java.json'));
    const started = await ViewerProcess.start('--no-terminal', '--import', path);
    try {
      const { id } = await new ViewerApi(started).get<TraceList>('/api/traces');
      expect(id).toEqual(['0af7651916cd43dd8448eb211c80319c']);
      writeFileSync(path, '{');
      const failed = ViewerProcess.start('--import', path);
      await expect(failed).rejects.toThrow(/--import \S+trace\.json: Line 1 is no JSON/);
    } finally {
      await started.stop();
      await rm(folder, { recursive: true });
    }
  });
});

describe('P14 a trace as text', () => {
  const used = useViewer();

  it.each([
    ['a small one', 5, 1],
    ['one of 10,000 spans', 10_000, 3],
    ['one whose 10,000 spans all failed', 10_000, 10_000],
  ])('is 12 KB at most and tells what failed: %s', async (_what, count, failures) => {
    const traceId = freshTraceId();
    const exception = {
      'exception.type': 'Failure',
      'exception.message': 'broken \u001b[31mred',
      'exception.stacktrace': `Failure: broken\n    at work (file.ts:1)\n${'    at deep\n'.repeat(50)}`,
    };
    const spans = Array.from({ length: count }, (_, index) =>
      spanOf(traceId, [index + 1, Math.ceil(index / 10), index / 1e3, 20 + index / 1e3], {
        name: `work ${index} ${'x'.repeat(index % 50)}`,
        ...(index > count - failures - 1
          ? { status: { code: 2 }, events: [event('exception', 1, exception)] }
          : {}),
      }),
    );
    for (let from = 0; from < count; from += 2_000) {
      await used.viewer.post('/v1/traces', requestOf('text', spans.slice(from, from + 2_000)));
    }
    const text = await used.api.text(`/api/traces/${traceId}.txt`);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(12 * 1024);
    expect(text).toContain(`trace ${traceId} · text · ${count} spans`);
    expect(text).toMatch(/critical path:\n- /);
    expect(text).toContain('Failure: broken');
    expect(text).toContain('at work (file.ts:1)');
    // oxlint-disable-next-line no-control-regex -- this is what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    const failed = spans.slice(-Math.min(failures, 3)).map(({ name }) => String(name).slice(0, 12));
    if (failures < 10) for (const name of failed) expect(text).toContain(name);
    else expect(text).toMatch(/\d+ spans more that failed/);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { TRACE_FLAG, type TraceList } from '../../../apps/viewer/src/wire/trace-list.interface.js';
import { TracingApp } from '../../support/tracing-app.js';
import { freshTraceId, protobufTrace, span, traces } from '../support/messages.js';
import { OpenSpansRig, openWork, PATIENT } from '../support/open-spans-rig.js';

const OPEN = '/v1/traces/open';

let rig: OpenSpansRig;
let app: TracingApp | undefined;

beforeAll(async () => {
  rig = await OpenSpansRig.start();
});
afterEach(async () => {
  await app?.close();
  app = undefined;
});
afterAll(() => rig.stop());

describe('P25 spans of our module while they run', () => {
  it('are open on the page, then ended', async () => {
    const endpoint = `http://127.0.0.1:${rig.viewer.grpc}`;
    const viewer = { endpoint: rig.http };
    app = await TracingApp.start({ serviceName: 'orders', endpoint, viewer });
    const { traceId, end } = openWork(app);
    const isOpen = { 'GET /report': 'open', 'write report': 'open' };
    await expect.poll(() => rig.stateOf(traceId), PATIENT).toMatchObject(isOpen);
    const first = await rig.rowOf(traceId);
    expect(first.flags & (TRACE_FLAG.running | TRACE_FLAG.incomplete)).toBe(TRACE_FLAG.running);
    const { spans, strings } = await rig.api.trace(traceId);
    const at = spans.name.findIndex((name) => strings[name] === 'write report');
    const detail = await rig.api.span(traceId, spans.ids.slice(16 * at, 16 * at + 16));
    expect(JSON.stringify(detail)).toContain('report.id');
    const durationOf = async () => (await rig.rowOf(traceId)).duration;
    await expect.poll(durationOf, PATIENT).toBeGreaterThan(first.duration);
    await end();
    const hasEnded = { 'GET /report': 'ended', 'write report': 'ended', 'read carts': 'ended' };
    await expect.poll(() => rig.stateOf(traceId), PATIENT).toEqual(hasEnded);
    const last = await rig.rowOf(traceId);
    expect(last.spans).toBe(3);
    expect(last.flags & TRACE_FLAG.running).toBe(0);
    expect(app.problems).toEqual([]);
    // The calls of this test have spans, so that those to the viewer would have.
    const named = async (name: string) =>
      (await rig.api.get<TraceList>(`/api/traces?q=service:orders+name:${name}`)).id;
    await expect.poll(async () => (await named('GET')).length, PATIENT).toBeGreaterThan(1);
    expect(await named('POST')).toEqual([]);
  });

  it('have no way to the viewer where they go out by another exporter, which is said', async () => {
    app = await TracingApp.start({ exporter: 'none', viewer: true });
    expect(app.problems).toEqual([expect.stringMatching(/viewer: it has no effect, .* OTLP/)]);
  });
});

describe('P25 what a viewer takes for open spans', () => {
  it('is OTLP in both encodings, and no span that was received', async () => {
    const before = await rig.viewer.stats();
    const traceId = freshTraceId();
    expect((await rig.viewer.post(OPEN, traces(span({ traceId })))).status).toBe(200);
    expect(await rig.stateOf(traceId)).toEqual({ good: 'open' });
    const type = { 'content-type': 'application/x-protobuf' };
    expect((await rig.viewer.post(OPEN, protobufTrace('other'), type)).status).toBe(200);
    expect(await rig.stateOf('07'.repeat(16))).toEqual({ other: 'open' });
    expect((await rig.viewer.stats()).received.spans).toBe(before.received.spans);
  });

  it.each<[string, Record<string, string>, string | Buffer, number]>([
    ['from another site', { origin: 'http://evil.example' }, traces(span()), 403],
    ['to another host', { host: 'evil.example:4318' }, traces(span()), 403],
    ['in another type', { 'content-type': 'text/plain' }, traces(span()), 415],
    ['broken off', {}, traces(span()).slice(0, -3), 400],
    ['without ids', {}, traces(span({ traceId: '' })), 400],
    ['too large', {}, Buffer.alloc(17 * 1024 * 1024, 32), 413],
  ])('is refused %s', async (_how, headers, body, status) => {
    expect((await rig.viewer.post(OPEN, body, headers)).status).toBe(status);
  });
});

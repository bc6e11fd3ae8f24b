import { describe, expect, it } from 'vitest';
import { useViewer } from '../support/use-viewer.js';

const STATUSES = ['UNSET', 'OK', 'ERROR'];

let lastId = 0;

/** One span of Jaeger with these tags. */
function jaeger(tags: Record<string, unknown>): string {
  const span = { traceID: String(++lastId), spanID: '1', operationName: 'a', startTime: 1 };
  const list = Object.entries(tags).map(([key, value]) => ({ key, value }));
  return JSON.stringify({ data: [{ spans: [{ ...span, tags: list }], processes: {} }] });
}

/** One span of Zipkin with these tags. */
function zipkin(tags: Record<string, unknown>): string {
  return JSON.stringify([{ traceId: String(++lastId), id: '1', name: 'a', timestamp: 1, tags }]);
}

describe('P15 tags of Jaeger and Zipkin that OTLP has fields for', () => {
  const used = useViewer();

  /** The status, its message and the attributes of the one span of a file. */
  async function read(file: string) {
    const [traceId] = (await used.api.take(file)).traceIds;
    const { spans } = await used.api.trace(traceId!);
    const { statusMessage, attributes } = await used.api.span(traceId!, '1'.padStart(16, '0'));
    return [STATUSES[spans.status[0]!], statusMessage, Object.fromEntries(attributes)];
  }

  const refused = { error: 'connection refused' };

  it.each([
    [refused, ['ERROR', 'connection refused', refused]],
    [{ ...refused, 'otel.status_description': 'told' }, ['ERROR', 'told', refused]],
    [{ ...refused, 'otel.status_code': 'ERROR' }, ['ERROR', 'connection refused', refused]],
    [{ error: 'true' }, ['ERROR', '', {}]],
    [{ error: 'false' }, ['UNSET', '', {}]],
    [{ error: '' }, ['ERROR', '', { error: '' }]],
    [{ 'otel.status_code': 'ERROR' }, ['ERROR', '', {}]],
    [{ 'otel.status_code': 'OK' }, ['OK', '', {}]],
    [{ 'otel.status_code': 'UNSET' }, ['UNSET', '', {}]],
    [{ 'otel.status_code': 'Fine' }, ['UNSET', '', { 'otel.status_code': 'Fine' }]],
    [{ 'otel.status_description': 'told' }, ['UNSET', 'told', {}]],
  ])('%j is read of both', async (tags, expected) => {
    expect(await read(jaeger(tags))).toEqual(expected);
    expect(await read(zipkin(tags))).toEqual(expected);
  });

  it.each([
    [{ error: true }, ['ERROR', '', {}]],
    [{ error: false }, ['UNSET', '', {}]],
    [{ error: 7 }, ['UNSET', '', { error: '7' }]],
    [{ 'otel.status_code': true }, ['UNSET', '', { 'otel.status_code': 'true' }]],
    [{ 'otel.status_description': false }, ['UNSET', '', { 'otel.status_description': 'false' }]],
    [{ 'span.kind': 'ingress' }, ['UNSET', '', { 'span.kind': 'ingress' }]],
    [{ 'span.kind': true }, ['UNSET', '', { 'span.kind': 'true' }]],
    [{ 'span.kind': 'server' }, ['UNSET', '', {}]],
    [{ 'otel.scope.name': true }, ['UNSET', '', { 'otel.scope.name': 'true' }]],
    [{ 'w3c.tracestate': false }, ['UNSET', '', { 'w3c.tracestate': 'false' }]],
    [{ 'internal.span.format': true }, ['UNSET', '', { 'internal.span.format': 'true' }]],
  ])('%j is read of Jaeger', async (tags, expected) => {
    const [status, message, attributes] = await read(jaeger(tags));
    const texts = Object.entries(attributes as object).map(([key, value]) => [key, String(value)]);
    expect([status, message, Object.fromEntries(texts)]).toEqual(expected);
  });
});

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { callGrpc } from './support/grpc-caller.js';
import { deepAttribute, field, logs, protobufTrace, span, traces } from './support/messages.js';
import { ViewerProcess } from './support/viewer-process.js';

const ANY = { stringValue: 'x' };
const attribute = (value: unknown) => span({ attributes: [{ key: 'k', value }] });

function nested(depth: number, wrap: (inner: string) => string): string {
  const [before, after] = wrap('|').split('|') as [string, string];
  const value = before.repeat(depth) + '{}' + after.repeat(depth);
  return traces(attribute('@')).replace('"@"', value);
}

describe('what is malformed is refused, counted, and the viewer goes on', () => {
  let viewer: ViewerProcess;

  beforeAll(async () => {
    viewer = await ViewerProcess.start();
  });

  afterAll(() => viewer.stop());

  afterEach(async () => {
    const name = `still here ${crypto.randomUUID()}`;
    expect(await viewer.post('/v1/traces', traces(span({ name })))).toMatchObject({ status: 200 });
    await viewer.printed(name);
  });

  it.each<[string, string]>([
    ['a number for a name', traces(span({ name: 5 }))],
    ['an object for a name', traces(span({ name: {} }))],
    ['an event named 7', traces(span({ events: [{ name: 7 }] }))],
    ['an object with a length for a span id', traces(span({ spanId: { length: 5e8 } }))],
    ['a list for a trace id', traces(span({ traceId: [1, 2] }))],
    ['a short id', traces(span({ spanId: 'ab' }))],
    ['control characters in an id', traces(span({ spanId: '\u001b[31m\r\nowned!!' }))],
    ['control characters in a parent id', traces(span({ parentSpanId: '\u001b[31m\r\nowned!!' }))],
    ['an id of zeros', traces(span({ spanId: '0'.repeat(16) }))],
    ['a link without ids', traces(span({ links: [{}] }))],
    ['an object for the attributes', traces(span({ attributes: { a: 1 } }))],
    ['a number among the attributes', traces(span({ attributes: [5] }))],
    ['null among the attributes', traces(span({ attributes: [null] }))],
    ['a number for a key', traces(span({ attributes: [{ key: 5, value: ANY }] }))],
    ['a text for a value', traces(attribute('x'))],
    ['a list for a value', traces(attribute([]))],
    ['a number for a text', traces(attribute({ stringValue: 5 }))],
    ['a text for a boolean', traces(attribute({ boolValue: 'yes' }))],
    ['an integer beyond 64 bits', traces(attribute({ intValue: '18446744073709551616' }))],
    ['a million digits', traces(attribute({ intValue: '9'.repeat(1_000_000) }))],
    ['half an integer', traces(attribute({ intValue: 1.5 }))],
    ['an object for an integer', traces(attribute({ intValue: { valueOf: 1 } }))],
    ['words for a double', traces(attribute({ doubleValue: 'many' }))],
    ['a number for bytes', traces(attribute({ bytesValue: 5 }))],
    ['an object for the values of a list', traces(attribute({ arrayValue: { values: {} } }))],
    ['a list for a list', traces(attribute({ arrayValue: [] }))],
    ['an object for the spans', traces().replace('[]', '{}')],
    ['a number for a span', traces(5)],
    ['null for a span', traces(null)],
    ['a list for a span', traces([])],
    ['a number for the resource', '{"resourceSpans":[{"resource":5}]}'],
    ['an object for the resources', '{"resourceSpans":{}}'],
    ['a list for the message', '[]'],
    ['a text for the message', '"x"'],
    ['null for the message', 'null'],
    ['half a message', '{"resourceSpans":['],
    ['nothing', ''],
    ['a negative time', traces(span({ startTimeUnixNano: '-1' }))],
    ['a negative number for a time', traces(span({ startTimeUnixNano: -1 }))],
    ['a time beyond 64 bits', traces(span({ endTimeUnixNano: '9'.repeat(21) }))],
    ['words for a time', traces(span({ endTimeUnixNano: 'NaN' }))],
    [
      'a time that is infinite',
      traces(span({ endTimeUnixNano: 1 }))
        .replace('Nano":1,', 'Nano":1e999,')
        .replace('Nano":1}', 'Nano":1e999}'),
    ],
    ['a word for a kind', traces(span({ kind: 'server' }))],
    ['a text for a status', traces(span({ status: 'ERROR' }))],
    ['a number for a status message', traces(span({ status: { message: 5 } }))],
    ['an object for flags', traces(span({ flags: {} }))],
    ['lists 10,000 deep', nested(10_000, (inner) => `{"arrayValue":{"values":[${inner}]}}`)],
    [
      'maps 10,000 deep',
      nested(10_000, (inner) => `{"kvlistValue":{"values":[{"key":"k","value":${inner}}]}}`),
    ],
    ['brackets a million deep', '['.repeat(1_000_000)],
  ])('JSON with %s', async (_case, body) => {
    const before = (await viewer.stats()).refused['malformed'] ?? 0;
    const answer = await viewer.post('/v1/traces', body);
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/json');
    expect(JSON.parse(answer.body)).toEqual({ code: 3, message: expect.any(String) });
    expect(answer.body.length).toBeLessThan(500);
    expect((await viewer.stats()).refused['malformed']).toBe(before + 1);
  });

  it.each<[string, unknown]>([
    ['a number for a severity', { severityText: 5 }],
    ['a text for a severity number', { severityNumber: 'WARN' }],
    ['a text for a body', { body: 'x' }],
    ['an object for an id', { traceId: { length: 5e8 } }],
    ['a number for a time', { timeUnixNano: true }],
  ])('a JSON log record with %s', async (_case, record) => {
    expect((await viewer.post('/v1/logs', logs(record))).status).toBe(400);
  });

  const message = protobufTrace('whole');
  const overlong = Buffer.concat([Buffer.from([0x0a]), Buffer.alloc(11, 0xff), Buffer.from([1])]);
  const broken: [string, Buffer][] = [
    ['a truncated message', message.subarray(0, message.length - 3)],
    ['an over-long varint', overlong],
    ['a length beyond the end', Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0x07])],
    ['ids of two bytes', field(1, field(2, field(2, field(1, 'ab'), field(2, 'cd'))))],
    ['an id of 64 KB', field(1, field(2, field(2, field(1, Buffer.alloc(65_536, 1)))))],
    ['a value 10,000 deep', protobufTrace('deep', deepAttribute(10_000))],
    ['groups 10,000 deep', Buffer.alloc(10_000, 0x0b)],
    ['bytes of noise', Buffer.from([1, 2, 3])],
  ];

  it.each(broken)('protobuf over HTTP: %s', async (_case, body) => {
    const before = (await viewer.stats()).refused['malformed'] ?? 0;
    const type = 'application/x-protobuf';
    const answer = await viewer.post('/v1/traces', body, { 'content-type': type });
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe(type);
    expect((await viewer.stats()).refused['malformed']).toBe(before + 1);
  });

  it.each(broken)('protobuf over gRPC: %s', async (_case, body) => {
    const before = (await viewer.stats()).refused['malformed'] ?? 0;
    expect(await callGrpc(viewer.grpc, body)).toBe('INVALID_ARGUMENT');
    expect((await viewer.stats()).refused['malformed']).toBe(before + 1);
    expect(await callGrpc(viewer.grpc, protobufTrace('good'))).toBe('OK');
  });

  it('tells what it refused at most once per interval', () => {
    const lines = viewer.errors.split('\n').filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(12);
    expect(viewer.errors).not.toContain('\u001b');
  });
});

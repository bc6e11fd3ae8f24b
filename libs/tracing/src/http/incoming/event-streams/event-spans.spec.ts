import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { recordSpans } from '../../../testing/index.js';
import { EventCount } from './event-count.js';
import { EventSpans } from './event-spans.js';
import type { SseStream } from './sse-stream.js';

const spans = recordSpans();
afterEach(() => spans.reset());
afterAll(() => spans.stop());

const ORIGIN = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 };
const origin = trace.setSpanContext(ROOT_CONTEXT, ORIGIN);

/** A stream whose events end as they are told to. */
function streamOf(writeMessage: SseStream['writeMessage']): SseStream {
  return { writeMessage };
}

describe('the spans of server-sent events', () => {
  it('SE3 are ended as failed by an event that cannot be written, now or later', () => {
    const thrown = new TypeError('no text');
    const throwing = streamOf(() => {
      throw thrown;
    });
    const failing = streamOf((_, written) => written(new RangeError('torn')));
    const told: unknown[] = [];
    new EventSpans(origin, '/events').of(throwing);
    new EventSpans(origin, '/events').of(failing);
    expect(() => throwing.writeMessage({ data: 1 }, () => undefined)).toThrow(thrown);
    failing.writeMessage({ data: 1 }, (error) => told.push(error));
    expect(told).toMatchObject([{ message: 'torn' }]);
    const ended = spans.named('send event /events');
    expect(ended.map(({ kind }) => kind)).toEqual([SpanKind.PRODUCER, SpanKind.PRODUCER]);
    expect(ended.map(({ status }) => status)).toEqual([
      { code: SpanStatusCode.ERROR, message: 'no text' },
      { code: SpanStatusCode.ERROR, message: 'torn' },
    ]);
  });

  it('SE1 counts what is written as an event, whatever becomes of it', () => {
    const stream = streamOf((_, written) => written());
    const count = new EventCount().of(stream);
    for (const message of [{ data: 'a' }, { comment: 'b' }, { comment: 'c', data: 'd' }])
      stream.writeMessage(message, () => undefined);
    expect(count.value).toBe(2);
  });
});

import { describe, expect, it } from 'vitest';
import { log, span, TRACE_ID } from '../testing/fixtures.js';
import type { ReceivedLog, ReceivedSpan } from '../telemetry.interface.js';
import { PLAIN } from './palette.js';
import { renderTrace } from './render-trace.js';

function render(spans: ReceivedSpan[], logs: ReceivedLog[] = [], revision = 0): string[] {
  const names = (_traceId: string, spanId: string) => (spanId === 'handle' ? 'handle' : undefined);
  const trace = { traceId: TRACE_ID, spans, logs, revision, dropped: { spans: 0, logs: 0 } };
  return renderTrace(trace, { palette: PLAIN, spanName: names });
}

describe('renderTrace', () => {
  it('prints spans as an indented tree in order of time, log lines in their place', () => {
    const spans = [
      span('shard 1', 'handle', { startMillis: 2, attributes: { 'db.shard': 1 } }),
      span('SELECT', 'shard 0', { startMillis: 2, kind: 'CLIENT', status: 'OK' }),
      span('handle', undefined, { attributes: { 'request.key': 'user:42' } }),
      span('shard 0', 'handle', { startMillis: 1, status: 'ERROR', statusMessage: 'refused' }),
    ];
    expect(render(spans, [log('looked up', 'handle', 4), log('asked', 'shard 0', 3)])).toEqual([
      `trace ${TRACE_ID} · demo · 4 spans · 2 log lines · 7.0 ms`,
      'handle  5.0 ms  UNSET  request.key=user:42',
      '├─ shard 0  5.0 ms  ERROR (refused)',
      '│  ├─ SELECT  CLIENT  5.0 ms  OK',
      '│  └─ • INFO  asked',
      '├─ shard 1  5.0 ms  UNSET  db.shard=1',
      '└─ • INFO  looked up',
    ]);
  });

  it('prints tasks that started at the same time in the order of their items', () => {
    const task = (index: number) =>
      span(`task ${index}`, 'map', { attributes: { 'async.task.index': index } });
    const names = render([task(2), task(0), task(1), span('map')]).slice(2);
    expect(names.map((line) => line.slice(3, 9))).toEqual(['task 0', 'task 1', 'task 2']);
  });

  it('says which parent never arrived and keeps its children together', () => {
    const spans = [span('one', 'gone', { startMillis: 1 }), span('two', 'gone'), span('root')];
    expect(render(spans).slice(1)).toEqual([
      'root  5.0 ms  UNSET',
      '(missing parent gone: it never arrived)',
      '├─ two  5.0 ms  UNSET',
      '└─ one  5.0 ms  UNSET',
    ]);
  });

  it('shows log lines whose span never arrived', () => {
    expect(render([], [log('lost', 'gone')])).toEqual([
      `trace ${TRACE_ID} · 0 spans · 1 log line`,
      '(missing span gone: it never arrived)',
      '└─ • INFO  lost',
    ]);
  });

  it('tells the service where a trace goes on in another process', () => {
    const [heading, , , line] = render([
      span('handle'),
      span('GET', 'handle', { kind: 'CLIENT' }),
      span('GET /', 'GET', { kind: 'SERVER', parentIsRemote: true, service: 'pricing' }),
    ]);
    expect(heading).toContain('· demo · pricing ·');
    expect(line).toBe('   └─ GET /  SERVER  5.0 ms  UNSET  ⇄ pricing');
  });

  it('does not call a parent in another process missing', () => {
    const [, line] = render([span('GET /', 'caller', { parentIsRemote: true })]);
    expect(line).toBe('GET /  5.0 ms  UNSET  parent caller in another process');
  });

  it('shows spans that are their own ancestors instead of losing them', () => {
    const lines = render([span('one', 'two'), span('two', 'one'), span('self', 'self')]);
    expect(lines.slice(1).map((line) => line.replaceAll(/ {2}.*$/g, ''))).toEqual([
      'one',
      '└─ two',
      'self',
    ]);
  });

  it('shows links with the name of their span, exceptions and other events', () => {
    const audit = span('audit', undefined, {
      links: [{ traceId: 'f'.repeat(32), spanId: 'handle', attributes: {} }],
      events: [
        {
          name: 'exception',
          timeNanos: 1n,
          attributes: { 'exception.type': 'NotFound', 'exception.message': 'no such key' },
        },
        { name: 'retry', timeNanos: 2n, attributes: { attempt: 2 } },
      ],
    });
    expect(render([audit], [], 1)).toEqual([
      `trace ${TRACE_ID} · demo · 1 span · 5.0 ms · shown again: more arrived`,
      'audit  5.0 ms  UNSET',
      '├─ ↪ linked to handle in trace ffffffff…',
      '├─ ! NotFound: no such key',
      '└─ ◦ retry  attempt=2',
    ]);
  });

  it('tells a cancelled task from a failed one, and how many of a group ended in which way', () => {
    const group = span('group', undefined, {
      status: 'ERROR',
      statusMessage: 'refused',
      attributes: {
        'async.group.tasks.total': 3,
        'async.group.tasks.ok': 0,
        'async.group.tasks.error': 1,
        'async.group.tasks.cancelled': '2',
      },
    });
    const failed = span('failed', 'group', { status: 'ERROR', statusMessage: 'refused' });
    const cancelled = { 'async.task.outcome': 'cancelled', 'async.task.cancel.reason': 'late' };
    const spans = [
      group,
      failed,
      span('one', 'group', { status: 'ERROR', statusMessage: 'late', attributes: cancelled }),
      span('two', 'group', { attributes: cancelled }),
      span('three', 'group', { attributes: { 'async.task.outcome': 'ok' } }),
    ];
    expect(render(spans).slice(1)).toEqual([
      'group  5.0 ms  ERROR (refused)  3 tasks: 1 error, 2 cancelled',
      '├─ failed  5.0 ms  ERROR (refused)',
      '├─ one  5.0 ms  ERROR cancelled (late)',
      '├─ two  5.0 ms  UNSET cancelled (late)',
      '└─ three  5.0 ms  UNSET',
    ]);
  });

  it('shows where the work is that a span has detached', () => {
    const attributes = { 'async.detached.name': 'audit', 'async.detached.trace_id': TRACE_ID };
    const events = [{ name: 'async.detached.started', timeNanos: 1n, attributes }];
    expect(render([span('handle', undefined, { events })])[2]).toBe(
      '└─ ↪ started audit in trace aaaaaaaa…',
    );
  });

  it('shows how slow a slow query was, and what was asked again and again', () => {
    const events = [
      { name: 'slow query', timeNanos: 1n, attributes: { 'typeorm.query.duration_ms': 302.2923 } },
      {
        name: 'repeated query',
        timeNanos: 2n,
        attributes: { 'typeorm.query.count': '5', 'db.query.summary': 'SELECT "users"' },
      },
      { name: 'slow query', timeNanos: 3n, attributes: { 'typeorm.query.duration_ms': 1e308 } },
    ];
    expect(render([span('handle', undefined, { events })]).slice(2)).toEqual([
      '├─ ◦ slow query: 302.3 ms',
      '├─ ◦ repeated query: 5 × SELECT "users"',
      '└─ ◦ slow query: 0 µs',
    ]);
  });

  it('shows where the event loop was blocked, as far as that is told', () => {
    const blocked = {
      'event_loop.blocked.duration_ms': '412',
      'event_loop.blocked.cause': 'js',
      'code.function.name': 'priceOf',
      'code.file.path': '/app/src/orders/prices.ts',
      'code.line.number': 42,
    };
    const events = [
      { name: 'event_loop.blocked', timeNanos: 1n, attributes: blocked },
      { name: 'event_loop.blocked', timeNanos: 2n, attributes: {} },
    ];
    expect(render([span('handle', undefined, { events })]).slice(2)).toEqual([
      '├─ ◦ blocked the event loop: 412 ms (js) at priceOf (prices.ts:42)',
      '└─ ◦ blocked the event loop: 0 ms (unknown)',
    ]);
  });

  it('lets no sender steer the terminal', () => {
    const lines = render([
      span('evil\u001b[2J\nname', undefined, { attributes: { a: '\u009b1m' } }),
    ]);
    expect(lines[1]).toBe('evil\u{fffd}[2J name  5.0 ms  UNSET  a=\u{fffd}1m');
  });

  it('cuts long values and leaves out the well-known noise', () => {
    const attributes = { 'code.function.name': 'handle', 'db.query.text': 'S'.repeat(100) };
    const [, line] = render([span('SELECT', undefined, { attributes })]);
    expect(line).toBe(`SELECT  5.0 ms  UNSET  db.query.text=${'S'.repeat(48)}…`);
  });
});

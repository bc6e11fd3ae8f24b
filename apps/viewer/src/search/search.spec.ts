import { describe, expect, it } from 'vitest';
import { TraceStore } from '../store/trace-store.js';
import type { StoredTrace } from '../store/stored-trace.js';
import { log, span, TRACE_ID } from '../testing/fixtures.js';
import { readSearch } from './read-search.js';

const EXCEPTION = { 'exception.type': 'Gone', 'exception.message': 'No such order' };

/** `GET /orders/:id` of the service orders, 250 ms, with a failing statement and a log line. */
function orderTrace(): StoredTrace {
  const store = new TraceStore({ maxSpans: 1_000 });
  const root = span('root', undefined, {
    name: 'GET',
    kind: 'SERVER',
    service: 'orders',
    endNanos: 250_000_000n,
    attributes: { 'http.route': '/orders/:id', 'http.request.method': 'GET', 'user.id': 42 },
  });
  const statement = span('query', 'root', {
    name: 'SELECT orders',
    kind: 'CLIENT',
    service: 'Orders DB',
    status: 'ERROR',
    statusMessage: 'timed out',
    attributes: { 'db.query.text': 'select * from "orders"', 'rows.read': 17 },
    events: [{ name: 'exception', timeNanos: 1n, attributes: EXCEPTION }],
  });
  store.add({ spans: [root, statement], logs: [log('Order not found', 'root')] });
  return store.trace(TRACE_ID)!;
}

describe('P13 a search', () => {
  it.each([
    '',
    'select',
    '"no such order"',
    'TIMED',
    'get orders',
    'aaaa',
    'service:orders',
    'service:"orders db"',
    'service:other,orders',
    'name:"select orders"',
    'route:/orders/',
    'status:error',
    '-status:ok',
    'status:unset',
    'kind:server',
    'duration:>200ms',
    'duration:250',
    'duration:0.25s',
    'duration:200ms..1s',
    'duration:<=250000us',
    'spans:2',
    'spans:>1 errors:1 logs:>0',
    'attr:user.id=42',
    'attr:user.id',
    'attr:user.id>41',
    'attr:rows.read<18',
    'attr:db.query.text~FROM',
    'log:"not found"',
    `trace:${TRACE_ID.slice(0, 5)}`,
    'has:log has:exception',
    '-has:n+1',
    'service:orders status:error attr:user.id=42 duration:>200ms order',
    '-"service:none"',
  ])('%j finds the order', (query) => {
    expect(readSearch(query).matches(orderTrace(), false)).toBe(true);
  });

  it.each([
    'nothing',
    'service:order',
    'name:POST',
    'status:ok',
    'kind:consumer',
    'duration:<200ms',
    'duration:1s..2s',
    'spans:>2',
    'attr:user.id=4',
    'attr:user',
    'attr:user.id>42',
    'attr:db.query.text>1',
    'log:select',
    'trace:b',
    'has:n+1',
    'has:running',
    '-select',
    'status:error nothing',
  ])('%j does not', (query) => {
    expect(readSearch(query).matches(orderTrace(), false)).toBe(false);
  });

  it.each([
    ['colour:red', 0, /no "colour:"/],
    ['ok  duration:fast', 4, /"duration:" wants a time/],
    ['status:bad', 0, /error, ok or unset/],
    ['a "b', 2, /not closed/],
    ['has:everything', 0, /badges/],
    ['attr:', 0, /wants a key/],
    ['attr:a>b', 0, /wants a key/],
    ['toString:x', 0, /no "tostring:"/],
    ['x'.repeat(1_001), 1_000, /1000 characters/],
  ])('says of %j where it is wrong, and how', (query, at, message) => {
    expect(() => readSearch(query)).toThrow(expect.objectContaining({ at }));
    expect(() => readSearch(query)).toThrow(message);
  });

  it('takes what is running only while it runs', () => {
    expect(readSearch('has:running').matches(orderTrace(), true)).toBe(true);
  });
});

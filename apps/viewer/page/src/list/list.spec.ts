import { describe, expect, it } from 'vitest';
import { TRACE_FLAG } from '../../../src/wire/trace-list.interface.js';
import { fittingChips } from './fitting-chips.js';
import { held, ordered } from './list-order.js';
import { searchFlipped, searchHolds, suggestions, withAttributes } from './search-terms.js';
import { chipsOf, stateOf, type TraceRow } from './trace-row.js';

const row = (id: string, fields: Partial<TraceRow> = {}): TraceRow => ({
  id,
  start: 0,
  duration: 0,
  name: '',
  route: '',
  hint: '',
  service: '',
  kind: 'SERVER',
  spans: 1,
  errors: 0,
  logs: 0,
  services: 1,
  flags: 0,
  repeated: 0,
  repeatedCalls: 0,
  blocked: 0,
  cancelled: 0,
  detached: 0,
  lost: 0,
  leftOut: 0,
  missing: 0,
  ...fields,
});

describe('the order of the list', () => {
  it('has the newest first, or the slowest, and the newest among equals', () => {
    const rows = [
      row('old', { start: 1, duration: 9 }),
      row('new', { start: 2 }),
      row('mid', { start: 1.5 }),
    ];
    expect(ordered(rows, 'newest')).toEqual(['new', 'mid', 'old']);
    expect(ordered(rows, 'slowest')).toEqual(['old', 'new', 'mid']);
  });

  it('does not move while it is held', () => {
    const rows = new Map(
      [row('new', { start: 3 }), row('b'), row('a')].map((each) => [each.id, each]),
    );
    expect(held(['a', 'gone', 'b'], rows)).toEqual(['a', 'b']);
  });
});

describe('the marks of a trace', () => {
  it('say what is worth a look, and nothing else', () => {
    expect(chipsOf(row('a'))).toEqual([]);
    const busy = row('a', {
      repeated: 47,
      blocked: 320.4,
      cancelled: 2,
      detached: 1,
      repeatedCalls: 100,
      lost: 3,
      leftOut: 998_465,
      missing: 1,
    });
    expect(chipsOf({ ...busy, flags: TRACE_FLAG.skewed }).map(({ text }) => text)).toEqual([
      'N+1 ×47',
      'repeated ×100',
      'blocked 320 ms',
      '2 cancelled',
      '1 detached',
      '3 lost',
      '998,465 left out',
      '1 missing',
      'clock skew',
    ]);
  });

  it('are said whole as far as there is room, the worst first, and the others are counted', () => {
    const chips = chipsOf(row('a', { repeated: 120, blocked: 280, detached: 1, missing: 1 }));
    const texts = (room: number) => fittingChips([], chips, room).map(({ text }) => text);
    expect(texts(400)).toEqual(['N+1 ×120', 'blocked 280 ms', '1 detached', '1 missing']);
    expect(texts(250)).toEqual(['blocked 280 ms', 'N+1 ×120', '+2']);
    expect(texts(140)).toEqual(['blocked 280 ms', '+3']);
    expect(texts(110)).toEqual(['N+1 ×120', '+3']);
    expect(texts(20)).toEqual(['+4']);
    expect(fittingChips([], chips, 140).at(-1)?.title).toBe('N+1 ×120, 1 missing, 1 detached');
  });

  it('say how it went', () => {
    expect(stateOf(row('a', { flags: TRACE_FLAG.error | TRACE_FLAG.running }))).toBe('running');
    expect(stateOf(row('a', { flags: TRACE_FLAG.error }))).toBe('error');
    expect(stateOf(row('a'))).toBe('ok');
  });
});

describe('the search', () => {
  it('gains and loses a term by a click, and keeps what was typed', () => {
    expect(searchFlipped('user 42', 'status:error')).toBe('user 42 status:error');
    expect(searchFlipped('user status:error  42', 'status:error')).toBe('user 42');
    expect(searchHolds('a status:error', 'status:error')).toBe(true);
    expect(searchHolds('-status:error', 'status:error')).toBe(false);
  });

  it('keeps what stands in quotation marks in one piece', () => {
    expect(searchFlipped('"status:error is text" x', 'status:error')).toBe(
      '"status:error is text" x status:error',
    );
  });

  it('asks for an attribute where a key and its value were written alone', () => {
    expect(withAttributes('slow order.id=7')).toBe('slow attr:order.id=7');
    expect(withAttributes('-user.id>5')).toBe('-attr:user.id>5');
    for (const query of ['', 'duration:>5ms', 'attr:a=b', '"a b=c"', 'a = b', 'slow']) {
      expect(withAttributes(query)).toBe(query);
    }
  });

  it('is completed from what arrived', () => {
    const terms = {
      services: ['orders', 'audit log'],
      routes: ['GET /a'],
      attributes: ['user.id'],
      has: ['n+1'],
    };
    expect(suggestions('x serv', terms)).toEqual(['x service:']);
    expect(suggestions('x service:o', terms)).toEqual(['x service:orders ']);
    expect(suggestions('service:a', terms)).toEqual(['service:"audit log" ']);
    expect(suggestions('attr:us', terms)).toEqual(['attr:user.id=']);
    expect(suggestions('-has:', terms)).toEqual(['-has:n+1 ']);
    expect(suggestions('', terms)).toEqual([]);
  });
});

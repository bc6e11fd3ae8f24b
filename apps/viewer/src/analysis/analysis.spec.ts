import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReceivedSpan } from '../telemetry.interface.js';
import { span } from '../testing/fixtures.js';
import { SPAN_FLAG } from '../wire/span-codes.js';
import { criticalPath, longestRoot } from './critical-path.js';
import { selfTimes } from './self-time.js';
import { arrange, type SpanTable } from './span-table.js';

const EPOCH = 1_700_000_000_000_000_000n;

/** Few ids and few times: circles, ties, overlaps and spans that outlive their parents come by themselves. */
const ANY_TRACE = fc.array(
  fc
    .record({
      id: fc.integer({ min: 0, max: 12 }),
      parent: fc.option(fc.integer({ min: 0, max: 14 }), { nil: undefined }),
      start: fc.integer({ min: 0, max: 30 }),
      length: fc.integer({ min: -3, max: 20 }),
      unit: fc.constantFrom(1_000n, 250_000n, 1_000_000n),
      parentIsRemote: fc.boolean(),
      kind: fc.constantFrom('INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'),
      service: fc.constantFrom('a', 'b', 'c'),
    })
    .map(({ id, parent, start, length, unit, ...fields }): ReceivedSpan => {
      const startNanos = EPOCH + BigInt(start) * unit;
      const endNanos = startNanos + BigInt(length) * unit;
      const parentId = parent === undefined ? undefined : `s${parent}`;
      return span(`s${id}`, parentId, { ...fields, startNanos, endNanos });
    }),
  { minLength: 1, maxLength: 40 },
);

function times(from: number, to: number) {
  return {
    startNanos: EPOCH + BigInt(Math.round(from * 1e6)),
    endNanos: EPOCH + BigInt(Math.round(to * 1e6)),
  };
}

function namesOnPath(table: SpanTable): string[] {
  const path = criticalPath(table, longestRoot(table));
  return [...new Set(path.map(({ span: at }) => table.ids[at]!))];
}

describe('P21 a trace of any shape', () => {
  it('has every span in its table, parents before their children, siblings by time', () => {
    fc.assert(
      fc.property(ANY_TRACE, (spans) => {
        const table = arrange(spans);
        expect(new Set(table.spans.filter(Boolean))).toEqual(new Set(spans));
        const last = new Map<number, number>();
        for (const [at, above] of table.parent.entries()) {
          expect(above).toBeLessThan(at);
          // The roots that were cut out of circles come last.
          const isCut = (table.flags[at]! & SPAN_FLAG.cut) !== 0;
          if (!isCut) expect(table.start[at]).toBeGreaterThanOrEqual(last.get(above) ?? -Infinity);
          last.set(above, table.start[at]!);
          expect(table.end[at]).toBeGreaterThanOrEqual(table.start[at]!);
          expect(table.start[at]).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });

  it('starts where it is known to when a sender left a start out', () => {
    const table = arrange([
      span('root', undefined, times(0, 10)),
      span('unknown', 'root', { startNanos: 0n, endNanos: EPOCH + 5_000_000n }),
    ]);
    expect([...table.end]).toEqual([10_000, 5_000]);
  });

  it('is arranged in linear time: 100,000 deep, 100,000 wide', () => {
    const deep = Array.from({ length: 100_000 }, (_, at) =>
      span(`s${at}`, at === 0 ? undefined : `s${at - 1}`, times(at / 1e3, 200 - at / 1e3)),
    );
    const wide = deep.map((each, at) => (at === 0 ? each : { ...each, parentSpanId: 's0' }));
    for (const spans of [deep, wide]) {
      const table = arrange(spans);
      expect(table.length).toBe(100_000);
      expect(criticalPath(table, 0).length).toBeGreaterThan(0);
      expect(selfTimes(table).every((self) => self >= 0)).toBe(true);
    }
  });
});

describe('P5 the critical path', () => {
  it('has disjoint sections that add up to the duration of its root, for any trace', () => {
    fc.assert(
      fc.property(ANY_TRACE, (spans) => {
        const table = arrange(spans);
        const root = longestRoot(table);
        let at = table.start[root]!;
        for (const { start, end } of criticalPath(table, root)) {
          expect(start).toBeCloseTo(at, 6);
          expect(end).toBeGreaterThan(start);
          at = end;
        }
        expect(at).toBeCloseTo(table.end[root]!, 6);
      }),
    );
  });

  it('holds every child of a sequence', () => {
    const table = arrange([
      span('root', undefined, times(0, 10)),
      span('one', 'root', times(0, 3.4)),
      span('two', 'root', times(3.4, 6.7)),
      span('three', 'root', times(6.7, 9.5)),
    ]);
    expect(namesOnPath(table).toSorted()).toEqual(['one', 'root', 'three', 'two']);
  });

  it('holds them though their starts were cut to the millisecond', () => {
    const table = arrange([
      span('root', undefined, times(0, 10)),
      span('one', 'root', times(0, 3.4)),
      span('two', 'root', times(3, 6.7)),
      span('three', 'root', times(6, 9.5)),
    ]);
    expect(namesOnPath(table).toSorted()).toEqual(['one', 'root', 'three', 'two']);
  });

  it('waits for the task that ended last, not for its siblings', () => {
    const table = arrange([
      span('root', undefined, times(0, 10)),
      span('quick', 'root', times(1.2, 3.1)),
      span('slow', 'root', times(1.1, 9.1)),
    ]);
    expect(namesOnPath(table)).toEqual(['root', 'slow']);
  });
});

describe('P6 self time', () => {
  it('is the duration without the union of the children, and never negative', () => {
    const table = arrange([
      span('root', undefined, times(0, 10)),
      span('one', 'root', times(1, 4)),
      span('two', 'root', times(3, 6)),
      span('late', 'root', times(9, 14)),
    ]);
    expect([...selfTimes(table)]).toEqual([4_000, 3_000, 3_000, 5_000]);
  });

  it('is between 0 and the duration, for any trace', () => {
    fc.assert(
      fc.property(ANY_TRACE, (spans) => {
        const table = arrange(spans);
        for (const [at, self] of selfTimes(table).entries()) {
          expect(self).toBeGreaterThanOrEqual(0);
          expect(self).toBeLessThanOrEqual(table.end[at]! - table.start[at]! + 1e-6);
        }
      }),
    );
  });
});

describe('P27 clocks that differ', () => {
  const call = span('call', undefined, { ...times(0, 10), kind: 'CLIENT', service: 'a' });

  it('are told, and their spans moved into the call', () => {
    const server = { ...times(-5_000, -4_994), kind: 'SERVER', service: 'b' };
    const table = arrange([call, span('answer', 'call', server), span('below', 'answer', server)]);
    expect(table.ids).toEqual(['call', 'answer', 'below']);
    expect(table.start[1]).toBeCloseTo(2_000, 3);
    expect(table.flags[1]! & SPAN_FLAG.moved).toBe(SPAN_FLAG.moved);
    expect(table.offsets[1]! / 1e6).toBeCloseTo(5.002, 3);
  });

  it('are not suspected when a server goes on after its caller gave up', () => {
    const server = { ...times(2, 40), kind: 'SERVER', service: 'b' };
    const table = arrange([call, span('answer', 'call', server)]);
    expect([...table.offsets]).toEqual([0, 0]);
  });

  it('are not suspected within the millisecond that starts are cut to', () => {
    const server = { ...times(-0.9, 5), kind: 'SERVER', service: 'b' };
    expect([...arrange([call, span('answer', 'call', server)]).offsets]).toEqual([0, 0]);
  });
});

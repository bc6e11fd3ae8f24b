import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyTrees } from '../testing/any-tree.js';
import { traceDetail, type SpanSketch } from '../testing/trace-detail.js';
import { align, topChanges } from './align.js';
import { findSpans, nextOf } from './find.js';
import { icicleOf } from './icicle.js';
import { operationsOf } from './operations.js';
import { abortOf, selfSegments } from './self-segments.js';
import { modelOf, textOf } from './trace-model.js';

const model = (...roots: SpanSketch[]) => modelOf(traceDetail(roots));

describe('self time', () => {
  it('P6 is what the drawn segments add up to, for any tree', () => {
    fc.assert(
      fc.property(anyTrees, (roots) => {
        const made = model(...roots);
        for (let span = 0; span < made.count; span++) {
          const segments = selfSegments(made, span);
          let drawn = 0;
          for (let index = 0; index < segments.length; index += 2) {
            expect(segments[index + 1]!).toBeGreaterThan(segments[index]!);
            drawn += segments[index + 1]! - segments[index]!;
          }
          expect(drawn).toBe(made.self[span]!);
        }
      }),
    );
  });
});

describe('the moment of the abort', () => {
  const group = (...children: SpanSketch[]) => model({ name: 'group', takes: 100, children });

  it('P7 is the end of the task that failed first', () => {
    const made = group(
      { name: 'slow', at: 0, takes: 50, outcome: 'cancelled' },
      { name: 'broken', at: 0, takes: 20, outcome: 'error', isFailed: true },
      { name: 'late', at: 60, outcome: 'not_started' },
    );
    expect(abortOf(made, 0)).toBe(20);
  });

  it('P7 is not there if nobody was called off', () => {
    const made = group(
      { name: 'one', at: 0, takes: 50, outcome: 'ok' },
      { name: 'broken', at: 0, takes: 20, outcome: 'error', isFailed: true },
    );
    expect(abortOf(made, 0)).toBe(-1);
  });

  it('P7 comes from the group above if that one was called off', () => {
    const inner = { name: 'inner', at: 0, takes: 30, outcome: 'cancelled' as const };
    const task = { name: 'task', at: 0, takes: 30, outcome: 'cancelled' as const };
    const made = group(
      { ...inner, children: [task] },
      { name: 'broken', at: 0, takes: 25, outcome: 'error', isFailed: true },
    );
    expect(abortOf(made, 1)).toBe(25);
  });
});

describe('find in a trace', () => {
  it('P13 looks into names, statements, events and log lines, whatever the case', () => {
    const made = model(
      { name: 'GET /Orders' },
      { name: 'query', statement: 'SELECT * FROM orders' },
      { name: 'x', logs: [{ at: 1, message: 'order 7 is late' }] },
      { name: 'y', events: [{ at: 1, name: 'exception', text: 'OrderError: no' }] },
      { name: 'other' },
    );
    expect(findSpans(made, ' ORDER ')).toEqual([0, 1, 2, 3]);
    expect(findSpans(made, '')).toEqual([]);
  });

  it('P13 walks all matches around the end', () => {
    expect([nextOf([2, 5], -1, 1), nextOf([2, 5], 5, 1), nextOf([2, 5], 2, -1)]).toEqual([2, 2, 5]);
    expect(nextOf([], 0, 1)).toBe(-1);
  });
});

describe('the table by operation', () => {
  it('P6 adds up to the self time of the whole trace', () => {
    fc.assert(
      fc.property(anyTrees, (roots) => {
        const made = model(...roots);
        const rows = operationsOf(made);
        const sum = (values: Iterable<number>) =>
          [...values].reduce((one, other) => one + other, 0);
        expect(sum(rows.map(({ self }) => self))).toBe(sum(made.self));
        expect(sum(rows.map(({ count }) => count))).toBe(made.count);
      }),
    );
  });

  it('P10 counts calls, those that were collapsed into one span as well', () => {
    const calls = (number: number) => ({ name: 'SELECT', takes: 1, calls: number });
    const made = model({ name: 'root', takes: 9, children: [calls(1), calls(0), calls(80)] });
    const row = operationsOf(made).find(({ name }) => textOf(made, name) === 'SELECT');
    expect(row).toMatchObject({ count: 81 });
  });
});

describe('the icicle', () => {
  it('merges what has one path, and children fit into their parent', () => {
    fc.assert(
      fc.property(anyTrees, (roots) => {
        const made = model(...roots);
        const icicle = icicleOf(made);
        expect(icicle.count.reduce((one, other) => one + other, 0)).toBe(made.count);
        for (let frame = 0; frame < icicle.name.length; frame++) {
          const above = icicle.parent[frame]!;
          if (above < 0) continue;
          expect(above).toBeLessThan(frame);
          expect(icicle.offset[frame]!).toBeGreaterThanOrEqual(icicle.offset[above]!);
          expect(icicle.offset[frame]! + icicle.total[frame]!).toBeLessThanOrEqual(
            icicle.offset[above]! + icicle.total[above]!,
          );
        }
      }),
    );
  });
});

describe('two traces compared', () => {
  const loop = (count: number, statement: string) => ({
    name: 'GET /orders',
    takes: 100,
    children: Array.from({ length: count }, (_, at) => ({
      name: 'SELECT',
      at,
      takes: 1,
      statement,
    })),
  });

  it('P12 finds no difference in the same trace twice, for any trace', () => {
    fc.assert(
      fc.property(anyTrees, (roots) => {
        const rows = align(model(...roots), model(...roots));
        expect(topChanges(rows, 5)).toEqual([]);
        const spans = rows.map(({ leftCount }) => leftCount).reduce((a, b) => a + b, 0);
        expect(spans).toBeLessThanOrEqual(model(...roots).count);
        expect(rows.every(({ left, right }) => left === right)).toBe(true);
      }),
    );
  });

  it('P12 shows a query in a loop and its cure as one row with both counts', () => {
    const rows = align(model(loop(47, 'WHERE id = $1')), model(loop(1, 'WHERE id IN ($1)')));
    expect(rows).toHaveLength(2);
    expect(rows[1]).toMatchObject({ leftCount: 47, rightCount: 1, leftTotal: 47, rightTotal: 1 });
  });

  it('P12 compares numbers of calls, those that were collapsed into one span as well', () => {
    const root = (...children: SpanSketch[]) => model({ name: 'root', takes: 99, children });
    const call = { name: 'SELECT', takes: 1 };
    const many = root(...Array.from({ length: 20 }, () => call), { ...call, calls: 80 });
    const [, row] = align(root(call, call, call, call, call), many);
    expect(row).toMatchObject({ leftCount: 5, rightCount: 100 });
    expect(align(root({ ...call, calls: 80 }), root(call))[1]).toMatchObject({ leftCount: 80 });
  });

  it('P12 puts what is new after what it follows, and says what is gone', () => {
    const one = {
      name: 'root',
      takes: 10,
      children: [{ name: 'a' }, { name: 'gone' }, { name: 'b' }],
    };
    const other = {
      name: 'root',
      takes: 10,
      children: [{ name: 'a' }, { name: 'new' }, { name: 'b' }],
    };
    const [left, right] = [model(one), model(other)];
    const rows = align(left, right).map((row) =>
      row.left >= 0
        ? textOf(left, left.name[row.left]!)
        : `+${textOf(right, right.name[row.right]!)}`,
    );
    expect(rows).toEqual(['root', 'a', '+new', 'gone', 'b']);
  });

  it('P12 aligns a chain of 10,000 and a fan of 10,000', () => {
    let chain: SpanSketch = { name: 'end' };
    for (let index = 0; index < 10_000; index++) chain = { name: 'link', children: [chain] };
    expect(align(model(chain), model(chain))).toHaveLength(10_001);
    const fan = {
      name: 'fan',
      children: Array.from({ length: 10_000 }, (_, at) => ({ name: `n${at}` })),
    };
    expect(align(model(fan), model({ name: 'fan' }))).toHaveLength(10_001);
  });
});

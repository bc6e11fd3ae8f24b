import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyTrees } from '../testing/any-tree.js';
import { traceDetail, type SpanSketch } from '../testing/trace-detail.js';
import { ROW, displayTreeOf } from './display-tree.js';
import { rowText } from './row-text.js';
import { modelOf, spanIdOf, spanWithId, textOf } from './trace-model.js';
import { closedAtDepth, isClosed, opened, rowOf, toggled, visibleRows } from './visible-rows.js';
import type { OpenState } from './visible-rows.js';

const ALL = { withFolds: true, withLogs: true, withLinks: true };
const NOTHING: OpenState = { closed: new Set(), opened: new Set() };

/** Names of the rows, indented. */
function rowsOf(roots: readonly SpanSketch[], state: OpenState = NOTHING): string[] {
  const model = modelOf(traceDetail(roots));
  const tree = displayTreeOf(model, ALL);
  return [...visibleRows(tree, state)].map((position) => {
    const ref = tree.ref[position]!;
    const text = {
      [ROW.span]: () => textOf(model, model.name[ref]!),
      [ROW.fold]: () => `×${tree.folds[ref]!.members.length}`,
      [ROW.log]: () => `• ${textOf(model, model.detail.logs.message[ref]!)}`,
      [ROW.link]: () => `↪ ${textOf(model, model.detail.links.name[ref]!)}`,
    }[tree.kind[position]!]!();
    return `${'  '.repeat(tree.depth[position]!)}${text}`;
  });
}

const repeated = (count: number, fields: Partial<SpanSketch> = {}) =>
  Array.from({ length: count }, (_, index) => ({
    name: 'SELECT',
    at: 10 + index,
    takes: 1,
    ...fields,
  }));

describe('rows of a trace', () => {
  it('P9 puts log lines and links between the children of their span, by time', () => {
    const root = {
      name: 'root',
      takes: 100,
      logs: [{ at: 15, message: 'between' }],
      links: [{ traceId: 'c'.repeat(32), name: 'audit', at: 40 }],
      children: [
        { name: 'first', at: 10 },
        { name: 'second', at: 20 },
      ],
    };
    expect(rowsOf([root])).toEqual(['root', '  first', '  • between', '  second', '  ↪ audit']);
  });

  it('P10 folds siblings that repeat into one row, each reachable', () => {
    const root = { name: 'root', takes: 100, children: [...repeated(47), { name: 'end', at: 90 }] };
    expect(rowsOf([root])).toEqual(['root', '  ×47', '  end']);
    const model = modelOf(traceDetail([root]));
    const tree = displayTreeOf(model, ALL);
    const open = opened(tree, NOTHING, tree.positionOfSpan[20]!);
    expect(rowsOf([root], open)).toHaveLength(50);
    expect(rowsOf([root], open)[3]).toBe('    SELECT');
  });

  it('P7 keeps a failed one apart from those like it that went well', () => {
    const children = [...repeated(6), { name: 'SELECT', at: 50, isFailed: true }];
    expect(rowsOf([{ name: 'root', takes: 100, children }])).toEqual(['root', '  ×6', '  SELECT']);
  });

  it('P10 folds what was collapsed with the calls before it, and counts calls', () => {
    const collapsed = { name: 'SELECT', at: 40, takes: 30, calls: 80, statement: 'in short' };
    const failed = { name: 'SELECT', at: 39, calls: 0, isFailed: true };
    const children = [...repeated(20, { statement: 'SELECT 1' }), failed, collapsed];
    const roots = [{ name: 'root', takes: 100, children }];
    expect(rowsOf(roots)).toEqual(['root', '  ×21', '  SELECT']);
    const tree = displayTreeOf(modelOf(traceDetail(roots)), ALL);
    expect(rowText(tree, 1)).toMatchObject({
      chips: [{ text: '×100', tone: 'warn' }],
      label: '100 calls, 50 µs',
    });
  });

  it('P10 says how many calls one span stands for', () => {
    const children = [{ name: 'Prices.priceOf', takes: 9, calls: 1_000 }];
    const tree = displayTreeOf(modelOf(traceDetail([{ name: 'root', takes: 9, children }])), ALL);
    expect(rowText(tree, 1)).toMatchObject({
      chips: [{ text: '×1000', tone: 'plain' }],
      label: '1,000 calls, 9 µs',
    });
  });

  it('P10 does not fold what differs in its statement', () => {
    const children = repeated(6).map((span, index) => ({ ...span, statement: `q${index}` }));
    expect(rowsOf([{ name: 'root', takes: 100, children }])).toHaveLength(7);
  });

  it('P21 shows every span of any tree exactly once, parents first', () => {
    fc.assert(
      fc.property(anyTrees, (roots) => {
        const model = modelOf(traceDetail(roots));
        const tree = displayTreeOf(model, ALL);
        const shown = [...tree.ref].filter((_, position) => tree.kind[position] === ROW.span);
        expect(shown.toSorted((a, b) => a - b)).toEqual([...model.name.keys()]);
        for (let position = 0; position < tree.kind.length; position++) {
          expect(tree.parent[position]!).toBeLessThan(position);
          expect(tree.end[position]!).toBeGreaterThan(position);
        }
      }),
    );
  });

  it('P13 makes any row visible by opening what hides it', () => {
    fc.assert(
      fc.property(
        anyTrees.filter((roots) => roots.length > 0),
        fc.nat(),
        (roots, pick) => {
          const model = modelOf(traceDetail(roots));
          const tree = displayTreeOf(model, ALL);
          const state = closedAtDepth(model, 0, NOTHING);
          const position = tree.positionOfSpan[pick % model.count]!;
          const rows = visibleRows(tree, opened(tree, state, position));
          expect(rows[rowOf(rows, position)]).toBe(position);
        },
      ),
    );
  });

  it('closes and opens a row, and finds the row that hides another', () => {
    const model = modelOf(traceDetail([{ name: 'root', takes: 9, children: [{ name: 'child' }] }]));
    const tree = displayTreeOf(model, ALL);
    const closed = toggled(tree, NOTHING, 0);
    expect(isClosed(tree, closed, 0)).toBe(true);
    expect(rowOf(visibleRows(tree, closed), 1)).toBe(0);
    expect(visibleRows(tree, toggled(tree, closed, 0))).toHaveLength(2);
  });

  it.each([
    ['10,000 deep', 10_000, (index: number) => index - 1],
    ['50,000 wide', 50_000, (index: number) => (index === 0 ? -1 : 0)],
  ])('P2 arranges a trace %s', (_, count, parentOf) => {
    const detail = traceDetail([]);
    const numbers = (valueOf: (index: number) => number) =>
      Array.from({ length: count }, (__, i) => valueOf(i));
    const zero = numbers(() => 0);
    const spans = {
      ids: numbers((index) => index)
        .map((index) => index.toString(16).padStart(16, '0'))
        .join(''),
      parent: numbers(parentOf),
      start: numbers((index) => index),
      duration: numbers((index) => count - index),
      self: zero,
      name: numbers((index) => index % 3),
      service: zero,
      kind: zero,
      status: zero,
      outcome: zero,
      flags: zero,
      statement: numbers(() => -1),
    };
    const model = modelOf({
      ...detail,
      strings: ['a', 'b', 'c'],
      spans,
      services: [{ name: 's', spans: count, skew: 0 }],
    });
    const tree = displayTreeOf(model, { ...ALL, withFolds: false });
    expect(visibleRows(tree, NOTHING)).toHaveLength(count);
    expect(visibleRows(tree, closedAtDepth(model, 1, NOTHING))).toHaveLength(
      count === 10_000 ? 2 : count,
    );
  });

  it('finds a span by its id, never across two ids', () => {
    const model = modelOf(traceDetail([{ name: 'a' }, { name: 'b' }, { name: 'c' }]));
    expect(spanWithId(model, spanIdOf(model, 2))).toBe(2);
    expect(spanWithId(model, `${'0'.repeat(15)}f`)).toBe(-1);
    expect(spanWithId(model, '0100000000000000')).toBe(-1);
  });
});

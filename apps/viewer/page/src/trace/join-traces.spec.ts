import { describe, expect, it } from 'vitest';
import { traceDetail } from '../testing/trace-detail.js';
import { displayTreeOf } from './display-tree.js';
import { joinTraces, linkInto } from './join-traces.js';
import { rowText } from './row-text.js';
import { modelOf, textOf, traceIdOf } from './trace-model.js';
import { visibleRows } from './visible-rows.js';

const WORK = 'c'.repeat(32);
const origin = traceDetail([
  {
    name: 'request',
    takes: 100,
    children: [
      {
        name: 'show',
        at: 10,
        takes: 60,
        links: [{ traceId: WORK, name: 'audit', at: 40 }],
      },
    ],
  },
]);
const sketch = traceDetail([
  {
    name: 'audit',
    at: 5,
    takes: 300,
    service: 'worker',
    children: [
      {
        name: 'insert',
        at: 15,
        takes: 20,
        logs: [{ at: 16, message: 'written' }],
        service: 'shop',
      },
    ],
  },
]);
/** The id that the link of the sketch above names. */
const ids = 'b'.repeat(16) + 'd'.repeat(16);
const work = { ...sketch, traceId: WORK, spans: { ...sketch.spans, ids } };

function modelTogether() {
  const { detail, parts } = joinTraces(origin, [work]);
  return modelOf(detail, parts);
}

describe('traces in one waterfall', () => {
  it('keeps how many calls a span of another trace stands for', () => {
    const { detail } = joinTraces(origin, [
      { ...work, calls: { span: [1], count: [80], total: [7] } },
    ]);
    const { calls, took } = modelOf(detail);
    expect([...calls]).toEqual([1, 1, 1, 80]);
    expect(took[3]).toBe(7);
  });

  it('P8 moves the other to the axis of the one that is open', () => {
    const model = modelTogether();
    expect([...model.start]).toEqual([0, 10, 40, 50]);
    expect(model.detail.logs).toMatchObject({ span: [3], time: [51] });
    expect(model.detail.spans.service.map((at) => model.detail.services[at]!.name)).toEqual([
      'shop',
      'shop',
      'worker',
      'shop',
    ]);
    expect([1, 2, 3].map((span) => traceIdOf(model, span))).toEqual([origin.traceId, WORK, WORK]);
    expect(textOf(model, model.name[3]!)).toBe('insert');
  });

  it('P8 puts it below the row of the link, and leaves self time and depths as they were', () => {
    const model = modelTogether();
    const tree = displayTreeOf(model, { withFolds: true, withLogs: true, withLinks: true });
    const rows = visibleRows(tree, { closed: new Set(), opened: new Set() });
    expect([...rows].map((row) => `${tree.depth[row]} ${rowText(tree, row).text}`)).toEqual([
      '0 request',
      '1 show',
      '2 ↪ started audit',
      '3 audit',
      '4 insert',
      '5 INFO written',
    ]);
    expect([model.self[0], model.self[1], model.ownCount]).toEqual([40, 60, 2]);
  });

  it('leaves out a trace that no link leads to, or that began before', () => {
    expect(joinTraces(origin, [{ ...work, traceId: 'd'.repeat(32) }]).parts).toEqual([]);
    const earlier = { ...origin.links, start: [-1] };
    expect(linkInto({ links: earlier }, WORK)).toBe(-1);
    expect(joinTraces({ ...origin, links: earlier }, [work]).parts).toEqual([]);
  });

  it('P11 has the blocked loops of both, each once, on the span that blocked', () => {
    const band = {
      duration: 8,
      traceId: WORK,
      spanId: 'd'.repeat(16),
      service: 'shop',
      source: 'a.ts:1',
      cause: '',
    };
    const later = { ...band, start: 17, span: -1, traceId: 'e'.repeat(32) };
    const { detail } = joinTraces({ ...origin, blocked: [{ ...band, start: 51, span: -1 }] }, [
      { ...work, blocked: [{ ...band, start: 16, span: 1 }, later] },
    ]);
    expect(detail.blocked.map(({ start, span }) => [start, span])).toEqual([
      [51, 3],
      [52, -1],
    ]);
  });
});

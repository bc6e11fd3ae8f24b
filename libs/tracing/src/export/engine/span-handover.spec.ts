import { emptyResource } from '@opentelemetry/resources';
import { describe, expect, it } from 'vitest';
import { ForwardedSpan } from '../../offload/forwarded-span.js';
import type { EncodedScope } from '../core/outbox.js';
import { SharedLedger } from '../core/shared-ledger.js';
import { LossReporter } from '../loss-reporter.js';
import { SpanAccounts } from '../span-accounts.js';
import type { ExportLane } from './export-lane.interface.js';
import { SpanHandover } from './span-handover.js';

const RESOURCE = emptyResource();

function spanOf(scope: string): ForwardedSpan {
  const data = {
    name: 'task',
    kind: 0,
    context: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 },
    parentSpanId: '',
    startTime: [1, 0] as [number, number],
    endTime: [2, 0] as [number, number],
    attributes: {},
    status: { code: 0 },
    events: [],
    links: [],
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
    instrumentationScope: { name: scope },
  };
  return new ForwardedSpan(data, RESOURCE);
}

describe('the hand-over', () => {
  it('knows a scope by its content: spans of workers bring a copy each', () => {
    const scopes: EncodedScope[] = [];
    const ledger = new SharedLedger();
    const lane: ExportLane = {
      needsLoop: true,
      lagMillis: 0,
      setResource: () => undefined,
      addScope: (scope) => void scopes.push(scope),
      handOver: () => undefined,
      flush: () => Promise.resolve(0),
      drain: () => Promise.resolve(),
      drainBlocking: () => undefined,
      collect: () => ledger.collect(),
    };
    const accounts = new SpanAccounts();
    const losses = new LossReporter(() => undefined);
    const handover = new SpanHandover(2048, accounts, losses, () => lane);
    for (let span = 0; span < 500; span += 1) handover.take(spanOf(`scope ${span % 2}`));
    expect(accounts.queued).toBe(500);
    expect(scopes).toHaveLength(2);
  });
});

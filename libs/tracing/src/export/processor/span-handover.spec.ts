import { setTimeout as sleep } from 'node:timers/promises';
import { emptyResource } from '@opentelemetry/resources';
import { describe, expect, it } from 'vitest';
import { ForwardedSpan } from '../../offload/returning-spans/forwarded-span.js';
import type { EncodedScope } from '../transport/outbox.js';
import { SliceQueue } from '../transport/slice-queue.js';
import { SharedLedger } from '../accounts/shared-ledger.js';
import { LossReporter } from '../accounts/loss-reporter.js';
import { SpanAccounts } from '../accounts/span-accounts.js';
import type { ExportBridge } from '../bridge/export-bridge.interface.js';
import { SpanHandover } from './span-handover.js';

const RESOURCE = emptyResource();

function spanOf(scope: string, text = ''): ForwardedSpan {
  const data = {
    name: 'task',
    kind: 0,
    context: { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 1 },
    parentSpanId: '',
    startTime: [1, 0] as [number, number],
    endTime: [2, 0] as [number, number],
    attributes: { text },
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

function handoverTo(bridge: Partial<ExportBridge>, accounts = new SpanAccounts()): SpanHandover {
  const ledger = new SharedLedger();
  const whole: ExportBridge = {
    needsLoop: true,
    isStarting: false,
    lagMillis: 0,
    setResource: () => undefined,
    addScope: () => undefined,
    handOver: () => undefined,
    flush: () => Promise.resolve(0),
    drain: () => Promise.resolve(),
    drainBlocking: () => undefined,
    collect: () => ledger.collect(),
    ...bridge,
  };
  return new SpanHandover(2048, accounts, new LossReporter(() => undefined), () => whole);
}

describe('the hand-over', () => {
  it('knows a scope by its content: spans of workers bring a copy each', () => {
    const scopes: EncodedScope[] = [];
    const accounts = new SpanAccounts();
    const handover = handoverTo({ addScope: (scope) => void scopes.push(scope) }, accounts);
    for (let span = 0; span < 500; span += 1) handover.take(spanOf(`scope ${span % 2}`));
    expect(accounts.queued).toBe(500);
    expect(scopes).toHaveLength(2);
  });

  it('hands spans over in whole slices, each of them once, and one that is too long shortened', () => {
    let [handedOver, largest] = [0, 0];
    const handOver = (slice: Uint8Array, count: number): void => {
      handedOver += count;
      largest = Math.max(largest, slice.length);
    };
    const accounts = new SpanAccounts();
    const handover = handoverTo({ handOver }, accounts);
    for (let span = 0; span < 5000; span += 1)
      handover.take(spanOf('scope', span % 1000 === 7 ? 'x'.repeat(100_000) : 'x'.repeat(900)));
    handover.handOver();
    expect(handedOver).toBe(2048);
    expect(largest).toBeLessThanOrEqual(256 * 1024);
    expect(accounts.snapshot().dropped).toMatchObject({ too_large: 0, queue_full: 2952 });
  });

  it('is not thrown off by an attribute that ends another span while it is read', () => {
    const slices: Uint8Array[] = [];
    const accounts = new SpanAccounts();
    const handover = handoverTo({ handOver: (slice) => void slices.push(slice) }, accounts);
    const hostile = spanOf('scope');
    const get = (): string => {
      handover.take(spanOf('inner'));
      return 'read';
    };
    Object.defineProperty(hostile.attributes, 'trap', { get, enumerable: true });
    for (const span of [spanOf('scope'), hostile, spanOf('scope')]) handover.take(span);
    handover.handOver();
    const queue = new SliceQueue();
    for (const slice of slices) queue.push(slice, 3);
    expect(queue.take(9, Infinity)).toMatchObject({ count: 3, bytes: slices[0]?.length });
    expect(accounts.snapshot().dropped).toMatchObject({ export_failed: 1 });
  });

  it('waits for a thread that still starts, however short the time is for the sending', async () => {
    const ledger = new SharedLedger();
    const drain = async (): Promise<void> => {
      await sleep(150);
      ledger.settle('exported', 1);
    };
    const handover = handoverTo({ drain, collect: () => ledger.collect() });
    handover.take(spanOf('scope'));
    expect(await handover.drain(1)).toMatchObject({ lost: 0 });
  });
});

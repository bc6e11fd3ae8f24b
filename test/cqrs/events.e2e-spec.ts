import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Scope } from '@nestjs/common';
import {
  AggregateRoot,
  EventBus,
  EventPublisher,
  EventsHandler,
  UnhandledExceptionBus,
} from '@nestjs/cqrs';
import type { IEventHandler } from '@nestjs/cqrs';
import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { NoTrace, Traced, TracingService, tracedPublisher } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { startCqrs } from './support/cqrs-app.js';
import { OrderPaid, OrderPlaced, work } from './support/orders.js';

const spans = recordSpans();

afterEach(() => {
  spans.assertNoOpenSpans();
  spans.reset();
});
afterAll(() => spans.stop());

@EventsHandler(OrderPlaced)
class MailHandler implements IEventHandler<OrderPlaced> {
  async handle(): Promise<void> {
    await work('mail', 5);
  }
}

@EventsHandler(OrderPlaced, { scope: Scope.REQUEST })
class StockHandler implements IEventHandler<OrderPlaced> {
  async handle(): Promise<void> {
    await work('stock', 5);
  }
}

@EventsHandler(OrderPlaced, OrderPaid)
class AuditHandler implements IEventHandler<OrderPlaced | OrderPaid> {
  handle(event: OrderPlaced | OrderPaid): void {
    trace.getTracer('test').startSpan(`audit ${event.id}`).end();
  }
}

/** Waits for handlers, which nobody else does. */
function ended(name: string, count = 1): Promise<void> {
  return vi.waitFor(() => expect(spans.named(name)).toHaveLength(count), { timeout: 5000 });
}

const parentOf = (span: ReadableSpan): string | undefined => span.parentSpanContext?.spanId;

describe('events', () => {
  it('CQ2 have a span where they are published, and one for each handler', async () => {
    const app = await startCqrs({}, MailHandler, StockHandler, AuditHandler);
    await app.get(TracingService).span('request', async () => {
      await sleep(1);
      app.get(EventBus).publish(new OrderPlaced('1'));
    });
    await ended('MailHandler.handle');
    await ended('StockHandler.handle');
    expect(spans.tree().split('\n').toSorted()).toEqual(
      [
        'request',
        '  publish OrderPlaced',
        '    AuditHandler.handle',
        '      audit 1',
        '    MailHandler.handle',
        '      mail',
        '    StockHandler.handle',
        '      stock',
      ].toSorted(),
    );
    expect(spans.one('MailHandler.handle').attributes).toMatchObject({
      'code.function.name': 'MailHandler.handle',
      'nestjs.cqrs.type': 'event',
      'nestjs.cqrs.name': 'OrderPlaced',
    });
    expect(spans.one('publish OrderPlaced').kind).toBe(SpanKind.INTERNAL);
    await app.close();
  });

  it('CQ2 give each handler a trace of its own by option, linked to the publishing', async () => {
    const app = await startCqrs(
      { tracing: { cqrs: { events: 'link' } } },
      MailHandler,
      AuditHandler,
    );
    await app.get(TracingService).span('request', async () => {
      await sleep(1);
      app.get(EventBus).publish(new OrderPlaced('1'));
    });
    await ended('MailHandler.handle');
    expect(spans.tree().split('\n').toSorted()).toEqual(
      [
        'request',
        '  publish OrderPlaced',
        'AuditHandler.handle link=publish OrderPlaced',
        '  audit 1',
        'MailHandler.handle link=publish OrderPlaced',
        '  mail',
      ].toSorted(),
    );
    await app.close();
  });

  it('CQ2 leave a handler one span that has one of its own, and none to one that wants none', async () => {
    @EventsHandler(OrderPaid)
    class TracedHandler implements IEventHandler<OrderPaid> {
      @Traced('traced')
      async handle(): Promise<void> {
        await sleep(1);
      }
    }
    @EventsHandler(OrderPaid)
    class SilentHandler implements IEventHandler<OrderPaid> {
      @NoTrace()
      handle(): void {}
    }
    @EventsHandler(OrderPaid)
    class ArrowHandler implements IEventHandler<OrderPaid> {
      handle = async (): Promise<void> => {
        await sleep(1);
      };
    }
    class Base implements IEventHandler<OrderPaid> {
      handle(): void {}
    }
    @EventsHandler(OrderPaid)
    class HeirHandler extends Base {}
    const handlers = [TracedHandler, SilentHandler, ArrowHandler, HeirHandler];
    const app = await startCqrs({}, ...handlers);
    app.get(EventBus).publish(new OrderPaid('1'));
    await ended('traced');
    await ended('ArrowHandler.handle');
    expect(spans.finished.map(({ name }) => name).toSorted()).toEqual([
      'ArrowHandler.handle',
      'HeirHandler.handle',
      'publish OrderPaid',
      'traced',
    ]);
    await app.close();
    expect(Object.hasOwn(HeirHandler.prototype, 'handle')).toBe(false);
  });

  it('CQ5 record what a handler fails with, and Nest tells of it as before', async () => {
    const failures = [new RangeError('at once'), new RangeError('later')];
    @EventsHandler(OrderPaid)
    class AtOnce implements IEventHandler<OrderPaid> {
      handle(): void {
        throw failures[0] as Error;
      }
    }
    @EventsHandler(OrderPaid)
    class Later implements IEventHandler<OrderPaid> {
      async handle(): Promise<void> {
        await sleep(1);
        throw failures[1] as Error;
      }
    }
    const app = await startCqrs({}, AtOnce, Later);
    const told: unknown[] = [];
    app.get(UnhandledExceptionBus).subscribe(({ exception }) => told.push(exception));
    app.get(EventBus).publish(new OrderPaid('1'));
    await ended('Later.handle');
    await vi.waitFor(() => expect(told).toEqual(failures));
    for (const name of ['AtOnce.handle', 'Later.handle']) {
      expect(spans.one(name).status.code).toBe(SpanStatusCode.ERROR);
      expect(spans.one(name).events).toHaveLength(1);
    }
    expect(spans.one('publish OrderPaid').status.code).toBe(SpanStatusCode.UNSET);
    await app.close();
  });

  it('CQ7 of an aggregate have one span for its commit', async () => {
    class Order extends AggregateRoot {
      place(): void {
        this.apply(new OrderPlaced('1'));
        this.apply(new OrderPaid('1'));
      }
    }
    @Injectable()
    class Orders {
      constructor(readonly publisher: EventPublisher) {}
      place(): void {
        const order = this.publisher.mergeObjectContext(new Order());
        order.place();
        order.commit();
        order.commit();
        const Merged = this.publisher.mergeClassContext(Order);
        const other = new Merged();
        other.apply(new OrderPaid('2'));
        other.commit();
      }
    }
    const app = await startCqrs({}, Orders, AuditHandler);
    app.get(TracingService).span('request', () => app.get(Orders).place());
    expect(spans.tree()).toBe(
      [
        'request',
        '  publish events',
        '    AuditHandler.handle',
        '      audit 1',
        '    AuditHandler.handle',
        '      audit 1',
        '  publish OrderPaid',
        '    AuditHandler.handle',
        '      audit 2',
      ].join('\n'),
    );
    expect(spans.one('publish events').attributes['nestjs.cqrs.events']).toBe(2);
    await app.close();
  });
});

describe('publishAll', () => {
  it('CQ3 has one span, twenty of each handler, and one more for the rest', async () => {
    const app = await startCqrs({}, MailHandler, AuditHandler);
    const events = Array.from({ length: 100 }, (_, at) => new OrderPlaced(String(at)));
    app.get(TracingService).span('request', () => app.get(EventBus).publishAll(events));
    await ended('MailHandler.handle', 21);
    await ended('mail', 100);
    const publishing = spans.one('publish OrderPlaced');
    expect(publishing.attributes['nestjs.cqrs.events']).toBe(100);
    for (const name of ['MailHandler.handle', 'AuditHandler.handle']) {
      const all = spans.named(name);
      expect(all).toHaveLength(21);
      expect(new Set(all.map(parentOf))).toEqual(new Set([publishing.spanContext().spanId]));
      const [summary, ...others] = all.filter(
        ({ attributes }) => 'async.collapsed.count' in attributes,
      );
      expect(others).toEqual([]);
      expect(summary?.attributes).toMatchObject({
        'async.collapsed.count': 80,
        'async.collapsed.errors': 0,
      });
      expect(summary?.status.code).toBe(SpanStatusCode.UNSET);
    }
    // What ran in a collapsed call is not orphaned: it belongs to the publishing.
    const known = new Set(spans.finished.map((span) => span.spanContext().spanId));
    const parents = spans.finished.map(parentOf).filter((id) => id !== undefined);
    expect(parents.filter((id) => !known.has(id))).toEqual([]);
    await app.close();
  });

  it('CQ3 shows the first failures beyond the twentieth by themselves, and counts all', async () => {
    @EventsHandler(OrderPaid)
    class Failing implements IEventHandler<OrderPaid> {
      async handle({ id }: OrderPaid): Promise<void> {
        await sleep(1);
        if (Number(id) >= 20) throw new RangeError(`no ${id}`);
      }
    }
    const app = await startCqrs({}, Failing);
    const told = vi.fn();
    app.get(UnhandledExceptionBus).subscribe(told);
    const events = Array.from({ length: 50 }, (_, at) => new OrderPaid(String(at)));
    app.get(EventBus).publishAll(events);
    await vi.waitFor(() => expect(told).toHaveBeenCalledTimes(30));
    await ended('Failing.handle', 31);
    const all = spans.named('Failing.handle');
    const late = all.filter(({ attributes }) => attributes['async.collapsed.retroactive'] === true);
    expect(late.map(({ status }) => status.code)).toEqual(late.map(() => SpanStatusCode.ERROR));
    expect(late).toHaveLength(10);
    const summary = all.find(({ attributes }) => 'async.collapsed.count' in attributes);
    expect(summary?.attributes).toMatchObject({
      'async.collapsed.count': 30,
      'async.collapsed.errors': 30,
    });
    expect(summary?.status).toEqual({ code: 2, message: '30 of 30 calls failed' });
    await app.close();
  });
});

describe('a custom publisher', () => {
  it('CQ8 gets the very event, and with tracedPublisher() the trace context beside it', async () => {
    const sent: [object, Record<string, string>][] = [];
    const eventPublisher = tracedPublisher((event, carrier) => {
      sent.push([event, carrier]);
      return Promise.resolve('stored');
    });
    const app = await startCqrs({ cqrs: { eventPublisher } });
    const event = Object.freeze(new OrderPlaced('1'));
    const answer: unknown = app.get(EventBus).publish(event);
    await expect(answer).resolves.toBe('stored');
    expect(sent[0]?.[0]).toBe(event);
    const { traceId, spanId } = spans.one('publish OrderPlaced').spanContext();
    expect(sent[0]?.[1]).toEqual({ traceparent: `00-${traceId}-${spanId}-01` });
    expect(spans.one('publish OrderPlaced').kind).toBe(SpanKind.PRODUCER);
    app.get(EventBus).publishAll([new OrderPlaced('2'), new OrderPlaced('3')]);
    expect(sent).toHaveLength(3);
    await app.close();
  });

  it("CQ8 gets what it was called with, and its failure is the span's", async () => {
    const failure = new Error('no broker');
    const calls: unknown[][] = [];
    const eventPublisher = {
      publish(...args: unknown[]): never {
        calls.push(args);
        throw failure;
      },
    };
    const app = await startCqrs({ cqrs: { eventPublisher } });
    const [event, dispatcher] = [new OrderPlaced('1'), {}];
    expect(() => app.get(EventBus).publish(event, dispatcher)).toThrow(failure);
    expect(calls[0]?.slice(0, 2)).toEqual([event, dispatcher]);
    expect(spans.one('publish OrderPlaced').status.code).toBe(SpanStatusCode.ERROR);
    await app.close();
  });
});

import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { CommandHandler, EventBus, EventsHandler, Saga } from '@nestjs/cqrs';
import type { ICommandHandler, IEventHandler } from '@nestjs/cqrs';
import { map } from 'rxjs';
import type { Observable } from 'rxjs';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { TracingService } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { startCqrs } from './support/cqrs-app.js';
import { OrderPaid, OrderPlaced, ShipOrder } from './support/orders.js';

const spans = recordSpans();

afterEach(() => {
  vi.restoreAllMocks();
  spans.reset();
});
afterAll(() => spans.stop());

const done: string[] = [];

@EventsHandler(OrderPlaced)
class MailHandler implements IEventHandler<OrderPlaced> {
  handle(): Promise<void> {
    return sleep(60).then(() => void done.push('mail'));
  }
}

@CommandHandler(ShipOrder)
class ShipOrderHandler implements ICommandHandler<ShipOrder> {
  async execute(): Promise<void> {
    await sleep(60);
    done.push('ship');
  }
}

@Injectable()
class Sagas {
  @Saga()
  ship = (events: Observable<OrderPlaced>): Observable<ShipOrder> =>
    events.pipe(map(({ id }) => new ShipOrder(id)));
}

@EventsHandler(OrderPaid)
class EndlessHandler implements IEventHandler<OrderPaid> {
  async handle(): Promise<void> {
    await new Promise(() => undefined);
  }
}

describe('the shutdown', () => {
  it('CQ9 waits for handlers of events and commands of sagas', async () => {
    done.length = 0;
    const app = await startCqrs({}, MailHandler, Sagas, ShipOrderHandler);
    app.get(EventBus).publish(new OrderPlaced('1'));
    await app.close();
    expect(done.toSorted()).toEqual(['mail', 'ship']);
    spans.assertNoOpenSpans();
    expect(spans.one('MailHandler.handle').status.code).toBe(0);
  });

  it('CQ9 ends a handler that does not end, within its deadline, and names it', async () => {
    const said = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const app = await startCqrs({ tracing: { shutdownTimeoutMillis: 200 } }, EndlessHandler);
    app.get(EventBus).publish(new OrderPaid('1'));
    const start = performance.now();
    await app.close();
    expect(performance.now() - start).toBeLessThan(5000);
    const span = spans.one('EndlessHandler.handle');
    expect(span.attributes['async.task.outcome']).toBe('abandoned');
    expect(span.status.code).toBe(2);
    expect(String(said.mock.calls)).toContain('"EndlessHandler.handle" abandoned');
  });

  it('CQ9 takes out what it has put in', async () => {
    const before = Object.getOwnPropertyDescriptor(MailHandler.prototype, 'handle');
    const app = await startCqrs({}, MailHandler, Sagas, ShipOrderHandler);
    const bus = app.get(EventBus);
    expect(Object.hasOwn(bus, 'publish')).toBe(true);
    await app.close();
    expect(Object.getOwnPropertyDescriptor(MailHandler.prototype, 'handle')).toEqual(before);
    expect(['publish', 'publishAll'].filter((key) => Object.hasOwn(bus, key))).toEqual([]);
  });
});

describe('two applications of one process', () => {
  it('S3 have one span for each handler, by the options of whose bus publishes', async () => {
    const original: unknown = Reflect.get(MailHandler.prototype, 'handle');
    const linking = await startCqrs({ tracing: { cqrs: { events: 'link' } } }, MailHandler);
    const [first] = [await startCqrs({}, MailHandler)];
    const publish = (app: typeof first): void =>
      app
        .get(TracingService)
        .span('request', () => app.get(EventBus).publish(new OrderPlaced('1')));
    publish(first);
    await vi.waitFor(() => expect(spans.named('MailHandler.handle')).toHaveLength(1));
    expect(spans.tree()).toBe('request\n  publish OrderPlaced\n    MailHandler.handle');
    spans.reset();
    publish(linking);
    await vi.waitFor(() => expect(spans.named('MailHandler.handle')).toHaveLength(1));
    expect(spans.tree()).toBe(
      'request\n  publish OrderPlaced\nMailHandler.handle link=publish OrderPlaced',
    );
    await first.close();
    expect(Reflect.get(MailHandler.prototype, 'handle')).not.toBe(original);
    spans.reset();
    publish(linking);
    await vi.waitFor(() => expect(spans.named('MailHandler.handle')).toHaveLength(1));
    await linking.close();
    expect(Reflect.get(MailHandler.prototype, 'handle')).toBe(original);
  });
});

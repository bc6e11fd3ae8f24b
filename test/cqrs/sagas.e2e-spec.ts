import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { CommandHandler, EventBus, Saga, UnhandledExceptionBus, ofType } from '@nestjs/cqrs';
import type { ICommand, ICommandHandler } from '@nestjs/cqrs';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { bufferCount, combineLatest, delay, map, zip } from 'rxjs';
import type { Observable } from 'rxjs';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { TracingService } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { startCqrs } from './support/cqrs-app.js';
import { OrderPaid, OrderPlaced, ShipOrder, work } from './support/orders.js';

const spans = recordSpans();

afterEach(() => {
  spans.assertNoOpenSpans();
  spans.reset();
});
afterAll(() => spans.stop());

const failure = new RangeError('no such parcel');

@CommandHandler(ShipOrder)
class ShipOrderHandler implements ICommandHandler<ShipOrder> {
  async execute({ id }: ShipOrder): Promise<void> {
    await work(`ship ${id}`);
    if (id === 'lost') throw failure;
  }
}

type Events = Observable<object>;
type Commands = Observable<ICommand>;

/** Starts an application with one saga. */
function startSaga(saga: (events: Events) => Commands, cqrs = {}) {
  @Injectable()
  class Sagas {
    @Saga()
    ship = saga;
  }
  return startCqrs({ cqrs }, Sagas, ShipOrderHandler);
}

const shipped = (count = 1): Promise<void> =>
  vi.waitFor(() => expect(spans.named('ShipOrder')).toHaveLength(count), { timeout: 5000 });

describe('sagas', () => {
  it('CQ4 let their commands descend from the event that caused them, also after a delay', async () => {
    const app = await startSaga((events) =>
      events.pipe(
        ofType(OrderPlaced),
        delay(5),
        map(({ id }) => new ShipOrder(id)),
      ),
    );
    const place = async (id: string): Promise<void> => {
      await sleep(1);
      app.get(EventBus).publish(new OrderPlaced(id));
    };
    const tracing = app.get(TracingService);
    await Promise.all(['1', '2'].map((id) => tracing.span(`request ${id}`, () => place(id))));
    await shipped(2);
    expect(spans.tree().split('\n').toSorted()).toEqual(
      ['1', '2']
        .flatMap((id) => [
          `request ${id}`,
          '  publish OrderPlaced',
          '    ShipOrder',
          `      ship ${id}`,
        ])
        .toSorted(),
    );
    await app.close();
  });

  it('CQ4 may be methods of their class, and those of one base class', async () => {
    class Base {
      readonly #made = 'ship';
      @Saga()
      ship(events: Events): Commands {
        return events.pipe(
          ofType(OrderPlaced),
          map(() => new ShipOrder(this.#made)),
        );
      }
    }
    @Injectable()
    class Sagas extends Base {}
    const app = await startCqrs({}, Sagas, ShipOrderHandler);
    app.get(EventBus).publish(new OrderPlaced('1'));
    await shipped();
    expect(spans.tree()).toBe('publish OrderPlaced\n  ShipOrder\n    ship ship');
    await app.close();
  });

  const of = <E extends object>(events: Events, type: new (id: string) => E): Observable<E> =>
    events.pipe(ofType(type));

  it.each([
    [
      'bufferCount',
      (events: Events) =>
        events.pipe(
          bufferCount(2),
          map(() => new ShipOrder('1')),
        ),
    ],
    [
      'zip',
      (events: Events) =>
        zip(of(events, OrderPlaced), of(events, OrderPaid)).pipe(
          delay(2),
          map(([placed]) => new ShipOrder(placed.id)),
        ),
    ],
    [
      'combineLatest',
      (events: Events) =>
        combineLatest({ placed: of(events, OrderPlaced), paid: of(events, OrderPaid) }).pipe(
          map(({ placed }) => new ShipOrder(placed.id)),
        ),
    ],
  ])('CQ4 that join events by %s link their command to all of them', async (_, saga) => {
    const app = await startSaga(saga);
    const tracing = app.get(TracingService);
    tracing.span('order', () => app.get(EventBus).publish(new OrderPlaced('1')));
    tracing.span('pay', () => app.get(EventBus).publish(new OrderPaid('1')));
    await shipped();
    const command = spans.one('ShipOrder');
    const [placed, paid] = [spans.one('publish OrderPlaced'), spans.one('publish OrderPaid')];
    expect(command.parentSpanContext?.spanId).toBe(paid.spanContext().spanId);
    expect(command.links.map(({ context }) => context.spanId)).toEqual([
      placed.spanContext().spanId,
    ]);
    await app.close();
  });

  it('CQ5 whose command fails: its span is ERROR, and Nest tells of it as before', async () => {
    const app = await startSaga((events) => events.pipe(map(() => new ShipOrder('lost'))));
    const told = vi.fn();
    app.get(UnhandledExceptionBus).subscribe(told);
    app.get(EventBus).publish(new OrderPlaced('1'));
    await vi.waitFor(() => expect(told).toHaveBeenCalledOnce());
    expect(told).toHaveBeenCalledWith({ cause: new ShipOrder('lost'), exception: failure });
    expect(spans.one('ShipOrder').status.code).toBe(SpanStatusCode.ERROR);
    await app.close();
  });

  it('CQ5 that fail themselves have a span that says so, below the event', async () => {
    const app = await startSaga((events) =>
      events.pipe(
        map(() => {
          throw failure;
        }),
      ),
    );
    const told = vi.fn();
    app.get(UnhandledExceptionBus).subscribe(told);
    app.get(EventBus).publish(new OrderPlaced('1'));
    expect(told).toHaveBeenCalledWith({ cause: 'ship', exception: failure });
    expect(spans.tree()).toBe('publish OrderPlaced\n  Sagas.ship status=ERROR');
    expect(spans.one('Sagas.ship').events).toHaveLength(1);
    await app.close();
  });

  it('CQ5 rethrow what is unhandled, if Nest is told to', async () => {
    const app = await startSaga((events) => events.pipe(map(() => new ShipOrder('lost'))), {
      rethrowUnhandled: true,
    });
    const thrown = new Promise((resolve) => {
      const listeners = process.listeners('uncaughtException');
      process.removeAllListeners('uncaughtException');
      process.once('uncaughtException', (error) => {
        for (const listener of listeners) process.on('uncaughtException', listener);
        resolve(error);
      });
    });
    app.get(EventBus).publish(new OrderPlaced('1'));
    await expect(thrown).resolves.toBe(failure);
    expect(spans.one('ShipOrder').status.code).toBe(SpanStatusCode.ERROR);
    await app.close();
  });

  it('CQ4 start where no event of this process did: their command is a trace of its own', async () => {
    const app = await startSaga((events) => events.pipe(map(() => new ShipOrder('1'))));
    app.get(EventBus).subject$.next(new OrderPlaced('1'));
    await shipped();
    expect(spans.tree()).toBe('ShipOrder\n  ship 1');
    expect(trace.getActiveSpan()).toBeUndefined();
    await app.close();
  });
});

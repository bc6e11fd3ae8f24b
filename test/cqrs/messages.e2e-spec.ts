import { setTimeout as sleep } from 'node:timers/promises';
import { Inject, Injectable, NotFoundException, Scope } from '@nestjs/common';
import {
  CommandBus,
  CommandHandler,
  CommandHandlerNotFoundException,
  QueryBus,
  QueryHandler,
} from '@nestjs/cqrs';
import type { ICommandHandler, IQueryHandler } from '@nestjs/cqrs';
import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { TestingModule } from '@nestjs/testing';
import { NoTrace, Traced, TracingService } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { startCqrs } from './support/cqrs-app.js';
import { FindOrder, PlaceOrder, ShipOrder, work } from './support/orders.js';

const failure = new RangeError('no such parcel');
const sessions = new Set<object | undefined>();
const madeIn = new Set<string | undefined>();

class Unknown {}
class PayOrder {}
class CloseOrder {}
class ListOrders {}

@CommandHandler(PlaceOrder)
class PlaceOrderHandler implements ICommandHandler<PlaceOrder> {
  async execute({ id }: PlaceOrder): Promise<string> {
    await work('insert');
    return `placed ${id}`;
  }
}

@CommandHandler(ShipOrder, { scope: Scope.REQUEST })
class ShipOrderHandler implements ICommandHandler<ShipOrder> {
  constructor() {
    madeIn.add(trace.getActiveSpan()?.spanContext().spanId);
  }
  async execute({ id }: ShipOrder): Promise<void> {
    await work('ship');
    if (id === 'lost') throw failure;
  }
}

@CommandHandler(PayOrder)
class PayOrderHandler implements ICommandHandler<PayOrder> {
  execute(): never {
    throw new NotFoundException('no such order');
  }
}

@QueryHandler(FindOrder)
class FindOrderHandler implements IQueryHandler<FindOrder> {
  @Traced()
  async execute({ id }: FindOrder): Promise<string> {
    await work('select');
    return `found ${id}`;
  }
}

@QueryHandler(ListOrders)
class ListOrdersHandler implements IQueryHandler<ListOrders> {
  @NoTrace()
  async execute(): Promise<string[]> {
    return Promise.resolve([]);
  }
}

@Injectable({ scope: Scope.REQUEST })
class Session {}

/** Has no scope of its own, and is made late: nobody may ask for its scope before. */
@CommandHandler(CloseOrder)
class CloseOrderHandler implements ICommandHandler<CloseOrder> {
  constructor(
    @Inject('slow') readonly slow: string,
    readonly session: Session,
  ) {}
  async execute(): Promise<void> {
    await Promise.resolve();
    sessions.add(this.session);
  }
}

const HANDLERS = [
  { provide: 'slow', useFactory: () => sleep(20, 'slow') },
  CloseOrderHandler,
  Session,
  PlaceOrderHandler,
  ShipOrderHandler,
  PayOrderHandler,
  FindOrderHandler,
  ListOrdersHandler,
];

describe('commands and queries', () => {
  const spans = recordSpans();
  let app: TestingModule;
  const commands = (): CommandBus => app.get(CommandBus);
  const queries = (): QueryBus => app.get(QueryBus);

  beforeAll(async () => {
    app = await startCqrs({}, ...HANDLERS);
  });
  afterEach(() => {
    spans.assertNoOpenSpans();
    spans.reset();
    madeIn.clear();
  });
  afterAll(async () => {
    await app.close();
    await spans.stop();
  });

  it('CQ1 have a span each around their handler, named after their class', async () => {
    const results = await app
      .get(TracingService)
      .span('request', async () => [
        await commands().execute(new PlaceOrder('1')),
        await queries().execute(new FindOrder('1')),
        await queries().execute(new ListOrders()),
      ]);
    expect(results).toEqual(['placed 1', 'found 1', []]);
    expect(spans.tree()).toBe(
      [
        'request',
        '  PlaceOrder',
        '    insert',
        '  FindOrder',
        '    FindOrderHandler.execute',
        '      select',
        '  ListOrders',
      ].join('\n'),
    );
    expect(spans.one('PlaceOrder')).toMatchObject({
      kind: SpanKind.INTERNAL,
      attributes: {
        'code.function.name': 'PlaceOrderHandler.execute',
        'nestjs.cqrs.type': 'command',
        'nestjs.cqrs.name': 'PlaceOrder',
      },
    });
    expect(spans.one('FindOrder').attributes['nestjs.cqrs.type']).toBe('query');
  });

  it('CQ1 fail as their handler does, with its very error', async () => {
    await expect(commands().execute(new ShipOrder('lost'))).rejects.toBe(failure);
    const { status, events, attributes } = spans.one('ShipOrder');
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: 'no such parcel' });
    expect(events.map(({ name }) => name)).toEqual(['exception']);
    expect(attributes['error.type']).toBe('RangeError');
  });

  it('CQ1 leave an expected error UNSET', () => {
    expect(() => void commands().execute(new PayOrder())).toThrow(NotFoundException);
    const { status, events } = spans.one('PayOrder');
    expect(status.code).toBe(SpanStatusCode.UNSET);
    expect(events).toHaveLength(1);
  });

  it('CQ1 throw at once for an unknown command, and reject for an unknown query', async () => {
    expect(() => void commands().execute(new Unknown())).toThrow(CommandHandlerNotFoundException);
    await expect(queries().execute(new Unknown())).rejects.toThrow('Unknown');
    expect(spans.named('Unknown').map(({ status }) => status.code)).toEqual([2, 2]);
    for (const wrong of [undefined, null, 'text', {}]) {
      expect(() => void commands().execute(wrong as never)).toThrow(Error);
    }
    expect(spans.named('command')).toHaveLength(4);
  });

  it('CQ6 make a request-scoped handler inside of their span, one for each', async () => {
    await Promise.all([
      commands().execute(new ShipOrder('1')),
      commands().execute(new ShipOrder('2')),
    ]);
    const ids = new Set(spans.named('ShipOrder').map((span) => span.spanContext().spanId));
    expect(ids.size).toBe(2);
    expect(madeIn).toEqual(ids);
    const parents = spans.named('ship').map((span) => span.parentSpanContext?.spanId);
    expect(new Set(parents)).toEqual(ids);
  });

  it('CQ6 whose handler is request-scoped by what it injects get one each, as without us', async () => {
    await Promise.all([commands().execute(new CloseOrder()), commands().execute(new CloseOrder())]);
    expect(sessions.size).toBe(2);
    expect(sessions.has(undefined)).toBe(false);
    expect(spans.named('CloseOrder')).toHaveLength(2);
    sessions.clear();
  });

  it('CQ10 cost no span and no context where the caller is sampled out', async () => {
    const unsampled = { traceId: '1'.repeat(32), spanId: '2'.repeat(16), traceFlags: 0 };
    const ctx = trace.setSpanContext(context.active(), unsampled);
    const run = (): Promise<unknown> => commands().execute(new PlaceOrder('1'));
    await expect(context.with(ctx, run)).resolves.toBe('placed 1');
    expect(spans.finished).toEqual([]);
  });

  it('CQ1 stay what they are to whoever looks at the bus', () => {
    expect(commands()).toBeInstanceOf(CommandBus);
    expect(Object.keys(commands())).not.toContain('execute');
    expect(commands().execute.name).toBe('execute');
    expect(commands().execute).toHaveLength(CommandBus.prototype.execute.length);
  });
});

describe('without tracing', () => {
  it.each([
    ['CQ10 without an SDK', { sdk: {}, exporter: 'none' as const }, 'OTEL_SDK_DISABLED'],
    ['with cqrs: false', { cqrs: false }, undefined],
  ])('%s buses and handlers are left alone', async (_, tracing, variable) => {
    if (variable !== undefined) process.env[variable] = 'true';
    const app = await startCqrs({ tracing }, ...HANDLERS);
    if (variable !== undefined) Reflect.deleteProperty(process.env, variable);
    expect(Object.hasOwn(app.get(CommandBus), 'execute')).toBe(false);
    expect(await app.get(CommandBus).execute(new PlaceOrder('1'))).toBe('placed 1');
    await expect(app.get(CommandBus).execute(new ShipOrder('lost'))).rejects.toBe(failure);
    await app.close();
  });
});

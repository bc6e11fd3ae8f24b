import { setTimeout as sleep } from 'node:timers/promises';
import { Injectable, Logger, Module, Scope } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { EventEmitter2, EventEmitterModule, OnEvent } from '@nestjs/event-emitter';
import { Cron, Interval, ScheduleModule, Timeout } from '@nestjs/schedule';
import { Test } from '@nestjs/testing';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Detached, NoTrace, Traced, TracingModule, TracingService } from '../index.js';
import { recordSpans } from '../testing/index.js';

const spans = recordSpans();
const tracer = trace.getTracer('test');

beforeEach(() => {
  Logger.overrideLogger(false);
});

afterEach(() => {
  vi.restoreAllMocks();
  spans.reset();
});

afterAll(() => spans.stop());

/** Both orders of import, since Nest runs the hooks of global modules in that order. */
const ORDERS = [
  ['before', [TracingModule.forRoot(), ScheduleModule.forRoot(), EventEmitterModule.forRoot()]],
  ['after', [ScheduleModule.forRoot(), EventEmitterModule.forRoot(), TracingModule.forRoot()]],
] as const;

async function start(imports: readonly unknown[], ...providers: (new () => object)[]) {
  @Module({ imports: imports as [], providers })
  class AppModule {}
  const moduleRef = await Test.createTestingModule({ imports: [AppModule] }).compile();
  return moduleRef.init();
}

describe.each(ORDERS)('with TracingModule imported %s the others', (_, imports) => {
  it('D13 gives each run of @Interval, @Timeout and @Cron a trace of its own', async () => {
    @Injectable()
    class Jobs {
      readonly #runs: (() => void)[] = [];
      @Interval(10)
      async interval(): Promise<void> {
        tracer.startSpan('query').end();
        await sleep(1);
        this.#runs.push(() => undefined);
      }
      @Timeout(10)
      timeout(): void {
        this.#runs.push(() => undefined);
      }
      @Cron('* * * * * *')
      async cron(): Promise<void> {
        await sleep(1);
      }
    }
    const app = await tracer.startActiveSpan('boot', () => start(imports, Jobs));
    await vi.waitFor(
      () => {
        expect(spans.named('Jobs.interval').length).toBeGreaterThan(1);
        expect(spans.named('Jobs.timeout')).toHaveLength(1);
        expect(spans.named('Jobs.cron').length).toBeGreaterThan(0);
      },
      { timeout: 3000 },
    );
    await app.close();
    const runs = spans.finished.filter((span) => span.name.startsWith('Jobs.'));
    expect(runs.filter((span) => span.parentSpanContext !== undefined)).toEqual([]);
    expect(runs.flatMap((span) => span.links)).toEqual([]);
    expect(new Set(runs.map((span) => span.spanContext().traceId)).size).toBe(runs.length);
    const [interval] = spans.named('Jobs.interval');
    expect(spans.childrenOf(interval as never).map((span) => span.name)).toEqual(['query']);
  });

  it('D13 records the error of a run, which Nest logs', async () => {
    const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    @Injectable()
    class Jobs {
      @Timeout(1)
      async fails(): Promise<void> {
        await sleep(1);
        throw new TypeError('no disk');
      }
    }
    const app = await start(imports, Jobs);
    await vi.waitFor(() => expect(spans.named('Jobs.fails')).toHaveLength(1));
    expect(spans.one('Jobs.fails').status).toEqual({
      code: SpanStatusCode.ERROR,
      message: 'no disk',
    });
    expect(error).toHaveBeenCalledTimes(1);
    await app.close();
  });

  it('D13 gives a method that is @Traced or @Detached as well one span, and @NoTrace none', async () => {
    @Injectable()
    class Jobs {
      silent = 0;
      @Timeout(1)
      @Traced('traced job')
      async traced(): Promise<void> {
        await sleep(1);
      }
      @Timeout(1)
      @Detached('detached job')
      async detached(): Promise<void> {
        await sleep(1);
      }
      @Timeout(1)
      @NoTrace()
      noTrace(): void {
        this.silent += 1;
      }
      @Traced('traced handler')
      @OnEvent('order')
      async onOrder(): Promise<void> {
        await sleep(1);
      }
      @OnEvent('order')
      @Detached('detached handler')
      async onOrderToo(): Promise<void> {
        await sleep(1);
      }
    }
    const app = await start(imports, Jobs);
    tracer.startActiveSpan('request', (span) => {
      app.get(EventEmitter2).emit('order');
      span.end();
    });
    await vi.waitFor(() => expect(spans.finished).toHaveLength(5));
    expect(spans.tree().split('\n').toSorted()).toEqual([
      'detached handler link=request',
      'detached job',
      'request',
      'traced handler link=request',
      'traced job',
    ]);
    const started = spans.one('request').events.map((event) => event.name);
    expect(started).toEqual(['async.detached.started', 'async.detached.started']);
    expect(app.get(Jobs).silent).toBe(1);
    await app.close();
  });

  it('D13 takes a call by hand for what it is, once the application has started', async () => {
    @Injectable()
    class Jobs {
      @Timeout(60_000)
      async refresh(): Promise<void> {
        tracer.startSpan('query').end();
        await sleep(1);
      }
    }
    const refresh: unknown = Reflect.get(Jobs.prototype, 'refresh');
    const app = await start(imports, Jobs);
    expect(Reflect.get(Jobs.prototype, 'refresh')).toBe(refresh);
    await app.get(TracingService).span('request', () => app.get(Jobs).refresh());
    expect(spans.tree()).toBe('request\n  query');
    await app.close();
  });

  it('D13 links an async event handler to the emitter, and leaves a synchronous one within it', async () => {
    @Injectable()
    class Handlers {
      @OnEvent('order')
      async onOrder(order: string): Promise<string> {
        await sleep(5);
        tracer.startSpan('query').end();
        return `${order} shipped`;
      }
      @OnEvent('order')
      onOrderAtOnce(): void {
        tracer.startSpan('note').end();
      }
    }
    const app = await start(imports, Handlers);
    const answers = await app.get(TracingService).span('request', async () => {
      await sleep(2);
      return app.get(EventEmitter2).emitAsync('order', 'order 1');
    });
    expect(answers).toContain('order 1 shipped');
    expect(spans.tree()).toBe('request\n  note\nHandlers.onOrder link=request\n  query');
    await app.close();
  });

  it('D13 links handlers of request-scoped providers too', async () => {
    @Injectable({ scope: Scope.REQUEST })
    class Handlers {
      @OnEvent('order')
      async onOrder(): Promise<void> {
        await sleep(1);
      }
    }
    const app = await start(imports, Handlers);
    const emit = async (): Promise<void> => {
      await sleep(2);
      await app.get(EventEmitter2).emitAsync('order', {});
    };
    await app.get(TracingService).span('request', emit);
    expect(spans.tree()).toBe('request\nHandlers.onOrder link=request');
    await app.close();
  });

  it('D9 waits for scheduled runs and event handlers at the shutdown', async () => {
    @Injectable()
    class Jobs implements OnModuleInit {
      ended: string[] = [];
      onModuleInit(): void {
        this.ended = [];
      }
      @Timeout(1)
      async job(): Promise<void> {
        await sleep(50);
        this.ended.push('job');
      }
      @OnEvent('order')
      async onOrder(): Promise<void> {
        await sleep(50);
        this.ended.push('handler');
      }
    }
    const app = await start(imports, Jobs);
    app.get(EventEmitter2).emit('order');
    await sleep(10);
    await app.close();
    expect(app.get(Jobs).ended.toSorted()).toEqual(['handler', 'job']);
    spans.assertNoOpenSpans();
  });
});

describe('event handlers', () => {
  it('D13 raise what they throw where Nest would: suppressed and logged, or to the emitter', async () => {
    const error = vi.spyOn(Logger.prototype, 'error').mockImplementation(() => undefined);
    const failure = new Error('no stock');
    @Injectable()
    class Handlers {
      @OnEvent('order')
      async suppressed(): Promise<void> {
        await Promise.reject(failure);
      }
      @OnEvent('order.loud', { suppressErrors: false })
      async loud(): Promise<void> {
        await Promise.reject(failure);
      }
    }
    const app = await start(ORDERS[0][1], Handlers);
    const emitter = app.get(EventEmitter2);
    await emitter.emitAsync('order');
    expect(error).toHaveBeenCalledTimes(1);
    await expect(emitter.emitAsync('order.loud')).rejects.toBe(failure);
    expect(spans.finished.map((span) => span.status.code)).toEqual([2, 2]);
    await app.close();
  });

  it('C3 names methods that are inherited after the class that is a provider', async () => {
    class Base {
      @Timeout(1)
      async job(): Promise<void> {
        await sleep(1);
      }
    }
    @Injectable()
    class Jobs extends Base {}
    const app = await start(ORDERS[1][1], Jobs);
    await vi.waitFor(() => expect(spans.named('Jobs.job')).toHaveLength(1));
    expect(Object.getOwnPropertyNames(Jobs.prototype)).toEqual(['constructor']);
    await app.close();
  });
});

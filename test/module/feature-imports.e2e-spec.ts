import { Controller, Get, Inject, Injectable, Module } from '@nestjs/common';
import type { INestApplication } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Test } from '@nestjs/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TracingModule, TracingService } from 'nestjs-tracing';
import { SpanRecorder, TracingTestingModule, resetTracing } from 'nestjs-tracing/testing';
import { CapturedLogger } from '../support/captured-logger.js';
import { OtlpCollector } from '../support/otlp-collector.js';

@Injectable()
class OrdersService {
  constructor(@Inject(TracingService) readonly tracing: TracingService) {}

  place(): string {
    return this.tracing.span('place order', () => 'placed');
  }
}

@Controller('orders')
class OrdersController {
  constructor(@Inject(OrdersService) private readonly orders: OrdersService) {}

  @Get()
  place(): string {
    return this.orders.place();
  }
}

@Module({ imports: [TracingModule], controllers: [OrdersController], providers: [OrdersService] })
class OrdersModule {}

@Injectable()
class Invoices {
  constructor(@Inject(TracingService) readonly tracing: TracingService) {}
}

@Module({ imports: [TracingModule], providers: [Invoices] })
class InvoicesModule {}

@Module({ providers: [Invoices] })
class WithoutImport {}

let collector: OtlpCollector;
let app: INestApplication | undefined;
const logger = new CapturedLogger();

beforeEach(async () => {
  logger.lines.length = 0;
  collector = await OtlpCollector.start();
});
afterEach(async () => {
  await app?.close();
  app = undefined;
  await resetTracing();
  await collector.close();
});

/** The requests of the test itself are not what is looked at. */
const options = () => ({ endpoint: collector.url, watchdog: false, http: { outgoing: false } });

const setUps = {
  forRoot: () => TracingModule.forRoot({ isGlobal: false, ...options() }),
  forRootAsync: () =>
    TracingModule.forRootAsync({
      isGlobal: false,
      useFactory: options,
    }),
};

for (const [name, setUp] of Object.entries(setUps)) {
  describe(`TracingModule.${name}({ isGlobal: false })`, () => {
    it('is imported again by its name alone, and is one tracing', async () => {
      @Module({ imports: [OrdersModule, setUp(), InvoicesModule] })
      class AppModule {}
      app = await NestFactory.create(AppModule, { logger });
      app.enableShutdownHooks();
      await app.listen(0);
      await fetch(`${await app.getUrl()}/orders`);
      expect(app.get(Invoices).tracing.stats().spans.started).toBe(2);
      await app.close();
      app = undefined;
      expect(collector.names.toSorted()).toEqual(['GET /orders', 'place order']);
      expect(logger.about.filter((line) => !line.startsWith('log: '))).toEqual([]);
    });

    it('is not there for a module that does not import it', async () => {
      @Module({ imports: [setUp(), WithoutImport] })
      class AppModule {}
      const starting = NestFactory.create(AppModule, { logger, abortOnError: false });
      await expect(starting).rejects.toThrow(/Invoices.*TracingService/s);
    });
  });
}

it('a module that everybody shares may be imported again as well', async () => {
  const tracing = setUps.forRoot();
  @Module({ imports: [tracing], providers: [OrdersService] })
  class SharingModule {}
  @Module({ imports: [tracing, SharingModule] })
  class AppModule {}
  app = await NestFactory.create(AppModule, { logger });
  expect(app.get(OrdersService).place()).toBe('placed');
});

it('a test that records finds the same imports', async () => {
  const testing = await Test.createTestingModule({
    imports: [TracingTestingModule.forRoot(), OrdersModule],
  }).compile();
  testing.get(OrdersService).place();
  expect(testing.get(SpanRecorder).tree()).toBe('place order');
  await testing.close();
});

it('an import by its name stays harmless where the module is global', async () => {
  @Module({ imports: [TracingModule.forRoot(options()), OrdersModule] })
  class AppModule {}
  app = await NestFactory.create(AppModule, { logger });
  app.enableShutdownHooks();
  await app.listen(0);
  await fetch(`${await app.getUrl()}/orders`);
  await app.close();
  app = undefined;
  expect(collector.names.toSorted()).toEqual(['GET /orders', 'place order']);
});

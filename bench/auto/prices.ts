import { Injectable, Module } from '@nestjs/common';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Traced, TracingModule } from 'nestjs-tracing';
import type { TracingModuleOptions } from 'nestjs-tracing';

/** Two methods without a decorator, and the same two with a span of their own. */
export interface Prices {
  of(key: string): number;
  ofAsync(key: string): Promise<number>;
  traced(key: string): number;
  tracedAsync(key: string): Promise<number>;
}

/** So many classes share a place that calls them, as in an application: it is compiled for none alone. */
export const CLASSES = 16;

const done = Promise.resolve();

/** Defines the class anew. One that is no provider keeps its methods as they are. */
export function definePrices(): Type<Prices> {
  @Injectable()
  class OwnPrices implements Prices {
    offset = 1;

    of(key: string): number {
      return key.length + this.offset;
    }

    async ofAsync(key: string): Promise<number> {
      await done;
      return key.length + this.offset;
    }

    @Traced()
    traced(key: string): number {
      return key.length + this.offset;
    }

    @Traced()
    async tracedAsync(key: string): Promise<number> {
      await done;
      return key.length + this.offset;
    }
  }
  return OwnPrices;
}

/** Objects of classes that Nest knows nothing of. */
export function barePrices(): Prices[] {
  return Array.from({ length: CLASSES }, () => new (definePrices())());
}

/** An application with automatic spans, and its objects. */
export interface Shop {
  readonly app: INestApplicationContext;
  readonly automatic: Prices[];
}

/** Starts an application that has as many classes. */
export async function openShop(options: TracingModuleOptions): Promise<Shop> {
  const providers = Array.from({ length: CLASSES }, definePrices);
  @Module({ imports: [TracingModule.forRoot({ autoTrace: true, ...options })], providers })
  class BenchModule {}
  const app = await NestFactory.createApplicationContext(BenchModule, {
    logger: ['error', 'warn'],
  });
  return { app, automatic: providers.map((each) => app.get(each)) };
}

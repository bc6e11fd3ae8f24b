import { createRequire } from 'node:module';
import { Catch, Injectable, UseFilters } from '@nestjs/common';
import type { OnApplicationBootstrap, OnModuleInit } from '@nestjs/common';
import { GraphQLSchemaHost, Query, ResolverDecoratorHost, Resolver } from '@nestjs/graphql';
import type { GqlExceptionFilter, MiddlewareContext, NextFn } from '@nestjs/graphql';
import { Plugin } from '@nestjs/apollo';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import type * as graphqlPackage from 'graphql';
import type { GraphQLSchema } from 'graphql';

import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { recordSpans } from 'nestjs-tracing/testing';
import { GraphqlApp } from './support/graphql-app.js';
import { OrdersResolver, failure, mark } from './support/orders.js';

/** The copy that Nest has loaded: vitest would load the other one. */
const { GraphQLError, graphql } = createRequire(import.meta.url)(
  'graphql',
) as typeof graphqlPackage;

const spans = recordSpans();
afterEach(() => spans.reset());
afterAll(() => spans.stop());

/** Waits for one request to be recorded, and returns the tree. */
async function recorded(): Promise<string> {
  await vi.waitFor(() => expect(spans.named('POST /graphql')).toHaveLength(1));
  spans.assertNoOpenSpans();
  return spans.tree();
}

describe('hooks of others', () => {
  it.each(['before', 'after'])(
    'GQ9 that are set %s ours are called, with their state',
    async (when) => {
      const calls: unknown[] = [];
      const set = (host: ResolverDecoratorHost): void => {
        host.setOnRequestStartHook(({ operationName }) => {
          calls.push(['start', operationName]);
          return 'state';
        });
        host.setOnRequestEndHook(({ state, errors }) => calls.push(['end', state, errors]));
        host.setDecorator((resolver) => (...args) => {
          mark('decorated');
          return resolver(...args);
        });
      };
      @Injectable()
      class Agent implements OnModuleInit, OnApplicationBootstrap {
        constructor(readonly host: ResolverDecoratorHost) {
          set(host);
        }
        onModuleInit(): void {
          if (when === 'before') set(this.host);
        }
        onApplicationBootstrap(): void {
          if (when === 'after') setImmediate(() => set(this.host));
        }
      }
      const app = await GraphqlApp.start('apollo on express', {
        providers: [OrdersResolver, Agent],
      });
      await new Promise(setImmediate);
      await app.post({ query: 'query A { alive }', operationName: 'A' });
      expect(await recorded()).toBe('POST /graphql\n  query\n    decorated');
      expect(calls).toEqual([
        ['start', 'A'],
        ['end', 'state', undefined],
      ]);
      await app.close();
    },
  );

  it('GQ9 in the schema go on working: transformSchema and fieldMiddleware', async () => {
    const transformed: GraphQLSchema[] = [];
    const app = await GraphqlApp.start('apollo on express', {
      providers: [OrdersResolver],
      graphql: {
        transformSchema: (schema: GraphQLSchema) => {
          transformed.push(schema);
          return schema;
        },
        buildSchemaOptions: {
          fieldMiddleware: [
            (_: MiddlewareContext, next: NextFn) => {
              mark('middleware');
              return next();
            },
          ],
        },
      },
    });
    expect(app.app.get(GraphQLSchemaHost, { strict: false }).schema).toBe(transformed[0]);
    await app.post({ query: '{ order(id: "1") { id } }' });
    expect(await recorded()).toBe(
      ['POST /graphql', '  query', '    select order 1', '    middleware'].join('\n'),
    );
    await app.close();
  });

  it('GQ2 of Apollo run inside the SERVER span', async () => {
    const seen: (string | undefined)[] = [];
    const see = (): void => {
      seen.push(trace.getActiveSpan()?.spanContext().traceId);
    };
    @Plugin()
    class Plugged {
      async requestDidStart() {
        see();
        return Promise.resolve({
          didResolveOperation: async () => Promise.resolve(see()),
          willSendResponse: async () => Promise.resolve(see()),
        });
      }
    }
    const app = await GraphqlApp.start('apollo on express', {
      providers: [OrdersResolver, Plugged],
    });
    await app.post({ query: '{ alive }' });
    await recorded();
    const { traceId } = spans.one('POST /graphql').spanContext();
    expect(seen).toEqual([traceId, traceId, traceId]);
    await app.close();
  });
});

describe('exception filters', () => {
  @Catch(RangeError)
  class AsGraphql implements GqlExceptionFilter {
    catch(): Error {
      return new GraphQLError('told otherwise', { extensions: { code: 'TABLE' } });
    }
  }
  @Catch(TypeError)
  class Swallowing implements GqlExceptionFilter {
    catch(): string {
      return 'handled';
    }
  }
  @Resolver()
  class Failing {
    @Query(() => String, { nullable: true })
    @UseFilters(AsGraphql)
    mapped(): string {
      throw failure;
    }
    @Query(() => String)
    @UseFilters(Swallowing)
    async handled(): Promise<string> {
      await Promise.resolve();
      throw new TypeError('small');
    }
  }

  it('GQ5 do not hide what was thrown, which is recorded once', async () => {
    const app = await GraphqlApp.start('apollo on express', { providers: [Failing] });
    const { errors } = await app.post({ query: '{ mapped }' });
    expect(errors?.[0]?.message).toBe('told otherwise');
    await recorded();
    const { status, events } = spans.one('query');
    expect(status).toEqual({ code: SpanStatusCode.ERROR, message: failure.message });
    expect(events.map((event) => event.attributes?.['exception.type'])).toEqual(['RangeError']);
    spans.reset();
    expect((await app.post({ query: '{ handled }' })).data).toEqual({ handled: 'handled' });
    await recorded();
    expect(spans.one('query').status.code).toBe(SpanStatusCode.UNSET);
    expect(spans.one('query').events).toHaveLength(1);
    await app.close();
  });
});

describe('without a driver that tells of requests', () => {
  it('GQ1 an execution has a span from its first resolver to its last', async () => {
    const app = await GraphqlApp.start('apollo on express', { providers: [OrdersResolver] });
    const { schema } = app.app.get(GraphQLSchemaHost, { strict: false });
    const [found, failed] = await Promise.all(
      ['{ orders(first: 1) { id user { id } } }', '{ broken { id } }'].map((source) =>
        graphql({ schema, source, contextValue: {} }),
      ),
    );
    expect(found?.data).toEqual({ orders: [{ id: '0', user: { id: 'user 0' } }] });
    expect(failed?.errors).toHaveLength(1);
    await vi.waitFor(() => expect(spans.named('query')).toHaveLength(2));
    spans.assertNoOpenSpans();
    const trees = spans
      .named('query')
      .map((span) => [span.status.code, spans.childrenOf(span).map(({ name }) => name)]);
    expect(trees).toContainEqual([2, ['select']]);
    expect(trees).toContainEqual([0, ['guard', 'interceptor', 'select orders', 'select user 0']]);
    await app.close();
  });
});

describe('beside instrumentation-graphql', () => {
  it('GQ1 there is one span for an operation, and that is said once', async () => {
    const app = await GraphqlApp.start('apollo on express', { providers: [OrdersResolver] });
    const foreign = trace.getTracer('@opentelemetry/instrumentation-graphql');
    const { schema } = app.app.get(GraphQLSchemaHost, { strict: false });
    const field = schema.getQueryType()?.getFields()['alive'];
    const { resolve } = field ?? {};
    if (field === undefined || resolve === undefined) throw new Error('no such field');
    field.resolve = (...args) =>
      foreign.startActiveSpan('graphql.execute', (span): unknown => {
        span.end();
        return resolve(...args);
      });
    for (let sent = 0; sent < 3; sent += 1) await app.post({ query: '{ alive }' });
    await vi.waitFor(() => expect(spans.named('POST /graphql')).toHaveLength(3));
    expect(spans.named('graphql.execute')).toHaveLength(3);
    expect(spans.named('query')).toEqual([]);
    expect(app.said.filter((line) => line.includes('instrumentation-graphql'))).toHaveLength(1);
    await app.close();
  });
});

describe('closing', () => {
  it('GQ9 puts back resolvers, hooks and classes', async () => {
    const original: unknown = Reflect.get(OrdersResolver.prototype, 'order');
    const app = await GraphqlApp.start('mercurius on fastify', { providers: [OrdersResolver] });
    const host = app.app.get(ResolverDecoratorHost, { strict: false });
    const { schema } = app.app.get(GraphQLSchemaHost, { strict: false });
    const field = schema.getQueryType()?.getFields()['order'];
    const during = field?.resolve;
    expect(Object.hasOwn(host, 'onRequestStart')).toBe(true);
    expect(Object.keys(host)).not.toContain('onRequestStart');
    await app.close();
    expect(Object.hasOwn(host, 'onRequestStart')).toBe(false);
    expect(field?.resolve).not.toBe(during);
    expect(Reflect.get(OrdersResolver.prototype, 'order')).toBe(original);
  });

  it('S3 of one application leaves another with the same schema as it is', async () => {
    const first = await GraphqlApp.start('apollo on express', { providers: [OrdersResolver] });
    const { schema } = first.app.get(GraphQLSchemaHost, { strict: false });
    const second = await GraphqlApp.start('apollo on express', {
      graphql: { autoSchemaFile: undefined, typeDefs: [], schema },
    });
    await second.post({ query: '{ order(id: "2") { id } }' });
    expect(await recorded()).toBe('POST /graphql\n  query\n    select order 2');
    spans.reset();
    await first.close();
    await second.post({ query: '{ order(id: "3") { id } }' });
    expect(await recorded()).toBe('POST /graphql\n  query\n    select order 3');
    await second.close();
  });
});

import { Injectable, Scope } from '@nestjs/common';
import { Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { SpanStatusCode, trace } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import DataLoader from 'dataloader';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { tracedLoader } from 'nestjs-tracing';
import { recordSpans } from 'nestjs-tracing/testing';
import { GraphqlApp } from './support/graphql-app.js';
import type { Setup } from './support/graphql-app.js';
import { Order, User, work } from './support/orders.js';

const spans = recordSpans();
afterAll(() => spans.stop());

type Users = DataLoader<string, User>;

async function findUsers(ids: readonly string[]): Promise<User[]> {
  await work(`select ${ids.length} users`);
  if (ids.includes('broken')) throw new RangeError('no such user');
  return ids.map((id) => ({ id }));
}

const makeUsers = (): Users => new DataLoader(findUsers, { name: 'users' });

/** Kept across requests, as it should not be. */
@Injectable()
class SharedLoader {
  readonly users: Users = new DataLoader(findUsers, { name: 'shared users', cache: false });
}

@Injectable({ scope: Scope.REQUEST })
class RequestLoader {
  readonly users = tracedLoader(makeUsers());
}

@Resolver(() => Order)
class OrdersResolver {
  constructor(readonly shared: SharedLoader) {}

  @Query(() => [Order])
  orders(): Order[] {
    return ['1', '2', '3'].map((id) => ({ id }));
  }

  @Query(() => [Order])
  brokenOrders(): Order[] {
    return [{ id: 'broken' }, { id: '2' }];
  }

  @Query(() => User)
  async shared1(): Promise<User> {
    return this.shared.users.load('1');
  }

  @ResolveField(() => User, { nullable: true })
  async user(
    @Parent() { id }: Order,
    @Context() { loaders }: { loaders: { users: Users } },
  ): Promise<User> {
    return loaders.users.load(id);
  }

  @ResolveField(() => Number)
  total(): number {
    return 1;
  }
}

@Resolver(() => User)
class UsersResolver {
  constructor(readonly loader: RequestLoader) {}

  @Query(() => User)
  async mine(): Promise<User> {
    return this.loader.users.load('mine');
  }
}

describe.each<Setup>(['apollo on express', 'mercurius on fastify'])(
  'a dataloader with %s',
  (setup) => {
    let app: GraphqlApp;

    beforeAll(async () => {
      app = await GraphqlApp.start(setup, {
        providers: [OrdersResolver, UsersResolver, RequestLoader, SharedLoader],
        graphql: { context: () => ({ loaders: { users: makeUsers() } }) },
      });
    });
    afterEach(() => spans.reset());
    afterAll(() => app.close());

    async function recorded(count = 1): Promise<void> {
      await vi.waitFor(() => expect(spans.named('POST /graphql')).toHaveLength(count));
      spans.assertNoOpenSpans();
    }

    const idOf = (span: ReadableSpan): string => span.spanContext().spanId;

    it('GQ12 has a span for each batch, child of its operation', async () => {
      await app.post({ query: '{ orders { user { id } } }' });
      await recorded();
      expect(spans.tree()).toBe(
        ['POST /graphql', '  query', '    batch users', '      select 3 users'].join('\n'),
      );
      expect(spans.one('batch users').attributes).toEqual({
        'nestjs.graphql.batch.keys': 3,
        'nestjs.graphql.batch.operations': 1,
      });
    });

    it('GQ12 that loads for several operations links to the others', async () => {
      const query = '{ orders { user { id } } }';
      await app.post([{ query }, { query }, { query }]);
      await recorded();
      const operations = spans.named('query').map(idOf);
      const batch = spans.one('batch users');
      expect(batch.attributes['nestjs.graphql.batch.operations']).toBe(batch.links.length + 1);
      const told = [
        batch.parentSpanContext?.spanId,
        ...batch.links.map(({ context }) => context.spanId),
      ];
      expect(new Set(told).size).toBe(told.length);
      expect(operations).toEqual(expect.arrayContaining(told));
      expect(batch.links.length).toBeGreaterThan(0);
    });

    it('GQ12 whose batch fails is ERROR, and its keys fail as before', async () => {
      const { errors } = await app.post({ query: '{ brokenOrders { user { id } } }' });
      expect(errors?.[0]?.message).toBe('no such user');
      await recorded();
      expect(spans.one('batch users').status).toEqual({
        code: SpanStatusCode.ERROR,
        message: 'no such user',
      });
      expect(spans.one('query').status.code).toBe(SpanStatusCode.ERROR);
    });

    it('GQ12 of a request-scoped provider is traced by tracedLoader()', async () => {
      await app.post({ query: '{ mine { id } }' });
      await recorded();
      expect(spans.tree()).toBe(
        ['POST /graphql', '  query', '    batch users', '      select 1 users'].join('\n'),
      );
    });

    it('GQ12 that is kept across requests is warned about, once', async () => {
      const query = '{ shared1 { id } }';
      await Promise.all([1, 2, 3, 4].map(() => app.post({ query })));
      await recorded(4);
      const about = app.said.filter((line) => line.includes('kept across requests'));
      expect(about).toHaveLength(1);
      expect(about[0]).toContain('"shared users"');
      const batches = spans.named('batch shared users');
      const served = batches.map(({ attributes }) =>
        Number(attributes['nestjs.graphql.batch.operations']),
      );
      expect(served.reduce((sum, count) => sum + count, 0)).toBe(4);
    });
  },
);

describe('tracedLoader()', () => {
  it('GQ12 returns the loader, which loads as before', async () => {
    const loader = makeUsers();
    expect(tracedLoader(loader)).toBe(loader);
    expect(tracedLoader(loader)).toBe(loader);
    expect(Object.keys(loader)).toEqual(Object.keys(makeUsers()));
    await trace.getTracer('test').startActiveSpan('request', async (span) => {
      expect(await loader.loadMany(['1', '2', '1'])).toEqual([
        { id: '1' },
        { id: '2' },
        { id: '1' },
      ]);
      span.end();
    });
    expect(spans.tree()).toBe('request\n  batch users\n    select 2 users');
    const failed = tracedLoader(
      new DataLoader<string, string>(() => {
        throw new TypeError('at once');
      }),
    );
    await expect(failed.load('1')).rejects.toThrow('at once');
    const other = { load: () => 1 };
    expect(tracedLoader(other)).toBe(other);
    expect(Object.keys(other)).toEqual(['load']);
    spans.assertNoOpenSpans();
  });
});

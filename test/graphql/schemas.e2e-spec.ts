import {
  Args,
  Directive,
  Field,
  ID,
  ObjectType,
  Query,
  ResolveReference,
  Resolver,
} from '@nestjs/graphql';
import { ApolloFederationDriver } from '@nestjs/apollo';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { recordSpans } from 'nestjs-tracing/testing';
import { GraphqlApp } from './support/graphql-app.js';
import type { Setup } from './support/graphql-app.js';
import { work } from './support/orders.js';

const spans = recordSpans();
afterEach(() => spans.reset());
afterAll(() => spans.stop());

async function recorded(): Promise<string> {
  await vi.waitFor(() => expect(spans.named('POST /graphql')).toHaveLength(1));
  spans.assertNoOpenSpans();
  return spans.tree();
}

describe.each<Setup>(['apollo on express', 'mercurius on fastify'])(
  'schema first with %s',
  (setup) => {
    @Resolver('Order')
    class OrdersResolver {
      @Query('order')
      async order(@Args('id') id: string): Promise<object> {
        await work(`select ${id}`);
        return { id };
      }
    }

    it('GQ13 an operation has a span, and all of it runs inside', async () => {
      const app = await GraphqlApp.start(setup, {
        providers: [OrdersResolver],
        graphql: {
          autoSchemaFile: undefined,
          typeDefs: 'type Order { id: ID! } type Query { order(id: ID!): Order }',
        },
      });
      const { data } = await app.post({ query: '{ order(id: "1") { id } }' });
      expect(data).toEqual({ order: { id: '1' } });
      expect(await recorded()).toBe('POST /graphql\n  query\n    select 1');
      await app.close();
    });
  },
);

describe('a subgraph', () => {
  @ObjectType()
  @Directive('@key(fields: "id")')
  class Product {
    @Field(() => ID)
    id!: string;
  }

  @Resolver(() => Product)
  class ProductsResolver {
    @Query(() => Product)
    product(): Product {
      return { id: '1' };
    }
    @ResolveReference()
    async resolveReference({ id }: { id: string }): Promise<Product> {
      await work(`select ${id}`);
      return { id };
    }
  }

  it('GQ13 resolves references inside the operation of its gateway', async () => {
    const app = await GraphqlApp.start('apollo on express', {
      providers: [ProductsResolver],
      graphql: { driver: ApolloFederationDriver, autoSchemaFile: { federation: 2 } },
    });
    const representations = ['1', '2'].map((id) => ({ __typename: 'Product', id }));
    const query =
      'query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Product { id } } }';
    const { data } = await app.post({ query, variables: { representations } });
    expect(data).toEqual({ _entities: [{ id: '1' }, { id: '2' }] });
    expect(await recorded()).toBe('POST /graphql\n  query\n    select 1\n    select 2');
    expect(spans.one('query').attributes['code.function.name']).toBe(
      'ProductsResolver.resolveReference',
    );
    await app.close();
  });
});

import { UseGuards } from '@nestjs/common';
import {
  Args,
  Mutation,
  Parent,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from '@nestjs/graphql';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { recordSpans } from 'nestjs-tracing/testing';
import { GraphqlApp, SETUPS } from './support/graphql-app.js';
import { Guard, Order, Refusal, User, mark, work } from './support/orders.js';
import { PubSub } from './support/pub-sub.js';
import { SocketClient } from './support/socket-client.js';

const spans = recordSpans();
afterAll(() => spans.stop());

@Resolver(() => Order)
class OrdersResolver {
  constructor(readonly pubSub: PubSub) {}

  @Query(() => String)
  async alive(): Promise<string> {
    await work('work');
    return 'yes';
  }

  @Mutation(() => String)
  async place(@Args('id') id: string): Promise<string> {
    await this.pubSub.publish('placed', { placed: { id } });
    return id;
  }

  @Subscription(() => Order)
  @UseGuards(Guard)
  async placed(): Promise<AsyncIterableIterator<unknown>> {
    await work('subscribe');
    return this.pubSub.asyncIterableIterator('placed');
  }

  @Subscription(() => Order, {
    filter: ({ shown: { id } }: { shown: Order }) => id !== 'hidden',
    resolve: ({ shown }: { shown: Order }) => {
      mark(`resolve ${shown.id}`);
      return shown;
    },
  })
  shown(): AsyncIterableIterator<unknown> {
    return this.pubSub.asyncIterableIterator('shown');
  }

  @Subscription(() => Order)
  @UseGuards(Refusal)
  refused(): AsyncIterableIterator<unknown> {
    return this.pubSub.asyncIterableIterator('placed');
  }

  @Subscription(() => Order)
  async *three(): AsyncGenerator<unknown> {
    for (const id of ['1', '2', '3']) {
      await work('made');
      yield { three: { id } };
    }
  }

  @ResolveField(() => User)
  async user(@Parent() { id }: Order): Promise<User> {
    await work(`select user ${id}`);
    if (id === 'broken') throw new RangeError('no such user');
    return { id };
  }

  @ResolveField(() => Number)
  total(): number {
    return 1;
  }
}

describe.each(SETUPS)('a subscription with %s', (setup) => {
  let app: GraphqlApp;
  let client: SocketClient;
  const pubSub = (): PubSub => app.app.get(PubSub);

  beforeAll(async () => {
    app = await GraphqlApp.start(setup, {
      providers: [OrdersResolver, { provide: PubSub, useFactory: () => new PubSub() }],
      graphql: { subscriptions: { 'graphql-ws': true }, subscription: true },
    });
  });
  beforeEach(() => {
    client = new SocketClient(app.url);
  });
  afterEach(async () => {
    await client.close();
    await vi.waitFor(() => expect(pubSub().subscribers('placed')).toBe(0));
    await vi.waitFor(() => spans.assertNoOpenSpans());
    spans.reset();
  });
  afterAll(() => app.close());

  /** Waits for so many spans of a name. */
  const recorded = (name: string, count = 1): Promise<void> =>
    vi.waitFor(() => expect(spans.named(name)).toHaveLength(count), { timeout: 5000 });

  const linksOf = (span: ReadableSpan): string[] => span.links.map(({ context }) => context.spanId);

  it('GQ10 has a span for its start, the guard included, one for each event, and one for its end', async () => {
    const received = client.subscribe('subscription OnPlaced { placed { id total user { id } } }');
    await vi.waitFor(() => expect(pubSub().subscribers('placed')).toBe(1));
    await app.post({ query: 'mutation { place(id: "1") }' });
    await vi.waitFor(() => expect(received.results).toHaveLength(1));
    await app.post({ query: 'mutation { place(id: "2") }' });
    await vi.waitFor(() => expect(received.results).toHaveLength(2));
    expect(received.results[0]).toEqual({ placed: { id: '1', total: 1, user: { id: '1' } } });
    received.complete();
    await recorded('subscription end');

    const start = spans.one('subscription');
    expect(start).toMatchObject({
      kind: SpanKind.SERVER,
      attributes: {
        'graphql.operation.type': 'subscription',
        'graphql.operation.name': 'OnPlaced',
        'code.function.name': 'OrdersResolver.placed',
      },
    });
    expect(start.parentSpanContext).toBeUndefined();
    expect(spans.childrenOf(start).map(({ name }) => name)).toEqual(['guard', 'subscribe']);

    const events = spans.named('process placed');
    const publishers = spans.named('mutation').map((span) => span.spanContext().spanId);
    expect(events).toHaveLength(2);
    for (const [at, event] of events.entries()) {
      expect(event.kind).toBe(SpanKind.CONSUMER);
      expect(event.parentSpanContext).toBeUndefined();
      expect(linksOf(event).toSorted()).toEqual(
        [start.spanContext().spanId, publishers[at] ?? ''].toSorted(),
      );
      expect(spans.childrenOf(event).map(({ name }) => name)).toEqual([`select user ${at + 1}`]);
    }
    const end = spans.one('subscription end');
    expect(linksOf(end)).toEqual([start.spanContext().spanId]);
    expect(end.attributes).toMatchObject({
      'nestjs.graphql.subscription.end': 'closed',
      'nestjs.graphql.subscription.events': 2,
    });
  });

  it('GQ10 has a span for each event that its filter lets pass, its own resolve included', async () => {
    const received = client.subscribe('subscription { shown { id } }');
    await vi.waitFor(() => expect(pubSub().subscribers('shown')).toBe(1));
    await pubSub().publish('shown', { shown: { id: 'hidden' } });
    await pubSub().publish('shown', { shown: { id: '7' } });
    await vi.waitFor(() => expect(received.results).toHaveLength(1));
    received.complete();
    await recorded('subscription end');
    expect(spans.named('process shown')).toHaveLength(1);
    expect(spans.childrenOf(spans.one('process shown')).map(({ name }) => name)).toEqual([
      'resolve 7',
    ]);
  });

  it('GQ10 that a guard refuses has a span that says so', async () => {
    const received = client.subscribe('subscription { refused { id } }');
    await received.done;
    await recorded('subscription');
    const { attributes, events, status } = spans.one('subscription');
    expect(events).toHaveLength(1);
    expect(status.code).toBe(SpanStatusCode.UNSET);
    expect(attributes).toMatchObject({
      'error.type': 'ForbiddenException',
      'nestjs.handler.reached': false,
    });
    expect(spans.named('subscription end')).toEqual([]);
  });

  it('GQ10 that the server completes says so', async () => {
    const received = client.subscribe('subscription { three { id } }');
    await received.done;
    expect(received.results).toHaveLength(3);
    await recorded('subscription end');
    expect(spans.named('process three')).toHaveLength(3);
    expect(spans.one('subscription end').attributes).toMatchObject({
      'nestjs.graphql.subscription.end': 'completed',
      'nestjs.graphql.subscription.events': 3,
    });
  });

  it('GQ10 ends when its client vanishes, and its source is told', async () => {
    const received = client.subscribe('subscription { placed { id } }');
    await vi.waitFor(() => expect(pubSub().subscribers('placed')).toBe(1));
    client.vanish();
    await received.done;
    await recorded('subscription end');
    expect(spans.one('subscription end').attributes['nestjs.graphql.subscription.end']).toBe(
      'closed',
    );
  });

  it('GQ10 whose event fails: the event is ERROR, and the next one is as ever', async () => {
    const received = client.subscribe('subscription { placed { id user { id } } }');
    await vi.waitFor(() => expect(pubSub().subscribers('placed')).toBe(1));
    await pubSub().publish('placed', { placed: { id: 'broken' } });
    await vi.waitFor(() => expect(received.results).toHaveLength(1));
    await pubSub().publish('placed', { placed: { id: 'fine' } });
    await vi.waitFor(() => expect(received.results).toHaveLength(2));
    received.complete();
    await recorded('process placed', 2);
    const [broken, fine] = spans.named('process placed');
    expect(broken?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'no such user' });
    expect(broken?.events).toHaveLength(1);
    expect(fine?.status.code).toBe(SpanStatusCode.UNSET);
  });

  it('GQ10 of several on one socket are not mixed', async () => {
    const all = ['a', 'b', 'c'].map((name) =>
      client.subscribe(`subscription ${name} { placed { id user { id } } }`),
    );
    await vi.waitFor(() => expect(pubSub().subscribers('placed')).toBe(3));
    await pubSub().publish('placed', { placed: { id: '1' } });
    await vi.waitFor(() => expect(all.map(({ results }) => results.length)).toEqual([1, 1, 1]));
    for (const { complete } of all) complete();
    await recorded('process placed', 3);
    for (const event of spans.named('process placed')) {
      expect(spans.childrenOf(event).map(({ name }) => name)).toEqual(['select user 1']);
      const start = spans
        .named('subscription')
        .find((span) => linksOf(event).includes(span.spanContext().spanId));
      expect(start?.attributes['graphql.operation.name']).toBe(
        event.attributes['graphql.operation.name'],
      );
    }
  });

  it.runIf(setup.startsWith('apollo'))(
    'GQ1 a query over the socket has a span as well',
    async () => {
      const received = client.subscribe('query Alive { alive }');
      await received.done;
      expect(received.results).toEqual([{ alive: 'yes' }]);
      await recorded('query');
      expect(spans.tree()).toBe('query\n  work');
      expect(
        spans.named('query').map(({ attributes }) => attributes['graphql.operation.name']),
      ).toContain('Alive');
    },
  );
});

describe('the stop of the server', () => {
  it.each(SETUPS)('GQ10 ends what is subscribed, with %s', async (setup) => {
    const app = await GraphqlApp.start(setup, {
      providers: [OrdersResolver, { provide: PubSub, useFactory: () => new PubSub() }],
      graphql: { subscriptions: { 'graphql-ws': true }, subscription: true },
    });
    const client = new SocketClient(app.url);
    client.subscribe('subscription { placed { id } }');
    await vi.waitFor(() => expect(app.app.get(PubSub).subscribers('placed')).toBe(1));
    await app.close();
    expect(spans.one('subscription end').attributes['nestjs.graphql.subscription.end']).toBe(
      'stopped',
    );
    await vi.waitFor(() => spans.assertNoOpenSpans());
    spans.reset();
    await client.close();
  });
});

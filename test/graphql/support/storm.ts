import 'reflect-metadata';
import { setTimeout as sleep } from 'node:timers/promises';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { ApolloDriver } from '@nestjs/apollo';
import type { ApolloDriverConfig } from '@nestjs/apollo';
import { GraphQLModule } from '@nestjs/graphql';
import { MercuriusDriver } from '@nestjs/mercurius';
import type { MercuriusDriverConfig } from '@nestjs/mercurius';
import { ExpressAdapter } from '@nestjs/platform-express';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { ReadableSpan, SpanProcessor } from '@opentelemetry/sdk-trace';
import DataLoader from 'dataloader';
import { TracingModule } from 'nestjs-tracing';

const [, , setup = 'apollo', operations = '1000'] = process.argv;

interface Loaders {
  readonly loaders: { readonly users: DataLoader<string, object> };
}

/** What resolvers have made and is kept for ever. */
const kept: unknown[] = [];
/** What must not be kept. */
const things: WeakRef<object>[] = [];

/** Made here, so that it keeps nothing of where it is used. */
const nothing = (): void => undefined;

/** Keeps what is needed of each span, and no span. */
class Counts implements SpanProcessor {
  readonly started = new Map<string, number>();
  readonly parents = new Map<string, string | undefined>();
  readonly names = new Map<string, string>();
  keys = 0;
  served = 0;

  onStart(): void {}

  onEnd(span: ReadableSpan): void {
    const { spanId } = span.spanContext();
    this.started.set(span.name, (this.started.get(span.name) ?? 0) + 1);
    this.parents.set(spanId, span.parentSpanContext?.spanId);
    this.names.set(spanId, span.name);
    this.keys += Number(span.attributes['nestjs.graphql.batch.keys'] ?? 0);
    this.served += Number(span.attributes['nestjs.graphql.batch.operations'] ?? 0);
  }

  /** How many spans of a name hang on one of another name. */
  below(name: string, parent: string): number {
    return [...this.names].filter(
      ([id, own]) => own === name && this.names.get(this.parents.get(id) ?? '') === parent,
    ).length;
  }

  forceFlush = (): Promise<void> => Promise.resolve();
  shutdown = (): Promise<void> => Promise.resolve();
}

const counts = new Counts();

function context(): Loaders {
  const users = new DataLoader(
    async (ids: readonly string[]) => {
      await sleep(1);
      return ids.map((id) => ({ id }));
    },
    { name: 'users' },
  );
  const made = { loaders: { users } };
  things.push(new WeakRef(made.loaders), new WeakRef(users));
  return made;
}

const options = {
  typeDefs: `
    type User { id: ID! }
    type Order { id: ID! user: User! total: Int! }
    type Query { orders(of: ID!): [Order!]! }
  `,
  resolvers: {
    Query: {
      orders: async (_: unknown, args: { of: string }, shared: object) => {
        things.push(new WeakRef(shared), new WeakRef(args));
        kept.push(setTimeout(nothing, 2 ** 30));
        await sleep(1);
        const orders = [0, 1, 2].map((at) => ({ id: `${args.of}.${at}` }));
        things.push(...orders.map((order) => new WeakRef(order)));
        return orders;
      },
    },
    Order: {
      user: (order: { id: string }, _: unknown, { loaders }: Loaders) => {
        kept.push(new Promise(nothing).then(nothing));
        return loaders.users.load(order.id);
      },
      total: () => 1,
    },
  },
  context,
};

@Module({
  imports: [
    setup === 'apollo'
      ? GraphQLModule.forRoot<ApolloDriverConfig>({
          driver: ApolloDriver,
          allowBatchedHttpRequests: true,
          graphiql: false,
          ...options,
        })
      : GraphQLModule.forRoot<MercuriusDriverConfig>({
          driver: MercuriusDriver,
          allowBatchedQueries: true,
          ...options,
        }),
    TracingModule.forRoot({
      watchdog: false,
      exporter: 'none',
      http: { outgoing: false },
      graphql: { resolvers: 'custom' },
      sdk: { autoDetectResources: false, spanProcessors: [counts] },
    }),
  ],
})
class StormApp {}

const adapter = setup === 'apollo' ? new ExpressAdapter() : new FastifyAdapter();
const app = await NestFactory.create(StormApp, adapter, { logger: false });
await app.listen(0, '127.0.0.1');
const url = `${await app.getUrl()}/graphql`;

let answered = 0;
async function send(batch: number): Promise<void> {
  const body = Array.from({ length: 10 }, (_, at) => ({
    query: `query Q { orders(of: "${batch}.${at}") { id total user { id } } }`,
  }));
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close' },
    body: JSON.stringify(body),
  });
  for (const [at, { data }] of (
    (await response.json()) as { data: { orders: object } }[]
  ).entries()) {
    const expected = [0, 1, 2].map((order) => {
      const id = `${batch}.${at}.${order}`;
      return { id, total: 1, user: { id } };
    });
    if (JSON.stringify(data.orders) === JSON.stringify(expected)) answered += 1;
  }
}

const batches = Number(operations) / 10;
for (let sent = 0; sent < batches; sent += 20) {
  await Promise.all(
    Array.from({ length: Math.min(20, batches - sent) }, (_, at) => send(sent + at)),
  );
}
await app.close();
const { gc } = globalThis;
if (gc === undefined) throw new Error('Run this file with --expose-gc.');
for (let round = 0; round < 5; round += 1) {
  await sleep(20);
  gc();
}
process.stdout.write(
  JSON.stringify({
    answered,
    spans: Object.fromEntries(counts.started),
    operationsInRequests: counts.below('query', 'POST /graphql'),
    fieldsInOperations: counts.below('Order.user', 'query') + counts.below('Order.total', 'query'),
    batchesInOperations: counts.below('batch users', 'Order.user'),
    keys: counts.keys,
    kept: kept.length,
    seen: things.length,
    alive: things.filter((thing) => thing.deref() !== undefined).length,
  }),
  () => process.exit(0),
);

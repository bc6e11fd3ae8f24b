import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { SpanStatusCode } from '@opentelemetry/api';
import { beforeAll, describe, expect, it } from 'vitest';
import { runProbe } from '../groups/probes/run-probe.js';
import { freePort } from '../support/free-port.js';
import {
  POSTGRES,
  RABBITMQ,
  REDIS,
  describeWithService,
  findPostgres,
  findRabbitMq,
  findRedis,
} from '../support/services.js';
import type { SpanFacts } from './probes/kept-facts.js';
import type { Surroundings } from './probes/scenarios.js';

type Found = Record<string, readonly SpanFacts[]>;

const [postgres, redis, rabbit] = await Promise.all([findPostgres(), findRedis(), findRabbitMq()]);
const UNUSED = `nestjs-tracing-${randomUUID()}`;

/** The instrumentations, and whether their libraries find what they talk to. */
const possible = {
  pg: postgres.missing === undefined,
  http: true,
  undici: true,
  ioredis: redis.missing === undefined,
  amqplib: rabbit.missing === undefined,
};

let stock: Found;
let ours: Found;
beforeAll(async () => {
  const { host, username: user, database } = POSTGRES;
  const around: Surroundings = {
    postgres: { host, user, database },
    redis: REDIS,
    rabbit: `amqp://${RABBITMQ.host}:${RABBITMQ.port}`,
    unused: UNUSED,
    port: await freePort(),
  };
  const names = Object.entries(possible).flatMap(([name, isPossible]) => (isPossible ? name : []));
  const run = async (sdk: string): Promise<Found> => {
    const args = [sdk, JSON.stringify(around), ...names];
    return (await runProbe('instrumentations', args, join(import.meta.dirname, 'probes'))) as Found;
  };
  stock = await run('stock');
  ours = await run('ours');
});

/** Expects what the instrumentation does on the SDK, which is spans of these names, failed ones too. */
function expectSameSpans(name: keyof typeof possible, spanNames: readonly string[]): void {
  const scope = `@opentelemetry/instrumentation-${name}@`;
  const made = stock[name]?.filter((span) => span.scope.startsWith(scope)) ?? [];
  expect(new Set(made.map((span) => span.name))).toEqual(new Set(spanNames));
  expect(made.filter(({ status }) => status.code === SpanStatusCode.ERROR)).not.toEqual([]);
  expect(ours[name]).toEqual(stock[name]);
}

describe('OpenTelemetry’s instrumentations on our provider, as on the SDK’s', () => {
  it('X3 http: requests that come in and go out', () => {
    expectSameSpans('http', ['GET', 'POST']);
  });

  it('X3 undici: fetch', () => {
    expectSameSpans('undici', ['GET', 'POST']);
  });

  describeWithService(postgres, 'pg', () => {
    it('X3 clients and pools', () => {
      const queries = ['SELECT test', 'named test'].map((query) => `pg.query:${query}`);
      expectSameSpans('pg', ['pg.connect', 'pg-pool.connect', ...queries]);
    });
  });

  describeWithService(redis, 'ioredis', () => {
    it('X3 commands, pipelines, transactions and scripts', () => {
      const given = ['set', 'get', 'incr', 'append', 'strlen', 'multi', 'exec', 'eval', 'del'];
      expectSameSpans('ioredis', ['connect', 'info', 'client', 'quit', ...given]);
    });
  });

  describeWithService(rabbit, 'amqplib', () => {
    it('X3 messages that are published, taken and refused', () => {
      expectSameSpans('amqplib', ['publish <default>', `${UNUSED} process`]);
    });
  });
});

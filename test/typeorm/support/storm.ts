import { AsyncLocalStorage } from 'node:async_hooks';
import { SpanKind, trace } from '@opentelemetry/api';
import type { Attributes, Span } from '@opentelemetry/api';
import type { SpanRecorder } from 'nestjs-tracing/testing';
import type { IssuedStatement } from 'nestjs-tracing/typeorm';
import type { DataSource } from 'typeorm';
import type { Engine } from './engine.js';
import { connect } from './engine.js';
import { Customer } from './entities.js';

const REQUESTS = 150;
const POOL_SIZE = 3;

/** What became of a storm of concurrent requests. */
export interface StormResult {
  readonly statements: number;
  readonly wrongParents: number;
  readonly lostContexts: number;
}

/** 150 concurrent requests of 6 statements each on a pool of 3, half of them parallel on one runner. */
export async function runStorm(engine: Engine, spans: SpanRecorder): Promise<StormResult> {
  const pool = { poolSize: POOL_SIZE };
  const dataSource = await connect(engine, { attributes: requestOf }, pool);
  spans.reset();
  const requests = Array.from({ length: REQUESTS }, (_, at) => request(dataSource, at + 1));
  const lost = await Promise.all(requests);
  await dataSource.destroy();
  return { ...judge(spans), lostContexts: lost.reduce((sum, count) => sum + count, 0) };
}

/** The request's number as the statement has it; for SQLite, TypeORM writes numbers into the text. */
function requestOf({ text, parameters }: IssuedStatement): Attributes {
  const number = parameters[0] ?? /= (\d+)/.exec(text)?.[1] ?? -1;
  return { 'test.request': Number(number) };
}

const als = new AsyncLocalStorage<number>();

/** Answers how often the caller did not find its own context after an await. */
function request(dataSource: DataSource, number: number): Promise<number> {
  const options = { attributes: { 'test.request': number } };
  return als.run(number, () =>
    trace.getTracer('test').startActiveSpan(`request ${number}`, options, async (span) => {
      let lost = 0;
      const step = async (work: Promise<unknown>): Promise<void> => {
        await work;
        if (trace.getActiveSpan() !== span || als.getStore() !== number) lost += 1;
      };
      await issue(dataSource, number, step);
      span.end();
      return lost;
    }),
  );
}

async function issue(
  dataSource: DataSource,
  number: number,
  step: (work: Promise<unknown>) => Promise<void>,
): Promise<void> {
  const customers = dataSource.getRepository(Customer);
  await step(customers.findOneBy({ id: number }));
  await step(customers.createQueryBuilder('c').where('c.id = :id', { id: number }).getMany());
  await step(customers.update({ id: number }, { visits: () => 'visits + 1' }));
  const runner = dataSource.createQueryRunner();
  const count = () => runner.manager.countBy(Customer, { id: number });
  await Promise.all([step(count()), step(count()), step(count())]);
  await runner.release();
}

function judge(spans: SpanRecorder): Pick<StormResult, 'statements' | 'wrongParents'> {
  const requests = new Map(
    spans.finished
      .filter((span) => span.kind !== SpanKind.CLIENT)
      .map((span) => [span.spanContext().spanId, span.attributes['test.request']]),
  );
  const statements = spans.finished.filter((span) => span.kind === SpanKind.CLIENT);
  const wrong = statements.filter((span) => {
    const parent = requests.get(span.parentSpanContext?.spanId ?? '');
    return parent === undefined || parent !== span.attributes['test.request'];
  });
  return { statements: statements.length, wrongParents: wrong.length };
}

/** Runs work inside a span of its own. */
export function inSpan<T>(name: string, work: (span: Span) => Promise<T>): Promise<T> {
  return trace
    .getTracer('test')
    .startActiveSpan(name, (span) => work(span).finally(() => span.end()));
}

/** How many transactions at once, and the spans of one with a savepoint, its request's included. */
const TRANSACTIONS = 60;
const SPANS_OF_ONE = 10;

/**
 * 60 concurrent transactions on a pool of 3, each with parallel statements and a savepoint. Answers how
 * many spans are missing or too many, and how many statements are in a transaction of another request.
 */
export async function runTransactionStorm(
  engine: Engine,
  spans: SpanRecorder,
): Promise<{ spans: number; misplaced: number }> {
  const dataSource = await connect(engine, { connectionWaitMillis: 60_000 }, { poolSize: 3 });
  spans.reset();
  await Promise.all(
    Array.from({ length: TRANSACTIONS }, (_, at) =>
      inSpan(`request ${at}`, () => transact(dataSource, at)),
    ),
  );
  await dataSource.destroy();
  const transactions = spans.named('transaction');
  const misplaced = transactions.filter((span) => spans.childrenOf(span).length !== 5);
  return {
    spans: spans.finished.length - TRANSACTIONS * SPANS_OF_ONE,
    misplaced: misplaced.length + TRANSACTIONS - transactions.length,
  };
}

function transact(dataSource: DataSource, id: number): Promise<unknown> {
  return dataSource.transaction(async (manager) => {
    await Promise.all([manager.countBy(Customer, { id }), manager.query('SELECT 1')]);
    await manager.transaction((inner) => inner.countBy(Customer, { id }));
  });
}

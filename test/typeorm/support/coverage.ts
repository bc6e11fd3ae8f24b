import { SpanKind } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { SpanRecorder } from 'nestjs-tracing/testing';
import type { DataSource } from 'typeorm';
import type { Operation } from './operations.js';
import { inSpan } from './storm.js';

/** How many statements an operation issued, and how many spans they got. */
export interface Coverage {
  readonly operation: string;
  readonly issued: number;
  readonly spans: number;
  readonly misplaced: number;
}

/**
 * Runs every kind of operation, each inside a span of its own.
 *
 * @param operations by their names, in an order in which they can run one after another
 * @param issued how many statements the database has seen so far, by its own account
 */
export async function coverOperations(
  dataSource: DataSource,
  spans: SpanRecorder,
  operations: Readonly<Record<string, Operation>>,
  issued: () => Promise<number>,
): Promise<Coverage[]> {
  const covered: Coverage[] = [];
  for (const [operation, run] of Object.entries(operations)) {
    const before = await issued();
    spans.reset();
    await inSpan(spanName(operation), () => run(dataSource));
    covered.push({ operation, ...countSpans(operation, spans), issued: (await issued()) - before });
  }
  return covered;
}

function countSpans(
  operation: string,
  spans: SpanRecorder,
): Omit<Coverage, 'operation' | 'issued'> {
  const { spanId } = spans.one(spanName(operation)).spanContext();
  const statements = spans.finished.filter((span) => span.kind === SpanKind.CLIENT);
  const parents = new Set([spanId]);
  // A transaction ends after its savepoints, and each after its statements.
  for (const span of spans.finished.toReversed()) {
    const isTransaction = span.name === 'transaction' || span.name === 'savepoint';
    if (isTransaction && isIn(parents, span)) parents.add(span.spanContext().spanId);
  }
  const misplaced = statements.filter((span) => !isIn(parents, span));
  return { spans: statements.length, misplaced: misplaced.length };
}

function isIn(parents: ReadonlySet<string>, { parentSpanContext }: ReadableSpan): boolean {
  return parentSpanContext !== undefined && parents.has(parentSpanContext.spanId);
}

function spanName(operation: string): string {
  return `operation: ${operation}`;
}

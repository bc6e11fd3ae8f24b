import type { DemoLogLine } from '../support/demo-process.js';
import type { CollectedSpan, OtlpCollector } from '../support/otlp-collector.js';

/** The collector hands on a span's events too. */
interface SpanWithEvents extends CollectedSpan {
  readonly events?: readonly {
    readonly name: string;
    readonly attributes: Readonly<Record<string, unknown>>;
  }[];
}

/** Whose log line it is, but for those of the shards. */
const WRITERS: Readonly<Record<string, string>> = {
  'shards answered': 'handle',
  'audit row written': 'audit',
  'profile loaded': 'load profile',
};

/** What hangs below a span, but for waits for a connection, which come and go with the load. */
export function childrenOf(collector: OtlpCollector, parent: CollectedSpan): CollectedSpan[] {
  return collector.childrenOf(parent).filter(({ name }) => name !== 'acquire connection');
}

/** Which shard a span is of. */
export function shardOf({ attributes }: CollectedSpan): number {
  return Number(attributes['db.shard']);
}

/** How a task ended. */
export function outcomeOf({ attributes }: CollectedSpan): unknown {
  return attributes['async.task.outcome'];
}

/** The types of the exceptions that a span records. */
export function exceptionsOf(span: SpanWithEvents): unknown[] {
  return eventsOf(span)
    .filter(([name]) => name === 'exception')
    .map(([, attributes]) => attributes['exception.type']);
}

/** The events of a span, each by name and attributes. */
export function eventsOf({
  events = [],
}: SpanWithEvents): [string, Readonly<Record<string, unknown>>][] {
  return events.map(({ name, attributes }) => [name, attributes]);
}

/** How many tasks of a group ended in which way, where there are any. */
export function countsOf({ attributes }: CollectedSpan): Record<string, number> {
  const prefix = 'async.group.tasks.';
  const counts = Object.entries(attributes)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), Number(value)] as const);
  return Object.fromEntries(counts.filter(([, number]) => number > 0));
}

/** What tells a span from the others of its request. */
export function factsOf(span: CollectedSpan): object {
  if (span.name === 'queryShard') return { name: span.name, shard: shardOf(span) };
  return { name: span.name, key: span.attributes['request.key'] ?? span.attributes['audit.key'] };
}

/** The same of the span that a log line should name. */
export function factsOfLine({ msg, key, shard }: DemoLogLine): object {
  const name = WRITERS[msg];
  return name === undefined ? { name: 'queryShard', shard } : { name, key };
}

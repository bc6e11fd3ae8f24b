import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/**
 * What a printed tree shows beside names.
 *
 * @example
 * ```ts
 * spans.tree({ attributes: ['db.shard'], status: false });
 * ```
 */
export interface TreeOptions {
  /** Attributes to print, by key. Default: none. */
  readonly attributes?: readonly string[];
  /** Whether to print a status that is not UNSET. Default: true. */
  readonly status?: boolean;
  /** Whether to print links, by the name of the linked span. Default: true. */
  readonly links?: boolean;
}

/**
 * Prints spans as indented trees, siblings in the order in which they are given, that of their start,
 * so that a test can compare a whole trace with a text. A span whose parent is not among them is
 * printed as a root; if it has a parent all the same, that is said.
 */
export function printTree(spans: readonly ReadableSpan[], options: TreeOptions = {}): string {
  const byId = new Map(spans.map((span) => [span.spanContext().spanId, span]));
  const parentOf = (span: ReadableSpan): ReadableSpan | undefined =>
    byId.get(span.parentSpanContext?.spanId ?? '');
  const lines: string[] = [];
  const print = (span: ReadableSpan, depth: number): void => {
    lines.push('  '.repeat(depth) + describeSpan(span, byId, options));
    for (const child of spans.filter((other) => parentOf(other) === span)) print(child, depth + 1);
  };
  for (const root of spans.filter((span) => parentOf(span) === undefined)) print(root, 0);
  return lines.join('\n');
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function describeSpan(
  span: ReadableSpan,
  byId: ReadonlyMap<string, ReadableSpan>,
  { attributes = [], status = true, links = true }: TreeOptions,
): string {
  const parts = [span.name];
  for (const key of attributes) {
    if (span.attributes[key] !== undefined) parts.push(`${key}=${asText(span.attributes[key])}`);
  }
  if (status && span.status.code !== SpanStatusCode.UNSET) {
    parts.push(`status=${SpanStatusCode[span.status.code]}`);
  }
  for (const { context } of links ? span.links : []) {
    parts.push(`link=${byId.get(context.spanId)?.name ?? context.spanId}`);
  }
  const parent = span.parentSpanContext?.spanId;
  if (parent !== undefined && !byId.has(parent)) parts.push(`(parent ${parent} not recorded)`);
  return parts.join(' ');
}

import type { ReceivedLog, ReceivedSpan } from '../telemetry.interface.js';
import type { AssembledTrace } from './assembled-trace.interface.js';

/** A span in its tree; without `span`, one that others name and that never arrived. */
export interface SpanNode {
  readonly spanId: string;
  readonly span?: ReceivedSpan;
  /** When its span started, or the time of the first thing known of a missing one. */
  readonly startNanos: bigint;
  readonly children: readonly SpanNode[];
  readonly logs: readonly ReceivedLog[];
}

/** A node whose tree still grows. */
interface GrowingNode extends SpanNode {
  startNanos: bigint;
  children: GrowingNode[];
  readonly logs: ReceivedLog[];
}

/**
 * The roots of a trace, in order of time: spans without a parent, spans whose parent is another
 * process's, and placeholders for spans that are missing. Every span is in exactly one tree.
 */
export function buildTree({ spans, logs }: AssembledTrace): SpanNode[] {
  const nodes = new Map<string, GrowingNode>();
  for (const span of spans) nodes.set(span.spanId, node(span.spanId, span));
  for (const log of logs) nodeOf(nodes, log.spanId ?? '').logs.push(log);
  const roots = spans.flatMap((span) => attach(nodes, span));
  const missing = [...nodes.values()].filter(({ span }) => !span);
  for (const each of missing) each.startNanos = firstTime(each);
  const all = [...roots, ...missing];
  return sortByTime([...all, ...breakCycles(nodes, all)]);
}

/** What is missing has no parent, so its children are spans and know their start. */
function firstTime({ logs, children }: SpanNode): bigint {
  let first: bigint | undefined;
  const see = (time: bigint) => (first = first === undefined || time < first ? time : first);
  for (const { timeNanos } of logs) see(timeNanos);
  for (const { startNanos } of children) see(startNanos);
  return first ?? 0n;
}

function attach(nodes: Map<string, GrowingNode>, span: ReceivedSpan): GrowingNode[] {
  const own = nodeOf(nodes, span.spanId);
  const { parentSpanId } = span;
  if (!parentSpanId || (span.parentIsRemote && !nodes.has(parentSpanId))) return [own];
  nodeOf(nodes, parentSpanId).children.push(own);
  return [];
}

function nodeOf(nodes: Map<string, GrowingNode>, spanId: string): GrowingNode {
  const known = nodes.get(spanId) ?? node(spanId);
  nodes.set(spanId, known);
  return known;
}

function node(spanId: string, span?: ReceivedSpan): GrowingNode {
  const startNanos = span?.startNanos ?? 0n;
  return { spanId, ...(span ? { span } : {}), startNanos, children: [], logs: [] };
}

/** Spans that are their own ancestors hang on no root: one of each circle becomes a root. */
function breakCycles(nodes: Map<string, GrowingNode>, roots: GrowingNode[]): GrowingNode[] {
  const seen = new Set<GrowingNode>();
  for (const root of roots) arrange(root, seen);
  return [...nodes.values()].filter((candidate) => {
    if (seen.has(candidate)) return false;
    arrange(candidate, seen);
    return true;
  });
}

/**
 * Sorts a tree by time, marks it as seen and cuts a branch that leads back into what was seen. A
 * loop: a sender decides how deep its tree is.
 */
function arrange(root: GrowingNode, seen: Set<GrowingNode>): void {
  const open = [root];
  seen.add(root);
  for (let next = open.pop(); next; next = open.pop()) {
    next.children = sortByTime(next.children.filter((child) => !seen.has(child)));
    for (const child of next.children) {
      seen.add(child);
      open.push(child);
    }
  }
}

function sortByTime<T extends SpanNode>(nodes: T[]): T[] {
  return nodes.toSorted((one, other) => {
    if (one.startNanos !== other.startNanos) return one.startNanos < other.startNanos ? -1 : 1;
    return taskIndex(one) - taskIndex(other);
  });
}

/** Spans start on a whole millisecond, so those of one `map` often start at the same time. */
function taskIndex({ span }: SpanNode): number {
  const index = span?.attributes['async.task.index'];
  return typeof index === 'number' && Number.isFinite(index) ? index : 0;
}

import type { ReceivedLog, ReceivedSpan } from '../telemetry.interface.js';
import type { AssembledTrace } from './assembled-trace.interface.js';

/** A span in its tree; without `span`, one that others name and that never arrived. */
export interface SpanNode {
  readonly spanId: string;
  readonly span?: ReceivedSpan;
  readonly children: SpanNode[];
  readonly logs: ReceivedLog[];
}

/**
 * The roots of a trace, in order of time: spans without a parent, spans whose parent is another
 * process's, and placeholders for spans that are missing. Every span is in exactly one tree.
 */
export function buildTree({ spans, logs }: AssembledTrace): SpanNode[] {
  const nodes = new Map<string, SpanNode>();
  for (const span of spans) nodes.set(span.spanId, node(span.spanId, span));
  for (const log of logs) nodeOf(nodes, log.spanId ?? '').logs.push(log);
  const roots = spans.flatMap((span) => attach(nodes, span));
  const missing = [...nodes.values()].filter(({ span }) => !span);
  const all = [...roots, ...missing];
  return sortByTime([...all, ...breakCycles(nodes, all)]);
}

/** When a node begins: its span's start, or the first thing known of a missing one. */
export function startOf(node: SpanNode): bigint {
  if (node.span) return node.span.startNanos;
  const times = [...node.logs.map((log) => log.timeNanos), ...node.children.map(startOf)];
  return times.reduce((first, time) => (time < first ? time : first), times[0] ?? 0n);
}

function attach(nodes: Map<string, SpanNode>, span: ReceivedSpan): SpanNode[] {
  const own = nodeOf(nodes, span.spanId);
  const { parentSpanId } = span;
  if (!parentSpanId || (span.parentIsRemote && !nodes.has(parentSpanId))) return [own];
  nodeOf(nodes, parentSpanId).children.push(own);
  return [];
}

function nodeOf(nodes: Map<string, SpanNode>, spanId: string): SpanNode {
  const known = nodes.get(spanId) ?? node(spanId);
  nodes.set(spanId, known);
  return known;
}

function node(spanId: string, span?: ReceivedSpan): SpanNode {
  return { spanId, ...(span ? { span } : {}), children: [], logs: [] };
}

/** Spans that are their own ancestors hang on no root: one of each circle becomes a root. */
function breakCycles(nodes: Map<string, SpanNode>, roots: SpanNode[]): SpanNode[] {
  const seen = new Set<SpanNode>();
  roots.forEach((root) => arrange(root, seen));
  return [...nodes.values()].filter((candidate) => {
    if (seen.has(candidate)) return false;
    arrange(candidate, seen);
    return true;
  });
}

/** Sorts a tree by time, marks it as seen and cuts a branch that leads back into what was seen. */
function arrange(node: SpanNode, seen: Set<SpanNode>): void {
  seen.add(node);
  const fresh = node.children.filter((child) => !seen.has(child));
  node.children.splice(0, node.children.length, ...sortByTime(fresh));
  for (const child of fresh) arrange(child, seen);
}

function sortByTime(nodes: SpanNode[]): SpanNode[] {
  return nodes.toSorted((one, other) => {
    const [start, otherStart] = [startOf(one), startOf(other)];
    if (start !== otherStart) return start < otherStart ? -1 : 1;
    return taskIndex(one) - taskIndex(other);
  });
}

/** Spans start on a whole millisecond, so those of one `map` often start at the same time. */
function taskIndex({ span }: SpanNode): number {
  return Number(span?.attributes['async.task.index'] ?? 0);
}

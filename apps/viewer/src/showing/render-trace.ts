import type { AssembledTrace } from '../assembling/assembled-trace.interface.js';
import { buildTree, startOf, type SpanNode } from '../assembling/trace-tree.js';
import { eventLine, linkLine, logLine, nodeLine, type LineContext } from './span-lines.js';
import { count, duration, printable } from './text.js';

/** What hangs below a span, at its time. */
interface Branch {
  readonly time: bigint;
  readonly lines: readonly string[];
}

/** A whole trace as lines: a heading, then its spans as an indented tree. */
export function renderTrace(trace: AssembledTrace, context: LineContext): string[] {
  const roots = buildTree(trace).flatMap((node) => renderNode(node, context, true));
  return [heading(trace, context), ...roots];
}

function heading({ traceId, spans, logs, revision }: AssembledTrace, context: LineContext): string {
  const services = [...new Set(spans.map(({ service }) => printable(service)))];
  const facts = [
    ...services,
    count(spans.length, 'span'),
    ...(logs.length > 0 ? [count(logs.length, 'log line')] : []),
    ...(spans.length > 0 ? [duration(extent(spans))] : []),
    ...(revision > 0 ? ['shown again: more arrived'] : []),
  ];
  return context.palette('dim', [`trace ${traceId}`, ...facts].join(' · '));
}

function extent(spans: AssembledTrace['spans']): bigint {
  const start = spans.reduce(
    (min, span) => (span.startNanos < min ? span.startNanos : min),
    spans[0]!.startNanos,
  );
  return spans.reduce((max, span) => (span.endNanos > max ? span.endNanos : max), start) - start;
}

function renderNode(node: SpanNode, context: LineContext, isRoot = false): string[] {
  const branches = branchesOf(node, context);
  const below = branches.flatMap(({ lines }, index) =>
    indent(lines, index === branches.length - 1),
  );
  return [nodeLine(node, context, isRoot), ...below];
}

function branchesOf({ span, children, logs }: SpanNode, context: LineContext): Branch[] {
  const links = (span?.links ?? []).map((link) =>
    branch(span!.startNanos, linkLine(link, context)),
  );
  const events = (span?.events ?? []).map((event) =>
    branch(event.timeNanos, eventLine(event, context)),
  );
  const lines = logs.map((log) => branch(log.timeNanos, logLine(log, context.palette)));
  const spans = children.map((child) => ({
    time: startOf(child),
    lines: renderNode(child, context),
  }));
  const timed = [...spans, ...events, ...lines].toSorted((one, other) =>
    compare(one.time, other.time),
  );
  return [...links, ...timed];
}

function branch(time: bigint, line: string): Branch {
  return { time, lines: [line] };
}

function indent([first = '', ...rest]: readonly string[], isLast: boolean): string[] {
  return [
    `${isLast ? '└─' : '├─'} ${first}`,
    ...rest.map((line) => `${isLast ? '  ' : '│ '} ${line}`),
  ];
}

function compare(one: bigint, other: bigint): number {
  return one === other ? 0 : one < other ? -1 : 1;
}

import type { AssembledTrace } from '../assembling/assembled-trace.interface.js';
import { buildTree } from '../assembling/trace-tree.js';
import type { LineContext } from './span-lines.js';
import { count, duration, printable } from './text.js';
import { treeLines } from './tree-lines.js';

const MAX_SERVICES = 8;

/** A whole trace as lines: a heading, then its spans as an indented tree. */
export function renderTrace(trace: AssembledTrace, context: LineContext): string[] {
  return [heading(trace, context), ...treeLines(buildTree(trace), context)];
}

function heading(
  { traceId, spans, logs, revision, dropped }: AssembledTrace,
  { palette }: LineContext,
): string {
  const facts = [
    ...servicesOf(spans),
    count(spans.length, 'span'),
    ...(logs.length > 0 ? [count(logs.length, 'log line')] : []),
    ...(spans.length > 0 ? [duration(extent(spans))] : []),
    ...(revision > 0 ? ['shown again: more arrived'] : []),
  ];
  const text = palette('dim', [`trace ${printable(traceId)}`, ...facts].join(' · '));
  const lost = [
    ...(dropped.spans > 0 ? [count(dropped.spans, 'span')] : []),
    ...(dropped.logs > 0 ? [count(dropped.logs, 'log line')] : []),
  ];
  if (lost.length === 0) return text;
  return `${text} · ${palette('warning', `${lost.join(' and ')} dropped: the trace is too large`)}`;
}

function servicesOf(spans: AssembledTrace['spans']): string[] {
  const services = [...new Set(spans.map(({ service }) => service))];
  const rest = services.length - MAX_SERVICES;
  const shown = services.slice(0, MAX_SERVICES).map((service) => printable(service));
  return [...shown, ...(rest > 0 ? [`${rest} more services`] : [])];
}

/** A span that ends before it starts has no length. */
function extent(spans: AssembledTrace['spans']): bigint {
  let start = spans[0]!.startNanos;
  let end = start;
  for (const { startNanos, endNanos } of spans) {
    if (startNanos < start) start = startNanos;
    if (startNanos > end) end = startNanos;
    if (endNanos > end) end = endNanos;
  }
  return end - start;
}

import { timeText } from '../problems/problem-source.js';
import type { TraceAnalysis } from '../detail/trace-detail.js';
import { count, printable } from '../showing/text.js';
import type { TraceStore } from '../store/trace-store.js';
import type { ReceivedSpan } from '../telemetry.interface.js';
import { textTree } from './text-tree.js';

/** What one may paste anywhere. */
const MAX_BYTES = 12 * 1024;
const MAX_SERVICES = 8;
const MAX_PROBLEMS = 12;
const MAX_PATH = 10;
const MAX_PROBLEM_CHARS = 240;
/** For the stacks of errors, of all of them together. */
const MAX_STACK_BYTES = 3 * 1024;
const MAX_STACK_LINES = 8;

/**
 * A trace as text of 12 KB at most: what is wrong, where the time went, the tree (of a large one the
 * parts that tell something), the stacks of its errors. Nothing in it steers a terminal.
 */
export function traceText(analysis: TraceAnalysis, store: TraceStore): string {
  const head = [heading(analysis), ...problemLines(analysis), ...pathLines(analysis)];
  const stacks = stackLines(analysis);
  const used = bytesOf([...head, ...stacks]);
  const tree = textTree(analysis, store, MAX_BYTES - used - 200);
  return cut(`${[...head, '', ...tree, ...stacks].join('\n')}\n`);
}

function heading({ trace, table, duration }: TraceAnalysis): string {
  const services = [...trace.facts.services];
  const names = services.slice(0, MAX_SERVICES).map((name) => printable(name, 60));
  const rest = services.length - names.length;
  return [
    `trace ${trace.traceId}`,
    ...names,
    ...(rest > 0 ? [count(rest, 'more service')] : []),
    count(trace.spanCount, 'span'),
    ...(trace.logCount > 0 ? [count(trace.logCount, 'log line')] : []),
    timeText(duration),
    ...openText(trace.facts),
    new Date(Number(table.startNanos / 1_000_000n)).toISOString(),
  ].join(' · ');
}

/** What is still to come: its times are those so far. */
function openText({ pending, root }: TraceAnalysis['trace']['facts']): string[] {
  if (pending > 0) return [`still running: ${count(pending, 'span')} not ended`];
  return root ? [] : ['its root has not arrived'];
}

function problemLines({ problems }: TraceAnalysis): string[] {
  if (problems.length === 0) return [];
  const shown = problems.slice(0, MAX_PROBLEMS);
  const rest = problems.length - shown.length;
  return [
    '',
    'problems:',
    ...shown.map(({ kind, text }) => `- ${kind}: ${printable(text, MAX_PROBLEM_CHARS)}`),
    ...(rest > 0 ? [`- … ${rest} more`] : []),
  ];
}

/** The spans for which the trace waited longest. */
function pathLines({ path, table, duration }: TraceAnalysis): string[] {
  const waits = new Map<number, number>();
  for (const { span, start, end } of path) waits.set(span, (waits.get(span) ?? 0) + end - start);
  if (waits.size === 0) return [];
  const longest = [...waits].toSorted(([, one], [, other]) => other - one).slice(0, MAX_PATH);
  const lines = longest.map(([at, wait]) => {
    const share = Math.round((100 * wait) / Math.max(duration, 1e-3));
    return `- ${timeText(wait)} (${share} %) in ${nameOf(table.spans[at])}`;
  });
  const rest = waits.size - longest.length;
  return ['', 'critical path:', ...lines, ...(rest > 0 ? [`- … ${count(rest, 'more span')}`] : [])];
}

/** Each exception once, however many spans it went through. */
function stackLines({ table }: TraceAnalysis): string[] {
  const stacks = new Map<string, number>();
  for (const span of table.spans) {
    for (const { name, attributes } of span?.events ?? []) {
      const stack = attributes['exception.stacktrace'];
      if (name !== 'exception' || typeof stack !== 'string') continue;
      const lines = stack.slice(0, 4_000).split('\n').slice(0, MAX_STACK_LINES);
      const text = lines.map((line) => `  ${printable(line, 200)}`).join('\n');
      stacks.set(text, (stacks.get(text) ?? 0) + 1);
    }
  }
  const lines: string[] = [];
  let left = MAX_STACK_BYTES;
  for (const [text, times] of stacks) {
    left -= Buffer.byteLength(text);
    if (left < 0) break;
    lines.push(times > 1 ? `${text}\n  (told by ${times} spans)` : text);
  }
  const untold = stacks.size - lines.length;
  if (stacks.size === 0) return [];
  return ['', 'stacks:', ...lines, ...(untold > 0 ? [`… ${untold} more`] : [])];
}

function nameOf(span: ReceivedSpan | undefined): string {
  return span ? `${printable(span.name, 120)} · ${printable(span.service, 60)}` : 'a missing span';
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0);
}

function cut(text: string): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= MAX_BYTES) return text;
  // Half a character at the end is none.
  const whole = bytes
    .subarray(0, MAX_BYTES - 8)
    .toString()
    .replaceAll('\ufffd', '');
  return `${whole}…\n`;
}

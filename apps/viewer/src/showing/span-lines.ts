import type { SpanNode } from '../assembling/trace-tree.js';
import type {
  AttributeMap,
  ReceivedEvent,
  ReceivedLink,
  ReceivedLog,
  ReceivedSpan,
} from '../telemetry.interface.js';
import { blockedText } from './blocked-text.js';
import type { Palette } from './palette.js';
import { repeatedQueryText, slowQueryText } from './query-text.js';
import { reasonOf, tasksText, untoldOutcome } from './task-text.js';
import { attributesText, duration, printable, shortId, valueText } from './text.js';

/** What a line needs beside its span. */
export interface LineContext {
  readonly palette: Palette;
  readonly attributes?: readonly string[];
  spanName(traceId: string, spanId: string): string | undefined;
}

/**
 * The line of a span, or of the place where one is missing. Below a span of another process it tells its
 * service.
 */
export function nodeLine(
  { span, spanId, children }: SpanNode,
  context: LineContext,
  isRoot: boolean,
): string {
  if (span) return spanLine(span, context, isRoot);
  const what = children.length > 0 ? 'missing parent' : 'missing span';
  return context.palette('warning', `(${what} ${printable(spanId)}: it never arrived)`);
}

/** The line of a link, with the name of its span if that has arrived. */
export function linkLine({ traceId, spanId }: ReceivedLink, context: LineContext): string {
  const name = context.spanName(traceId, spanId);
  const target = name === undefined ? `span ${printable(spanId)}` : printable(name);
  return context.palette('link', `↪ linked to ${target} in trace ${shortId(traceId)}`);
}

/** The line of a log record. */
export function logLine({ severity, message, attributes }: ReceivedLog, palette: Palette): string {
  const tone = severityTone(severity);
  const rest = attributesText(attributes);
  return join(palette(tone, `• ${printable(severity)}`), printable(message), palette('dim', rest));
}

/**
 * The line of an event; an exception shows its type and message, detached work where it is, a slow or
 * repeated query how much it is.
 */
export function eventLine({ name, attributes }: ReceivedEvent, { palette }: LineContext): string {
  if (name === 'exception') return palette('bad', exceptionText(attributes));
  if (name === 'async.detached.started') return palette('link', startedText(attributes));
  if (name === 'event_loop.blocked') return palette('warning', blockedText(attributes));
  if (name === 'slow query') return palette('warning', slowQueryText(attributes));
  if (name === 'repeated query') return palette('warning', repeatedQueryText(attributes));
  return join(`◦ ${printable(name)}`, palette('dim', attributesText(attributes)));
}

function exceptionText(attributes: AttributeMap): string {
  const { 'exception.type': type = 'Error', 'exception.message': message = '' } = attributes;
  return `! ${valueText(type)}: ${valueText(message)}`;
}

function startedText(attributes: AttributeMap): string {
  const { 'async.detached.name': name = 'work', 'async.detached.trace_id': traceId = '' } =
    attributes;
  return `↪ started ${valueText(name)} in trace ${shortId(valueText(traceId))}`;
}

function spanLine(
  span: ReceivedSpan,
  { palette, attributes }: LineContext,
  isRoot: boolean,
): string {
  return join(
    palette('name', printable(span.name)),
    span.kind === 'INTERNAL' ? '' : palette('dim', span.kind),
    duration(span.endNanos - span.startNanos),
    span.isPending ? palette('link', 'so far, running') : statusText(span, palette),
    tasksText(span.attributes),
    palette('dim', attributesText(span.attributes, attributes)),
    remoteText(span, palette, isRoot),
  );
}

function remoteText(span: ReceivedSpan, palette: Palette, isRoot: boolean): string {
  if (!span.parentIsRemote) return '';
  return isRoot
    ? palette('warning', `parent ${printable(span.parentSpanId ?? '')} in another process`)
    : palette('link', `⇄ ${printable(span.service)}`);
}

/** A cancelled task is not what is wrong, even where its status is ERROR. */
function statusText(span: ReceivedSpan, palette: Palette): string {
  const outcome = untoldOutcome(span);
  if (span.status === 'UNSET' && !outcome) return palette('dim', span.status);
  const reason = reasonOf(span);
  const parts = [span.status, outcome, reason && `(${reason})`];
  return palette(statusTone(span.status, outcome), parts.filter(Boolean).join(' '));
}

function statusTone(status: ReceivedSpan['status'], outcome: string) {
  if (outcome) return 'warning';
  return status === 'OK' ? 'good' : 'bad';
}

function severityTone(severity: string) {
  if (/^(ERROR|FATAL)/i.test(severity)) return 'bad';
  return /^WARN/i.test(severity) ? 'warning' : 'dim';
}

function join(...parts: string[]): string {
  return parts.filter((part) => /\S/.test(part)).join('  ');
}

import type { SpanNode } from '../assembling/trace-tree.js';
import type {
  ReceivedEvent,
  ReceivedLink,
  ReceivedLog,
  ReceivedSpan,
} from '../telemetry.interface.js';
import type { Palette } from './palette.js';
import { attributesText, duration, printable, shortId, valueText } from './text.js';

/** What a line needs beside its span. */
export interface LineContext {
  readonly palette: Palette;
  readonly attributes?: readonly string[];
  spanName(traceId: string, spanId: string): string | undefined;
}

/** The line of a span, or of the place where one is missing. */
export function nodeLine({ span, spanId, children }: SpanNode, context: LineContext): string {
  if (span) return spanLine(span, context);
  const what = children.length > 0 ? 'missing parent' : 'missing span';
  return context.palette('warning', `(${what} ${spanId}: it never arrived)`);
}

/** The line of a link, with the name of its span if that has arrived. */
export function linkLine({ traceId, spanId }: ReceivedLink, context: LineContext): string {
  const name = context.spanName(traceId, spanId);
  const target = name === undefined ? `span ${spanId}` : printable(name);
  return context.palette('link', `↪ linked to ${target} in trace ${shortId(traceId)}`);
}

/** The line of a log record. */
export function logLine({ severity, message, attributes }: ReceivedLog, palette: Palette): string {
  const tone = severityTone(severity);
  const rest = attributesText(attributes);
  return join(palette(tone, `• ${printable(severity)}`), printable(message), palette('dim', rest));
}

/** The line of an event; an exception shows its type and message. */
export function eventLine({ name, attributes }: ReceivedEvent, { palette }: LineContext): string {
  const { 'exception.type': type = 'Error', 'exception.message': message = '' } = attributes;
  return name === 'exception'
    ? palette('bad', `! ${valueText(type)}: ${valueText(message)}`)
    : join(`◦ ${printable(name)}`, palette('dim', attributesText(attributes)));
}

function spanLine(span: ReceivedSpan, { palette, attributes }: LineContext): string {
  const remote = `parent ${span.parentSpanId} in another process`;
  return join(
    palette('name', printable(span.name)),
    span.kind === 'INTERNAL' ? '' : palette('dim', span.kind),
    duration(span.endNanos - span.startNanos),
    statusText(span, palette),
    palette('dim', attributesText(span.attributes, attributes)),
    span.parentIsRemote ? palette('warning', remote) : '',
  );
}

function statusText({ status, statusMessage }: ReceivedSpan, palette: Palette): string {
  if (status === 'UNSET') return palette('dim', status);
  const text = statusMessage ? `${status} (${printable(statusMessage)})` : status;
  return palette(status === 'OK' ? 'good' : 'bad', text);
}

function severityTone(severity: string) {
  if (/^(ERROR|FATAL)/i.test(severity)) return 'bad';
  return /^WARN/i.test(severity) ? 'warning' : 'dim';
}

function join(...parts: string[]): string {
  return parts.filter((part) => /\S/.test(part)).join('  ');
}

import type { StoredTrace } from '../store/stored-trace.js';
import type {
  AttributeMap,
  AttributeValue,
  ReceivedLog,
  ReceivedSpan,
} from '../telemetry.interface.js';

/** Whether something in a trace contains a text, which is in lower case. */
export function traceContains(trace: StoredTrace, text: string): boolean {
  if (trace.traceId.startsWith(text)) return true;
  for (const span of trace.spans) if (spanContains(span, text)) return true;
  return trace.logs.some((log) => logContains(log, text));
}

/** Whether the message or an attribute of a log line contains a text in lower case. */
export function logContains({ message, attributes }: ReceivedLog, text: string): boolean {
  return contains(message, text) || valuesContain(attributes, text);
}

/** Whether a text contains another, which is in lower case. */
export function contains(whole: string, text: string): boolean {
  return whole.length >= text.length && whole.toLowerCase().includes(text);
}

/** A value as text, as it is compared and shown. */
export function textOfValue(value: AttributeValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function spanContains(span: ReceivedSpan, text: string): boolean {
  return (
    contains(span.name, text) ||
    contains(span.service, text) ||
    contains(span.statusMessage ?? '', text) ||
    span.spanId === text ||
    valuesContain(span.attributes, text) ||
    span.events.some((event) => contains(event.name, text) || valuesContain(event.attributes, text))
  );
}

function valuesContain(attributes: AttributeMap, text: string): boolean {
  for (const key in attributes) if (contains(textOfValue(attributes[key]!), text)) return true;
  return false;
}

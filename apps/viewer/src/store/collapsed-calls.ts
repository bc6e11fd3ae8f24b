import { numberOf } from '../showing/text.js';
import type { AttributeMap, ReceivedSpan } from '../telemetry.interface.js';

/** From here on, the same call again under one parent is worth a word. */
export const REPEATS = 5;

/** Calls of one name under one parent, of which many have one span together. */
export interface CollapsedCalls {
  readonly first: ReceivedSpan;
  /** All of them, those with a span of their own too. */
  times: number;
  /** Microseconds that they took together. */
  took: number;
  /** Where their spans stand among those that were asked about. */
  readonly places: number[];
}

/** Whether a span is that of calls that have none of their own. */
export function isCollapsed(attributes: AttributeMap): boolean {
  return numberOf(attributes['async.collapsed.count']) >= 1;
}

/** How many calls a span stands for: what failed among collapsed ones is counted there, and has a span. */
export function callsOf(attributes: AttributeMap): number {
  if (isCollapsed(attributes)) return Math.round(numberOf(attributes['async.collapsed.count']));
  return attributes['async.collapsed.retroactive'] === true ? 0 : 1;
}

/** Microseconds that the calls of a span took: that of collapsed ones lasts from the first to the last. */
export function tookOf({ attributes, startNanos, endNanos }: ReceivedSpan): number {
  const sum = attributes['async.collapsed.duration.sum_ms'];
  if (isCollapsed(attributes) && typeof sum === 'number') return Math.max(0, sum) * 1e3;
  return callsOf(attributes) === 0 ? 0 : Math.max(0, Number(endNanos - startNanos)) / 1e3;
}

/** Finds what was collapsed, with the calls before that have spans. Linear in the spans. */
export function collapsedCalls(spans: readonly (ReceivedSpan | undefined)[]): CollapsedCalls[] {
  const families = new Map<string, Map<string, CollapsedCalls>>();
  for (const span of spans) {
    if (span?.parentSpanId === undefined || !isCollapsed(span.attributes)) continue;
    const siblings = families.get(span.parentSpanId) ?? new Map<string, CollapsedCalls>();
    families.set(span.parentSpanId, siblings);
    siblings.set(keyOf(span), { first: span, times: 0, took: 0, places: [] });
  }
  if (families.size === 0) return [];
  for (let at = 0; at < spans.length; at++) {
    const span = spans[at];
    const siblings = span && families.get(span.parentSpanId ?? '');
    const calls = siblings && siblings.get(keyOf(span));
    if (!calls) continue;
    calls.times += callsOf(span.attributes);
    calls.took += tookOf(span);
    calls.places.push(at);
  }
  return [...families.values()]
    .flatMap((siblings) => [...siblings.values()])
    .filter(({ times }) => times >= REPEATS);
}

function keyOf({ name, service }: ReceivedSpan): string {
  return `${service} ${name}`;
}

import type { ReceivedEvent, ReceivedSpan } from '../telemetry.interface.js';
import { numberOf } from '../showing/text.js';
import { REPEATS, callsOf, isCollapsed } from './collapsed-calls.js';
import { isQuery, statementOf } from './statement.js';

/** What the list shows of a trace, kept up to date as spans come: a new span costs the same always. */
export class TraceFacts {
  root: ReceivedSpan | undefined;
  /** The span that started first. */
  first: ReceivedSpan | undefined;
  endNanos = 0n;
  errors = 0;
  cancelled = 0;
  detached = 0;
  blockedMillis = 0;
  /** How often the statement came that repeats most under one parent. */
  repeated = 0;
  /** The same of calls that are no statements. */
  repeatedCalls = 0;
  /** Spans that stand for several calls each. */
  collapsed = 0;
  lost = 0;
  /** Spans that their sender's budget had no room for. */
  leftOut = 0;
  links = 0;
  exceptions = 0;
  pending = 0;
  readonly services = new Set<string>();
  readonly #repeats = new Map<string, number>();

  add(span: ReceivedSpan): void {
    this.#addTimes(span);
    this.services.add(span.service);
    this.links += span.links.length;
    if (span.isPending) this.pending += 1;
    if (isRoot(span) && isBetterRoot(span, this.root)) this.root = span;
    this.#addOutcome(span);
    const { attributes: lost = 0, events = 0, links = 0 } = span.lost ?? {};
    this.lost += lost + events + links;
    this.leftOut += numberOf(span.attributes['async.spans.dropped']);
    for (const event of span.events) this.#addEvent(event);
    this.#addRepeat(span);
  }

  #addTimes(span: ReceivedSpan): void {
    const { startNanos, endNanos } = span;
    if (!this.first || startNanos < this.first.startNanos) this.first = span;
    if (startNanos > this.endNanos) this.endNanos = startNanos;
    if (endNanos > this.endNanos) this.endNanos = endNanos;
  }

  /** When the first span started. */
  get startNanos(): bigint {
    return this.first?.startNanos ?? 0n;
  }

  /** A cancelled task is not what went wrong, even where its status is ERROR. */
  #addOutcome({ status, attributes }: ReceivedSpan): void {
    const isCancelled = attributes['async.task.outcome'] === 'cancelled';
    if (isCancelled) this.cancelled += 1;
    else if (status === 'ERROR') this.errors += 1;
  }

  #addEvent({ name, attributes }: ReceivedEvent): void {
    if (name === 'async.detached.started') this.detached += 1;
    else if (name === 'exception') this.exceptions += 1;
    else if (name === 'event_loop.blocked') {
      this.blockedMillis += numberOf(attributes['event_loop.blocked.duration_ms']);
    } else if (name === 'repeated query') {
      this.repeated = Math.max(this.repeated, numberOf(attributes['typeorm.query.count']));
    }
  }

  #addRepeat(span: ReceivedSpan): void {
    if (span.parentSpanId === undefined) return;
    if (isCollapsed(span.attributes)) this.collapsed += 1;
    const statement = statementOf(span);
    if (statement === undefined) return;
    const key = `${span.parentSpanId} ${span.service} ${statement}`;
    const times = (this.#repeats.get(key) ?? 0) + callsOf(span.attributes);
    this.#repeats.set(key, times);
    if (times < REPEATS) return;
    if (isQuery(span)) this.repeated = Math.max(this.repeated, times);
    else this.repeatedCalls = Math.max(this.repeatedCalls, times);
  }
}

/** It has no parent, or one of another process, which may never be sent here. */
export function isRoot(span: ReceivedSpan): boolean {
  return span.parentSpanId === undefined || span.parentIsRemote;
}

function isBetterRoot(span: ReceivedSpan, known: ReceivedSpan | undefined): boolean {
  if (!known) return true;
  const [own, other] = [span, known].map(({ parentSpanId }) => parentSpanId === undefined);
  if (own !== other) return own === true;
  return span.startNanos < known.startNanos;
}

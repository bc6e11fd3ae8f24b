import type { Attributes, SpanContext } from '@opentelemetry/api';
import { SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { hrTimeDuration, millisToHrTime } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { RandomIdGenerator } from '@opentelemetry/sdk-trace';
import { VERSION } from '../../version.js';
import type { SpanStats } from '../accounts/span-accounts.js';

/** Of a scope of its own, so that a collector can route or leave it out by that. */
const SCOPE = { name: 'nestjs-tracing/export', version: VERSION };
const NAME = 'nestjs-tracing.dropped_spans';
const ATTRIBUTE = 'nestjs_tracing.dropped_spans.';
const ids = new RandomIdGenerator();

/**
 * Tells the collector of losses, as a span: the root of a trace of its own, so that no
 * trace of the application is touched. It lasts from the first loss since the last report to the
 * report and counts, for every reason, all losses since the start: a report that is lost is made up
 * for by the next.
 */
export class ClientReport {
  #reported = 0;
  #since: number | undefined;

  /** Remembers when a loss began that will have to be reported. */
  begin(now: number): void {
    this.#since ??= now;
  }

  /** Whether anything was lost that was not reported. */
  isDue(stats: SpanStats): boolean {
    return total(stats) > this.#reported;
  }

  /** The report of everything lost so far. */
  write(stats: SpanStats, resource: Resource, now: number): ReadableSpan {
    const lost = Object.entries(lossesIn(stats)).filter(([, count]) => count > 0);
    const attributes = Object.fromEntries(lost.map(([key, count]) => [ATTRIBUTE + key, count]));
    const span = reportSpan(attributes, resource, this.#since ?? now, now);
    this.#reported = total(stats);
    this.#since = undefined;
    return span;
  }
}

/** By reason; what the collector rejected is one. */
function lossesIn({ dropped, rejected }: SpanStats): Readonly<Record<string, number>> {
  return { ...dropped, rejected };
}

function total(stats: SpanStats): number {
  return Object.values(lossesIn(stats)).reduce((sum, count) => sum + count, 0);
}

function reportSpan(
  attributes: Attributes,
  resource: Resource,
  start: number,
  end: number,
): ReadableSpan {
  const [startTime, endTime] = [millisToHrTime(start), millisToHrTime(end)];
  const context: SpanContext = {
    traceId: ids.generateTraceId(),
    spanId: ids.generateSpanId(),
    traceFlags: TraceFlags.SAMPLED,
  };
  return {
    name: NAME,
    kind: SpanKind.INTERNAL,
    spanContext: () => context,
    startTime,
    endTime,
    duration: hrTimeDuration(startTime, endTime),
    ended: true,
    status: { code: SpanStatusCode.UNSET },
    attributes,
    links: [],
    events: [],
    resource,
    instrumentationScope: SCOPE,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  };
}

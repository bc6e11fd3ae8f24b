import type { Attributes, SpanStatus } from '@opentelemetry/api';
import type { ReadableSpan, Span } from '@opentelemetry/sdk-trace';
import { NoopSpanProcessor } from '@opentelemetry/sdk-trace';

/** What is the same of a span in each run. */
export interface SpanFacts {
  readonly name: string;
  readonly scope: string;
  readonly status: SpanStatus;
  readonly [fact: string]: unknown;
}

/** Ports that a kernel gives out for a connection; those of services are lower. */
const FIRST_PASSING_PORT = 32_768;

/** Keeps what spans are in the end, in the order in which they start, without their ids and times. */
export class KeptFacts extends NoopSpanProcessor {
  #spans: ReadableSpan[] = [];

  override onStart(span: Span): void {
    this.#spans.push(span);
  }

  /** Waits for every span that has started; hands over their facts, and forgets them. */
  async take(): Promise<SpanFacts[]> {
    while (this.#spans.some(({ ended }) => !ended)) await new Promise(setImmediate);
    const spans = this.#spans;
    this.#spans = [];
    return spans.map((span) => factsOf(span, spans));
  }
}

function factsOf(span: ReadableSpan, all: readonly ReadableSpan[]): SpanFacts {
  const { parentSpanContext: parent, status, kind, name } = span;
  const { traceId, traceFlags, traceState } = span.spanContext();
  const traceIds = [...new Set(all.map((each) => each.spanContext().traceId))];
  return {
    name,
    scope: `${span.instrumentationScope.name}@${span.instrumentationScope.version}`,
    kind,
    status,
    attributes: lasting(span.attributes),
    events: span.events.map((event) => [event.name, lasting(event.attributes)]),
    links: span.links.map((link) => lasting(link.attributes)),
    trace: traceIds.indexOf(traceId),
    parent: parent && all.findIndex((each) => each.spanContext().spanId === parent.spanId),
    isRemote: parent?.isRemote === true,
    traceFlags,
    traceState: traceState?.serialize(),
    dropped: [span.droppedAttributesCount, span.droppedEventsCount, span.droppedLinksCount],
  };
}

/** In one order, and without what a kernel chose or where in the SDK an error was made. */
function lasting(attributes: Attributes = {}): [string, unknown][] {
  return Object.entries(attributes)
    .map(([key, value]): [string, unknown] => {
      if (key === 'exception.stacktrace') return [key, String(value).split('\n')[0]];
      const isPassing = key.endsWith('.port') && Number(value) >= FIRST_PASSING_PORT;
      return [key, isPassing ? 'a port' : value];
    })
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}

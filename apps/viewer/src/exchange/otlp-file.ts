import { KINDS } from '../wire/span-codes.js';
import { numberOfSeverity } from '../receiving/otlp/decode-logs.js';
import type { StoredTrace } from '../store/stored-trace.js';
import type { Origin, ReceivedLog, ReceivedSpan } from '../telemetry.interface.js';
import { otlpAttributes } from './otlp-value.js';

const STATUS_CODES = { UNSET: 0, OK: 1, ERROR: 2 };
const UNKNOWN: Origin = {
  service: '',
  resource: {},
  scope: { name: '', version: '', attributes: {} },
};

/** A trace in the JSON encoding of OTLP, its spans and its log lines, as they were sent. */
export function otlpFile({ spans, logs }: StoredTrace): object {
  const file = { resourceSpans: byOrigin(spans, otlpSpan, 'scopeSpans', 'spans') };
  if (logs.length === 0) return file;
  return { ...file, resourceLogs: byOrigin(logs, otlpLog, 'scopeLogs', 'logRecords') };
}

/** What came from one scope of one resource stands together, as it is in OTLP. */
function byOrigin<T extends { readonly origin?: Origin }>(
  items: Iterable<T>,
  write: (item: T) => object,
  scopes: string,
  records: string,
): object[] {
  const names = new OriginNames();
  const resources = new Map<string, { resource: object; scopes: Map<string, ScopeRecords> }>();
  for (const item of items) {
    const origin = item.origin ?? UNKNOWN;
    const [resourceKey, scopeKey] = names.of(origin);
    const entry = resources.get(resourceKey) ?? {
      resource: { attributes: otlpAttributes(origin.resource) },
      scopes: new Map<string, ScopeRecords>(),
    };
    resources.set(resourceKey, entry);
    const scope = entry.scopes.get(scopeKey) ?? { scope: otlpScope(origin), written: [] };
    entry.scopes.set(scopeKey, scope);
    scope.written.push(write(item));
  }
  return [...resources.values()].map((entry) => ({
    resource: entry.resource,
    [scopes]: [...entry.scopes.values()].map(({ scope, written }) => ({
      scope,
      [records]: written,
    })),
  }));
}

interface ScopeRecords {
  readonly scope: object;
  readonly written: object[];
}

/** Knows equal origins, though they came with different requests. */
class OriginNames {
  readonly #known = new Map<Origin, readonly [string, string]>();

  of(origin: Origin): readonly [string, string] {
    const known = this.#known.get(origin);
    if (known) return known;
    const names = [
      JSON.stringify(otlpAttributes(origin.resource)),
      JSON.stringify(otlpScope(origin)),
    ] as const;
    this.#known.set(origin, names);
    return names;
  }
}

function otlpScope({ scope: { name, version, attributes } }: Origin): object {
  return { name, version, attributes: otlpAttributes(attributes) };
}

function otlpSpan(span: ReceivedSpan): object {
  const { attributes, events, links, lost, status, statusMessage } = span;
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.traceState === undefined ? {} : { traceState: span.traceState }),
    ...(span.parentSpanId === undefined ? {} : { parentSpanId: span.parentSpanId }),
    ...(span.flags === undefined ? {} : { flags: span.flags }),
    name: span.name,
    kind: KINDS.findIndex((kind) => kind === span.kind),
    startTimeUnixNano: String(span.startNanos),
    endTimeUnixNano: String(span.endNanos),
    attributes: otlpAttributes(attributes),
    ...(lost
      ? {
          droppedAttributesCount: lost.attributes,
          droppedEventsCount: lost.events,
          droppedLinksCount: lost.links,
        }
      : {}),
    events: events.map((event) => ({
      timeUnixNano: String(event.timeNanos),
      name: event.name,
      attributes: otlpAttributes(event.attributes),
    })),
    links: links.map((link) => ({
      traceId: link.traceId,
      spanId: link.spanId,
      attributes: otlpAttributes(link.attributes),
    })),
    status: {
      code: STATUS_CODES[status],
      ...(statusMessage === undefined ? {} : { message: statusMessage }),
    },
  };
}

function otlpLog({ timeNanos, severity, message, attributes, traceId, spanId }: ReceivedLog) {
  return {
    timeUnixNano: String(timeNanos),
    severityNumber: numberOfSeverity(severity),
    severityText: severity,
    body: { stringValue: message },
    attributes: otlpAttributes(attributes),
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
  };
}

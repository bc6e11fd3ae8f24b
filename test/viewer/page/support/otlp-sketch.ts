import { hex } from '../../support/messages.js';

type Scalar = string | number | boolean;

/** A span as a test writes it; times in milliseconds after the start of its trace. */
export interface Sketch {
  readonly name: string;
  readonly at?: number;
  readonly takes?: number;
  readonly service?: string;
  /** Number of the kind in OTLP: 1 internal, 2 server, 3 client, 4 producer, 5 consumer. */
  readonly kind?: number;
  readonly id?: string;
  readonly parentId?: string;
  readonly error?: string;
  readonly attributes?: Readonly<Record<string, Scalar>>;
  readonly events?: readonly EventSketch[];
  readonly links?: readonly LinkSketch[];
  readonly logs?: readonly LogSketch[];
  readonly children?: readonly Sketch[];
}

export interface EventSketch {
  readonly name: string;
  readonly at: number;
  readonly attributes?: Readonly<Record<string, Scalar>>;
}

export interface LinkSketch {
  readonly traceId: string;
  readonly spanId: string;
}

export interface LogSketch {
  readonly at: number;
  readonly message: string;
  readonly severity?: string;
}

/** One trace as OTLP JSON: its spans, and its log lines for another request. */
export interface OtlpTrace {
  readonly traceId: string;
  readonly traces: string;
  readonly logs: string | undefined;
}

let lastSpan = 0;

/** Ids that no other span of the process has. */
export function freshSpanId(): string {
  return hex(++lastSpan, 16);
}

/** Writes trees of spans as a sender would: by service, children after their parents. */
export function otlpTrace(traceId: string, startMillis: number, ...roots: Sketch[]): OtlpTrace {
  const spans = new Map<string, object[]>();
  const logs = new Map<string, object[]>();
  const nanos = (millis: number) =>
    String(BigInt(Math.round((startMillis + millis) * 1_000)) * 1_000n);
  const open = roots
    .map((sketch) => ({ sketch, parentId: sketch.parentId, service: 'shop' }))
    .reverse();
  for (let next = open.pop(); next; next = open.pop()) {
    const { sketch, parentId } = next;
    const service = sketch.service ?? next.service;
    const spanId = sketch.id ?? freshSpanId();
    push(spans, service, spanOf(sketch, { traceId, spanId, parentId }, nanos));
    for (const log of sketch.logs ?? [])
      push(logs, service, logOf(log, { traceId, spanId }, nanos));
    for (const child of (sketch.children ?? []).toReversed()) {
      open.push({ sketch: child, parentId: child.parentId ?? spanId, service });
    }
  }
  const resourceSpans = resources(spans, (each) => ({
    scopeSpans: [{ scope: { name: 'sample', version: '1.0' }, spans: each }],
  }));
  const resourceLogs = resources(logs, (each) => ({ scopeLogs: [{ logRecords: each }] }));
  return {
    traceId,
    traces: JSON.stringify({ resourceSpans }),
    logs: resourceLogs.length === 0 ? undefined : JSON.stringify({ resourceLogs }),
  };
}

interface Ids {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId?: string | undefined;
}

function spanOf(
  sketch: Sketch,
  { traceId, spanId, parentId }: Ids,
  nanos: (millis: number) => string,
) {
  const {
    name,
    at = 0,
    takes = 1,
    kind = 1,
    error,
    attributes = {},
    events = [],
    links = [],
  } = sketch;
  return {
    traceId,
    spanId,
    ...(parentId === undefined ? {} : { parentSpanId: parentId }),
    name,
    kind,
    startTimeUnixNano: nanos(at),
    endTimeUnixNano: nanos(at + takes),
    attributes: attributesOf(attributes),
    events: events.map((event) => ({
      name: event.name,
      timeUnixNano: nanos(event.at),
      attributes: attributesOf(event.attributes ?? {}),
    })),
    links: links.map((link) => ({ ...link, attributes: [] })),
    status: error === undefined ? {} : { code: 2, message: error },
  };
}

function logOf(
  { at, message, severity = 'INFO' }: LogSketch,
  ids: Ids,
  nanos: (millis: number) => string,
) {
  const { traceId, spanId } = ids;
  return {
    traceId,
    spanId,
    timeUnixNano: nanos(at),
    severityText: severity,
    body: { stringValue: message },
  };
}

function attributesOf(attributes: Readonly<Record<string, Scalar>>) {
  return Object.entries(attributes).map(([key, value]) => ({ key, value: valueOf(value) }));
}

function valueOf(value: Scalar) {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

function push(groups: Map<string, object[]>, key: string, value: object): void {
  const group = groups.get(key);
  if (group) group.push(value);
  else groups.set(key, [value]);
}

function resources(groups: ReadonlyMap<string, object[]>, inner: (each: object[]) => object) {
  return [...groups].map(([service, each]) => ({
    resource: {
      attributes: attributesOf({
        'service.name': service,
        'process.pid': 4_242,
        'host.name': 'laptop',
      }),
    },
    ...inner(each),
  }));
}

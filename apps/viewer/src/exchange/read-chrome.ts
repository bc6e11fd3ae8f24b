import { createHash } from 'node:crypto';
import { boundedText, listOf, type Fields } from '../receiving/otlp/fields.js';
import { plainMap } from '../receiving/lines/plain-value.js';
import { KINDS } from '../wire/span-codes.js';
import type { AttributeMap, Origin, ReceivedEvent, ReceivedSpan } from '../telemetry.interface.js';

const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;
const STATUSES = ['UNSET', 'OK', 'ERROR'] as const;
/** Times beyond this are no times since the epoch in microseconds. */
const MAX_MICROS = 8.64e18;
/** Times of most files count from the start of a process: they begin with the year 2000 here. */
const YEAR_2000_MICROS = 946_684_800_000_000;

/**
 * Spans of a file in the Chrome trace format: its complete events. What we wrote keeps its ids; other
 * events get some, and hang on what surrounds them in their thread.
 */
export function readChrome(file: Fields): ReceivedSpan[] {
  const events = listOf(file, 'traceEvents');
  const names = processNames(events);
  const salt = createHash('sha256').update(JSON.stringify(file).slice(0, 1e6)).digest('hex');
  const spans = events
    .filter(({ ph }) => ph === 'X')
    .map((event, index) => readEvent(event, originOf(names, event), `${salt} ${index}`))
    .filter((span) => span !== undefined);
  return nest(withInstants(spans, events));
}

/** Puts the instant events that we wrote into the spans that they name. */
function withInstants(placed: readonly Placed[], events: readonly Fields[]): readonly Placed[] {
  const instants = Map.groupBy(
    events.filter(({ ph }) => ph === 'i').flatMap(readInstant),
    ({ key }) => key,
  );
  if (instants.size === 0) return placed;
  return placed.map((each) => {
    const found = each.isOurs
      ? instants.get(`${each.span.traceId} ${each.span.spanId}`)
      : undefined;
    return found
      ? { ...each, span: { ...each.span, events: found.map(({ event }) => event) } }
      : each;
  });
}

function readInstant(instant: Fields): { key: string; event: ReceivedEvent }[] {
  const { trace_id: traceId, span_id: spanId, attributes } = argsOf(instant);
  const ts = numberOf(instant['ts']);
  if (ts === undefined || !isId(traceId, TRACE_ID) || !isId(spanId, SPAN_ID)) return [];
  const name = boundedText(typeof instant['name'] === 'string' ? instant['name'] : '(no name)');
  const event = {
    name,
    timeNanos: nanosOf(ts),
    attributes: isMap(attributes) ? attributes : plainMap({}),
  };
  return [{ key: `${traceId} ${spanId}`, event }];
}

interface Placed {
  readonly span: ReceivedSpan;
  readonly thread: string;
  readonly isOurs: boolean;
}

function processNames(events: readonly Fields[]): Map<unknown, string> {
  const names = new Map<unknown, string>();
  for (const { ph, name, pid, args } of events) {
    if (ph !== 'M' || name !== 'process_name') continue;
    const given = (args as { name?: unknown } | undefined)?.name;
    if (typeof given === 'string') names.set(pid, boundedText(given));
  }
  return names;
}

function originOf(names: ReadonlyMap<unknown, string>, { pid }: Fields): Origin {
  const service = names.get(pid) ?? `process ${typeof pid === 'number' ? pid : 1}`;
  const resource = { 'service.name': service };
  return { service, resource, scope: { name: '', version: '', attributes: {} } };
}

function readEvent(event: Fields, origin: Origin, seed: string): Placed | undefined {
  const [ts, dur] = [numberOf(event['ts']), numberOf(event['dur'])];
  if (ts === undefined) return undefined;
  const args = argsOf(event);
  const { trace_id: traceId, span_id: spanId, parent_span_id: parent, attributes } = args;
  const isOurs = isId(traceId, TRACE_ID) && isId(spanId, SPAN_ID);
  const digest = createHash('sha256').update(seed).digest('hex');
  const startNanos = nanosOf(ts);
  const span: ReceivedSpan = {
    traceId: isOurs
      ? traceId
      : createHash('sha256').update(seed.split(' ')[0]!).digest('hex').slice(0, 32),
    spanId: isOurs ? spanId : digest.slice(0, 16),
    ...(isOurs && isId(parent, SPAN_ID) ? { parentSpanId: parent } : {}),
    parentIsRemote: false,
    name: boundedText(typeof event['name'] === 'string' ? event['name'] : '(no name)'),
    kind: KINDS.find((kind) => kind === event['cat']) ?? 'INTERNAL',
    startNanos,
    endNanos: startNanos + BigInt(Math.round((dur ?? 0) * 1e3)),
    status: STATUSES.find((status) => status === args['status']) ?? 'UNSET',
    ...(typeof args['status_message'] === 'string'
      ? { statusMessage: args['status_message'] }
      : {}),
    attributes: isOurs && isMap(attributes) ? attributes : args,
    events: [],
    links: [],
    service: origin.service,
    origin,
  };
  return { span, thread: JSON.stringify([event['pid'], event['tid']]), isOurs };
}

/** Of a text or a list, every character or member would be an attribute. */
function argsOf({ args = {} }: Fields): AttributeMap {
  const isObject = typeof args === 'object' && args !== null && !Array.isArray(args);
  return plainMap(isObject ? (args as Fields) : { args });
}

/** In each thread, an event that lies within another is its child. */
function nest(placed: readonly Placed[]): ReceivedSpan[] {
  const open = new Map<string, ReceivedSpan[]>();
  const inOrder = placed.toSorted(({ span: one }, { span: other }) => {
    if (one.startNanos !== other.startNanos) return one.startNanos < other.startNanos ? -1 : 1;
    return one.endNanos === other.endNanos ? 0 : one.endNanos > other.endNanos ? -1 : 1;
  });
  return inOrder.map(({ span, thread, isOurs }) => {
    if (isOurs) return span;
    const stack = open.get(thread) ?? [];
    open.set(thread, stack);
    while (stack.length > 0 && stack.at(-1)!.endNanos < span.endNanos) stack.pop();
    const parent = stack.at(-1);
    const isWithin = parent !== undefined && parent.endNanos > span.startNanos;
    stack.push(span);
    return isWithin ? { ...span, parentSpanId: parent.spanId } : span;
  });
}

function nanosOf(ts: number): bigint {
  const micros = ts < YEAR_2000_MICROS ? ts + YEAR_2000_MICROS : ts;
  return BigInt(Math.round(micros)) * 1_000n + fraction(micros);
}

/** The nanoseconds that a time of today has in double precision, and no more. */
function fraction(micros: number): bigint {
  return BigInt(Math.round((micros - Math.round(micros)) * 1e3));
}

function numberOf(value: unknown): number | undefined {
  const isTime = typeof value === 'number' && value >= 0 && value < MAX_MICROS;
  return isTime ? value : undefined;
}

function isId(value: unknown, form: RegExp): value is string {
  return typeof value === 'string' && form.test(value);
}

function isMap(value: unknown): value is ReturnType<typeof plainMap> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

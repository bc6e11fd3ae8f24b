import type { StoredTrace } from '../store/stored-trace.js';
import { routeOf } from '../store/route.js';
import type { AttributeMap } from '../telemetry.interface.js';
import { MICROSECONDS, PLAIN_NUMBERS, readComparison } from './comparison.js';
import { contains, logContains, textOfValue } from './text-of.js';

/** What a term asks of a trace. */
export type Condition = (trace: StoredTrace, isRunning: boolean) => boolean;

/** Makes a condition of the value of a term, `undefined` if it is not understood. */
type ReadCondition = (value: string) => Condition | undefined;

/** Each key, how its value is read, and what to say when it cannot be. */
export const CONDITIONS: Readonly<Record<string, { read: ReadCondition; wants: string }>> = {
  service: { read: readService, wants: 'the name of a service, or several with commas' },
  name: { read: readName, wants: 'a part of the name of a span' },
  route: { read: readRoute, wants: 'a part of a route' },
  status: { read: readStatus, wants: 'error, ok or unset' },
  kind: { read: readKind, wants: 'server, client, internal, producer or consumer' },
  duration: { read: readDuration, wants: 'a time such as >200ms, <1s or 1ms..5ms' },
  spans: { read: readCount(({ spanCount }) => spanCount), wants: 'a number such as >100' },
  errors: { read: readCount(({ facts }) => facts.errors), wants: 'a number such as >0' },
  logs: { read: readCount(({ logCount }) => logCount), wants: 'a number such as 0' },
  attr: { read: readAttribute, wants: 'a key, key=value, key~part or key>5' },
  log: { read: readLog, wants: 'a part of a log line' },
  trace: { read: readTrace, wants: 'the beginning of a trace id' },
  has: { read: readBadge, wants: 'one of the badges' },
};

/** What `has:` knows. */
export const BADGES: Readonly<Record<string, Condition>> = {
  'n+1': ({ repeats }) => repeats.statements > 0,
  repeated: ({ repeats: { statements, calls } }) => statements + calls > 0,
  blocked: ({ facts }) => facts.blockedMillis > 0,
  cancelled: ({ facts }) => facts.cancelled > 0,
  detached: ({ facts }) => facts.detached > 0,
  lost: ({ facts, dropped }) => facts.lost + dropped.spans + dropped.logs > 0,
  budget: ({ facts }) => facts.leftOut > 0,
  missing: ({ missing }) => missing > 0,
  link: ({ facts }) => facts.links > 0,
  log: ({ logCount }) => logCount > 0,
  exception: ({ facts }) => facts.exceptions > 0,
  running: (_trace, isRunning) => isRunning,
  pinned: ({ isPinned }) => isPinned,
  skew: (trace) => trace.isSkewed,
};

function readService(value: string): Condition | undefined {
  const names = new Set(value.toLowerCase().split(',').filter(Boolean));
  if (names.size === 0) return undefined;
  return ({ facts }) => [...facts.services].some((name) => names.has(name.toLowerCase()));
}

function readName(value: string): Condition | undefined {
  const text = value.toLowerCase();
  if (text === '') return undefined;
  return ({ spans }) => some(spans, ({ name }) => contains(name, text));
}

function readRoute(value: string): Condition | undefined {
  const text = value.toLowerCase();
  return text === '' ? undefined : (trace) => contains(routeOf(trace), text);
}

function readStatus(value: string): Condition | undefined {
  const status = value.toLowerCase();
  if (status === 'error') return ({ facts }) => facts.errors > 0;
  if (status === 'ok') return ({ facts, spanCount }) => facts.errors === 0 && spanCount > 0;
  return status === 'unset' ? ({ facts }) => facts.root?.status === 'UNSET' : undefined;
}

function readKind(value: string): Condition | undefined {
  const kind = value.toUpperCase();
  const isKind = /^(SERVER|CLIENT|INTERNAL|PRODUCER|CONSUMER|UNSPECIFIED)$/.test(kind);
  return isKind ? ({ facts }) => facts.root?.kind === kind : undefined;
}

function readDuration(value: string): Condition | undefined {
  const holds = readComparison(value, MICROSECONDS);
  return holds && (({ facts }) => holds(Number(facts.endNanos - facts.startNanos) / 1e3));
}

function readCount(count: (trace: StoredTrace) => number): ReadCondition {
  return (value) => {
    const holds = readComparison(value, PLAIN_NUMBERS);
    return holds && ((trace) => holds(count(trace)));
  };
}

function readLog(value: string): Condition | undefined {
  const text = value.toLowerCase();
  return text === '' ? undefined : ({ logs }) => logs.some((log) => logContains(log, text));
}

function readTrace(value: string): Condition | undefined {
  const start = value.toLowerCase();
  return /^[0-9a-f]{1,32}$/.test(start) ? ({ traceId }) => traceId.startsWith(start) : undefined;
}

function readBadge(value: string): Condition | undefined {
  const badge = value.toLowerCase();
  return Object.hasOwn(BADGES, badge) ? BADGES[badge] : undefined;
}

function readAttribute(value: string): Condition | undefined {
  const split = value.search(/[=~<>]/);
  const key = split < 0 ? value : value.slice(0, split);
  const holds = readAttributeTest(split < 0 ? '' : value.slice(split));
  if (key === '' || !holds) return undefined;
  const has = (attributes: AttributeMap | undefined) =>
    attributes !== undefined && key in attributes && holds(textOfValue(attributes[key]!));
  return ({ spans, logs }) =>
    some(spans, ({ attributes, origin }) => has(attributes) || has(origin?.resource)) ||
    logs.some(({ attributes }) => has(attributes));
}

function readAttributeTest(test: string): ((text: string) => boolean) | undefined {
  if (test === '') return () => true;
  const wanted = test.slice(1).toLowerCase();
  if (test.startsWith('=')) return (text) => text.toLowerCase() === wanted;
  if (test.startsWith('~')) return (text) => contains(text, wanted);
  const compare = readComparison(test, PLAIN_NUMBERS);
  return compare && ((text) => text !== '' && compare(Number(text)));
}

function some<T>(items: Iterable<T>, holds: (item: T) => boolean): boolean {
  for (const item of items) if (holds(item)) return true;
  return false;
}

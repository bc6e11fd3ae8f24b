import type { SpanTable } from '../analysis/span-table.js';
import type { ReceivedSpan } from '../telemetry.interface.js';
import {
  KINDS,
  OUTCOMES,
  SPAN_FLAG,
  STATUSES,
  type SpanColumns,
  type TraceService,
} from '../wire/trace-detail.interface.js';
import type { StringTable } from './string-table.js';

const MISSING = '(never arrived)';

/** Microseconds with nanoseconds behind the point, as they are sent. */
export function rounded(micros: number): number {
  return Math.round(micros * 1e3) / 1e3;
}

/** The services of a trace, in the order of their first spans, and by how much their clocks were moved. */
export function servicesOf({ spans, clock, offsets }: SpanTable): TraceService[] {
  const services = new Map<string, { name: string; spans: number; skew: number }>();
  for (let at = 0; at < spans.length; at++) {
    const name = spans[at]?.service ?? '';
    let service = services.get(name);
    if (!service) services.set(name, (service = { name, spans: 0, skew: 0 }));
    service.spans += 1;
    const skew = offsets[clock[at]!] ?? 0;
    if (Math.abs(skew) > Math.abs(service.skew)) service.skew = rounded(skew);
  }
  return [...services.values()];
}

interface Columned {
  readonly table: SpanTable;
  readonly self: Float64Array;
  readonly statements: readonly (string | undefined)[];
}

/** The columns of the spans of a trace. */
export function spanColumns(
  { table, self, statements }: Columned,
  services: readonly TraceService[],
  texts: StringTable,
): SpanColumns {
  const numbers = new Map(services.map(({ name }, number) => [name, number]));
  const { spans, start, end, flags, length } = table;
  const columns = emptyColumns();
  // One pass: each span is fetched once, not once for each column.
  for (let at = 0; at < length; at++) {
    const span = spans[at];
    const statement = statements[at];
    columns.parent.push(table.parent[at]!);
    columns.start.push(rounded(start[at]!));
    columns.duration.push(rounded(end[at]! - start[at]!));
    columns.self.push(rounded(self[at]!));
    columns.name.push(texts.add(span?.name ?? MISSING));
    columns.service.push(numbers.get(span?.service ?? '')!);
    columns.kind.push(Math.max(0, KINDS.indexOf((span?.kind ?? '') as 'INTERNAL')));
    columns.status.push(STATUSES.indexOf(span?.status ?? 'UNSET'));
    columns.outcome.push(span ? outcomeOf(span) : 0);
    columns.flags.push(span ? flags[at]! | ownFlags(span) : flags[at]!);
    columns.statement.push(statement === undefined ? -1 : texts.add(statement));
  }
  return { ids: table.ids.join(''), ...columns };
}

function emptyColumns() {
  const column = (): number[] => [];
  return {
    parent: column(),
    start: column(),
    duration: column(),
    self: column(),
    name: column(),
    service: column(),
    kind: column(),
    status: column(),
    outcome: column(),
    flags: column(),
    statement: column(),
  };
}

function outcomeOf({ attributes }: ReceivedSpan): number {
  const outcome = attributes['async.task.outcome'];
  return outcome === undefined ? 0 : Math.max(0, OUTCOMES.indexOf(outcome as 'ok'));
}

function ownFlags({ status, parentIsRemote, attributes }: ReceivedSpan): number {
  return (
    (status === 'ERROR' ? SPAN_FLAG.error : 0) |
    (parentIsRemote ? SPAN_FLAG.remote : 0) |
    (attributes['async.detached.origin'] === undefined ? 0 : SPAN_FLAG.detached)
  );
}

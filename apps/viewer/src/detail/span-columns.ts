import type { SpanTable } from '../analysis/span-table.js';
import type { SpanColumns } from '../wire/trace-columns.interface.js';
import type { TraceService } from '../wire/trace-detail.interface.js';
import type { StringTable } from './string-table.js';

const MISSING = '(never arrived)';

/** Microseconds with nanoseconds behind the point, as they are sent. */
export function rounded(micros: number): number {
  return Math.round(micros * 1e3) / 1e3;
}

/**
 * The services of a trace, in the order of their first spans, and by how much their clocks were moved;
 * with the number of each service of the table among them, behind those that of what never arrived.
 */
export function servicesOf({ service, services, clock, offsets, length }: SpanTable): {
  readonly services: TraceService[];
  readonly numbers: Int32Array;
} {
  const found: { name: string; spans: number; skew: number }[] = [];
  const numbers = new Int32Array(services.length + 1).fill(-1);
  for (let at = 0; at < length; at++) {
    const from = service[at]! < 0 ? services.length : service[at]!;
    if (numbers[from]! < 0) {
      numbers[from] = found.push({ name: services[from] ?? '', spans: 0, skew: 0 }) - 1;
    }
    const each = found[numbers[from]!]!;
    each.spans += 1;
    const skew = offsets[clock[at]!] ?? 0;
    if (Math.abs(skew) > Math.abs(each.skew)) each.skew = rounded(skew);
  }
  return { services: found, numbers };
}

/** The columns of the spans of a trace. */
export function spanColumns(
  table: SpanTable,
  self: Float64Array,
  numbers: Int32Array,
  texts: StringTable,
): SpanColumns {
  const names = table.names.map((name) => texts.add(name));
  const missing = table.name.includes(-1) ? texts.add(MISSING) : -1;
  const columns = emptyColumns();
  for (let at = 0; at < table.length; at++) {
    const statement = table.statements[at];
    columns.parent.push(table.parent[at]!);
    columns.start.push(rounded(table.start[at]!));
    columns.duration.push(rounded(table.end[at]! - table.start[at]!));
    columns.self.push(rounded(self[at]!));
    columns.name.push(names[table.name[at]!] ?? missing);
    columns.service.push(
      numbers[table.service[at]! < 0 ? numbers.length - 1 : table.service[at]!]!,
    );
    columns.kind.push(table.kind[at]!);
    columns.status.push(table.status[at]!);
    columns.outcome.push(table.outcome[at]!);
    columns.flags.push(table.flags[at]!);
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

import type { SpanTable } from '../analysis/span-table.js';
import { callsOf, tookOf } from '../store/collapsed-calls.js';
import type { CallColumns } from '../wire/trace-columns.interface.js';
import { rounded } from './span-columns.js';

/** The spans that stand for more calls than one, or for none; nobody is asked if there are none. */
export function callColumns({ spans }: SpanTable, isCollapsed: boolean): CallColumns {
  const columns = { span: [] as number[], count: [] as number[], total: [] as number[] };
  if (!isCollapsed) return columns;
  for (let at = 0; at < spans.length; at++) {
    const span = spans[at];
    const calls = span ? callsOf(span.attributes) : 1;
    if (calls === 1) continue;
    columns.span.push(at);
    columns.count.push(calls);
    columns.total.push(rounded(tookOf(span!)));
  }
  return columns;
}

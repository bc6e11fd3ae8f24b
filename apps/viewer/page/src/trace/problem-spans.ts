import type { ProblemKind } from '../../../src/wire/problem.interface.js';
import { SPAN_FLAG } from '../../../src/wire/span-codes.js';
import type { TraceModel } from './trace-model.js';

/** Spans with a problem, in the order of rows; of a kind, or of any. */
export function problemSpans(model: TraceModel, kind?: ProblemKind): number[] {
  const found = new Set<number>();
  for (const problem of model.detail.problems) {
    if (kind !== undefined && problem.kind !== kind) continue;
    const span = problem.span >= 0 ? problem.span : problem.evidence[0];
    if (span !== undefined) found.add(span);
  }
  if (kind === 'error') {
    for (let span = 0; span < model.count; span++) {
      if (model.flags[span]! & SPAN_FLAG.error) found.add(span);
    }
  }
  return [...found].toSorted((one, other) => one - other);
}

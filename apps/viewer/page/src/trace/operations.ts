import { isFailed, type TraceModel } from './trace-model.js';

/** Everything of one trace that has the same name and service. Microseconds. */
export interface Operation {
  readonly name: number;
  readonly service: number;
  readonly spans: number[];
  count: number;
  errors: number;
  total: number;
  self: number;
  median: number;
  longest: number;
}

/** The table by operation, the one with the most self time first. */
export function operationsOf(model: TraceModel): Operation[] {
  const services = Math.max(1, model.detail.services.length);
  const operations = new Map<number, Operation>();
  for (let span = 0; span < model.count; span++) {
    const [name, service] = [model.name[span]!, model.service[span]!];
    const key = name * services + service;
    let operation = operations.get(key);
    if (!operation) operations.set(key, (operation = emptyOperation(name, service)));
    addSpan(operation, model, span);
  }
  const all = [...operations.values()];
  for (const operation of all) operation.median = medianOf(operation.spans, model.duration);
  return all.toSorted((one, other) => other.self - one.self || other.total - one.total);
}

function emptyOperation(name: number, service: number): Operation {
  return {
    name,
    service,
    spans: [],
    count: 0,
    errors: 0,
    total: 0,
    self: 0,
    median: 0,
    longest: 0,
  };
}

function addSpan(operation: Operation, model: TraceModel, span: number): void {
  const duration = model.duration[span]!;
  operation.spans.push(span);
  operation.count += model.calls[span]!;
  if (isFailed(model, span)) operation.errors++;
  operation.total += model.took[span]!;
  operation.self += model.self[span]!;
  operation.longest = Math.max(operation.longest, duration);
}

function medianOf(spans: readonly number[], duration: Float64Array): number {
  const sorted = Float64Array.from(spans, (span) => duration[span]!).sort();
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}

import type { TraceModel } from './trace-model.js';

/** What everything with one name and service took by itself, in microseconds. */
export interface SelfTime {
  readonly name: number;
  readonly service: number;
  readonly self: number;
}

/** The self time of a trace, and what has most of it. */
export function selfTimeOf(
  { detail, name, service, self, ownCount }: TraceModel,
  most: number,
): { readonly whole: number; readonly top: readonly SelfTime[] } {
  const services = Math.max(1, detail.services.length);
  const sums = new Map<number, { name: number; service: number; self: number }>();
  let whole = 0;
  for (let span = 0; span < ownCount; span++) {
    const key = name[span]! * services + service[span]!;
    let sum = sums.get(key);
    if (!sum) sums.set(key, (sum = { name: name[span]!, service: service[span]!, self: 0 }));
    sum.self += self[span]!;
    whole += self[span]!;
  }
  const top = [...sums.values()].toSorted((one, other) => other.self - one.self);
  return { whole, top: top.slice(0, most) };
}

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
  const sums = new Map<number, number>();
  let whole = 0;
  for (let span = 0; span < ownCount; span++) {
    const key = name[span]! * services + service[span]!;
    sums.set(key, (sums.get(key) ?? 0) + self[span]!);
    whole += self[span]!;
  }
  const top = [...sums]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, most)
    .map(([key, sum]) => ({
      name: Math.floor(key / services),
      service: key % services,
      self: sum,
    }));
  return { whole, top };
}

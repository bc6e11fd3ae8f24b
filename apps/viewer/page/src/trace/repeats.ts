import { SPAN_FLAG } from '../../../src/wire/span-codes.js';
import type { TraceModel } from './trace-model.js';

/** From how many on siblings that are alike are one row. */
export const FOLD_FROM = 5;

/** Siblings that do the same: same name, statement, service, kind and outcome. */
export interface Fold {
  /** -1 if they are roots. */
  readonly parent: number;
  readonly members: Int32Array;
  /** How many calls they stand for. */
  readonly calls: number;
  /** Microseconds that they took together. */
  readonly total: number;
  readonly isAnyFailed: boolean;
}

/** Finds siblings that repeat, in the order of the first of each. Linear in the spans. */
export function foldsOf(model: TraceModel): Fold[] {
  const signatureOf = signatures(model);
  const rootCount = rootsOf(model);
  const families = new Map<number, number[]>();
  for (let span = 0; span < model.count; span++) {
    const above = model.parent[span]!;
    if (above < 0 && span >= model.ownCount) continue;
    if ((above < 0 ? rootCount : model.children[above]!) < FOLD_FROM) continue;
    const key = (above + 1) * model.count + signatureOf(span);
    const family = families.get(key);
    if (family) family.push(span);
    else families.set(key, [span]);
  }
  return [...families.values()]
    .filter((family) => family.length >= FOLD_FROM)
    .map((family) => foldOf(model, family));
}

function rootsOf({ end, ownCount }: TraceModel): number {
  let roots = 0;
  for (let span = 0; span < ownCount; span = end[span]!) roots++;
  return roots;
}

function foldOf({ parent, took, calls, flags }: TraceModel, family: number[]): Fold {
  const fold = { calls: 0, total: 0, isAnyFailed: false };
  for (const span of family) {
    fold.calls += calls[span]!;
    fold.total += took[span]!;
    if (flags[span]! & SPAN_FLAG.error) fold.isAnyFailed = true;
  }
  return { parent: parent[family[0]!]!, members: Int32Array.from(family), ...fold };
}

/**
 * Tells a small number for what a span does: equal numbers do the same. Few spans have to be asked. What
 * was collapsed does what the calls of its name before it did, however it went and whatever it tells.
 */
function signatures({ detail, flags, calls }: TraceModel): (span: number) => number {
  const { name, statement, service, kind, outcome } = detail.spans;
  const texts = detail.strings.length + 1;
  const known = new Map<number, number>();
  const named = new Map<number, number>();
  return (span) => {
    const called = (name[span]! * 6 + kind[span]!) * detail.services.length + service[span]!;
    if (calls[span]! > 1 && named.has(called)) return named.get(called)!;
    const what = name[span]! * texts + statement[span]! + 1;
    const isFailed = flags[span]! & SPAN_FLAG.error ? 1 : 0;
    const how = (kind[span]! * 6 + outcome[span]!) * 2 + isFailed;
    const key = (what * detail.services.length + service[span]!) * 72 + how;
    let signature = known.get(key);
    if (signature === undefined) known.set(key, (signature = known.size));
    if (detail.calls.span.length > 0 && !named.has(called)) named.set(called, signature);
    return signature;
  };
}

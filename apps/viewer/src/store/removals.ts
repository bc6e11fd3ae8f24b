import { MAX_REMOVALS } from './limits.js';

/** Remembers which traces were removed, so that a page that comes back can be told of them. */
export class Removals {
  readonly #removals: { readonly traceId: string; readonly revision: number }[] = [];
  /** What was removed up to this revision is not known any more. */
  #forgotten = 0;

  /** Notes that a trace was removed at a revision of the store. */
  add(traceId: string, revision: number): void {
    this.#removals.push({ traceId, revision });
    if (this.#removals.length < 2 * MAX_REMOVALS) return;
    const [last] = this.#removals.splice(0, MAX_REMOVALS).slice(-1);
    this.#forgotten = last!.revision;
  }

  /** The traces that were removed after a revision; `undefined` if that is too long ago to tell. */
  since(revision: number): readonly string[] | undefined {
    if (revision < this.#forgotten) return undefined;
    return this.#removals.filter((removal) => removal.revision > revision).map((r) => r.traceId);
  }
}

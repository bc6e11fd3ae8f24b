/** Something that takes a look at all spans: found out when it is asked for, once for each revision. */
export class PerRevision<T> {
  #found: { readonly revision: number; readonly value: T } | undefined;

  get(revision: number, find: () => T): T {
    if (this.#found?.revision !== revision) this.#found = { revision, value: find() };
    return this.#found.value;
  }
}

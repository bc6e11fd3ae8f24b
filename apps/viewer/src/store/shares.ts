import { MAX_SHARES } from './limits.js';
import { Share, type Resource } from './share.js';
import type { StoredTrace } from './stored-trace.js';

/** Traces that have log lines only, so far. */
const NOBODY = '\0nobody';
/** All services beyond the limit. */
const REST = '\0rest';

/** Divides the store among the services: whoever has most must let go first, so a chatty one loses its own. */
export class Shares {
  readonly #shares = new Map<string, Share>();
  /** The name of the share that a trace is in. */
  readonly #owners = new Map<StoredTrace, string>();

  /** How many services have something here. */
  get size(): number {
    return this.#shares.size - (this.#shares.has(NOBODY) ? 1 : 0);
  }

  /** Takes a trace in, or notes that something came for it. It belongs to whoever sent its first span. */
  touch(trace: StoredTrace): void {
    const owner = this.#owners.get(trace);
    if (owner !== undefined && (owner !== NOBODY || trace.spanCount === 0)) {
      return this.#shares.get(owner)!.touch(trace);
    }
    this.remove(trace);
    const name = this.#nameOf(trace);
    const share = this.#shares.get(name) ?? new Share();
    this.#shares.set(name, share);
    this.#owners.set(trace, name);
    share.touch(trace);
  }

  remove(trace: StoredTrace): void {
    const owner = this.#owners.get(trace);
    if (owner === undefined) return;
    this.#owners.delete(trace);
    const share = this.#shares.get(owner)!;
    share.remove(trace);
    if (share.traces === 0) this.#shares.delete(owner);
  }

  /** The oldest trace of whoever has most of what is short; `undefined` if nobody can let go of one. */
  victim(short: Resource, spared: StoredTrace): StoredTrace | undefined {
    const first = this.#largest(short)?.oldest(spared);
    if (first) return first;
    // All that the largest has is pinned, or still grows.
    return [...this.#shares.values()]
      .toSorted((one, other) => other[short] - one[short])
      .map((share) => share.oldest(spared))
      .find((oldest) => oldest !== undefined);
  }

  #largest(short: Resource): Share | undefined {
    let largest: Share | undefined;
    for (const share of this.#shares.values()) {
      if (!largest || share[short] > largest[short]) largest = share;
    }
    return largest;
  }

  #nameOf(trace: StoredTrace): string {
    const [service = NOBODY] = trace.facts.services;
    return this.#shares.has(service) || this.#shares.size < MAX_SHARES ? service : REST;
  }
}

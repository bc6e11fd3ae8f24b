import type { EncodedScope } from '../core/outbox.js';
import type { LedgerEntries } from '../core/shared-ledger.js';
import type { ExportLane } from './export-lane.interface.js';

/** Makes a lane that says so, at once or later, if it turns out to be of no use. */
export type LaneFactory = (onUnusable: (reason: string, handOn: HandOn) => void) => ExportLane;

/** Gives everything that a lane was told to another. */
export type HandOn = (next: ExportLane) => void;

/** One lane as long as it can be used, then another, which gets all that the first was given. */
export class FallbackLane implements ExportLane {
  #lane: ExportLane;

  /**
   * @param make makes the first lane
   * @param makeNext makes the one that takes its place, told why
   */
  constructor(make: LaneFactory, makeNext: (reason: string) => ExportLane) {
    let next: ExportLane | undefined;
    const first = make((reason, handOn) => {
      this.#lane = next = makeNext(reason);
      handOn(next);
    });
    this.#lane = next ?? first;
  }

  get needsLoop(): boolean {
    return this.#lane.needsLoop;
  }

  setResource(resource: Uint8Array, schemaUrl: string | undefined): void {
    this.#lane.setResource(resource, schemaUrl);
  }

  addScope(scope: EncodedScope): void {
    this.#lane.addScope(scope);
  }

  handOver(slice: Uint8Array<ArrayBuffer>, count: number): void {
    this.#lane.handOver(slice, count);
  }

  async flush(): Promise<number> {
    const lane = this.#lane;
    const left = await lane.flush();
    return lane === this.#lane ? left : this.#lane.flush();
  }

  async drain(timeoutMillis: number): Promise<void> {
    const lane = this.#lane;
    await lane.drain(timeoutMillis);
    if (lane !== this.#lane) await this.#lane.drain(timeoutMillis);
  }

  drainBlocking(timeoutMillis: number): void {
    const lane = this.#lane;
    lane.drainBlocking(timeoutMillis);
    if (lane !== this.#lane) this.#lane.drainBlocking(timeoutMillis);
  }

  get lagMillis(): number {
    return this.#lane.lagMillis;
  }

  collect(): LedgerEntries {
    return this.#lane.collect();
  }
}

import type { ExportBridge } from '../bridge/export-bridge.interface.js';
import type { SharedSlice } from '../transport/shared-slice.js';

/** So many are handed over together at most, or a quarter of the queue. */
const MAX_SLICES = 4;

interface Full {
  readonly slice: SharedSlice;
  readonly count: number;
}

/** Full slices, which go together: waking the other thread costs more than all else of a hand-over. */
export class FullSlices {
  readonly #bridge: Pick<ExportBridge, 'handOver'>;
  readonly #maxCount: number;
  #slices: Full[] = [];
  #count = 0;
  #bytes = 0;

  constructor(bridge: Pick<ExportBridge, 'handOver'>, maxQueueSize: number) {
    this.#bridge = bridge;
    this.#maxCount = maxQueueSize / 4;
  }

  /** Spans in them. */
  get count(): number {
    return this.#count;
  }

  get bytes(): number {
    return this.#bytes;
  }

  add(slice: SharedSlice, count: number): void {
    this.#slices.push({ slice, count });
    this.#count += count;
    this.#bytes += slice.length;
    if (this.#slices.length >= MAX_SLICES || this.#count >= this.#maxCount) this.handOver();
  }

  /** Hands them over without waiting for more. */
  handOver(): void {
    const slices = this.#slices;
    this.#slices = [];
    this.#count = 0;
    this.#bytes = 0;
    for (const { slice, count } of slices) this.#bridge.handOver(slice, count);
  }
}

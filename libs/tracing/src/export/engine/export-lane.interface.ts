import type { Loss } from '../core/export-core.js';
import type { LedgerEntries } from '../core/shared-ledger.js';
import type { EncodedScope } from '../core/outbox.js';

/** The way from the application's thread to the sending side. */
export interface ExportLane {
  /** Whether spans leave only while the application's thread turns its loop. */
  readonly needsLoop: boolean;
  setResource(resource: Uint8Array, schemaUrl: string | undefined): void;
  /** Scopes are known by the order in which they are added. */
  addScope(scope: EncodedScope): void;
  /** Hands spans over; the memory is given away. */
  handOver(slice: Uint8Array<ArrayBuffer>, count: number): void;
  /** Sends what was handed over; answers how many spans are left because the collector is away. */
  flush(): Promise<number>;
  /** Sends everything and stops, within a time limit. */
  drain(timeoutMillis: number): Promise<void>;
  /** As `drain`, for a thread that is about to end: blocks it. */
  drainBlocking(timeoutMillis: number): void;
  /** Milliseconds that the oldest span has waited that was handed over and is not settled. */
  readonly lagMillis: number;
  /** What was settled since the last call. */
  collect(): LedgerEntries;
}

/** What a lane tells whoever uses it. */
export interface LaneListener {
  /** Spans are lost. */
  lost(loss: Loss): void;
  /** The sending side has crashed with all that it held; `collect` has the last of what it settled. */
  crashed(reason: string): void;
}

/** As {@link LaneListener}, with what is of no matter to the books. */
export interface LaneWatcher extends LaneListener {
  /** Why the collector cannot be reached, or undefined: it can. Told when it changes. */
  reached(fault: string | undefined): void;
}

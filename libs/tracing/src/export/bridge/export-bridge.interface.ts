import type { CollectorFault } from '../transport/faults/collector-status.js';
import type { Loss } from '../transport/core-listener.js';
import type { LedgerEntries } from '../accounts/shared-ledger.js';
import type { EncodedScope } from '../transport/outbox.js';
import type { SharedSlice } from '../transport/shared-slice.js';

/** The way from the application's thread to the sending side. */
export interface ExportBridge {
  /** Whether spans leave only while the application's thread turns its loop. */
  readonly needsLoop: boolean;
  /** Whether a thread of its own is on its way, and not there yet. */
  readonly isStarting: boolean;
  setResource(resource: Uint8Array, schemaUrl: string | undefined): void;
  /** Scopes are known by the order in which they are added. */
  addScope(scope: EncodedScope): void;
  /** Hands spans over; their memory is used again once the sending side has copied them. */
  handOver(slice: SharedSlice, count: number): void;
  /**
   * Sends what was handed over, within a time limit; resolves with how many spans are left then. Keeps
   * the process alive until then, and not longer.
   */
  flush(timeoutMillis: number): Promise<number>;
  /** Sends everything and stops, within a time limit, and keeps the process alive as `flush` does. */
  drain(timeoutMillis: number): Promise<void>;
  /**
   * As `drain`, for a thread that is about to end: blocks it, and does not stop. A thread of its own
   * that still starts gets the time for that beside the limit.
   */
  drainBlocking(timeoutMillis: number): void;
  /** Milliseconds that the oldest span has waited that was handed over and is not settled. */
  readonly lagMillis: number;
  /** Returns what was settled since the last call. */
  collect(): LedgerEntries;
}

/** Is told what becomes of what a bridge took. */
export interface BridgeListener {
  /** Spans are lost. */
  lost(loss: Loss): void;
  /** The sending side has crashed with all that it held; `collect` has the last of what it settled. */
  crashed(reason: string): void;
}

/** As {@link BridgeListener}, and told what is of no matter to the books. */
export interface BridgeWatcher extends BridgeListener {
  /** The collector gets nothing, for this reason, or undefined: it does. Told when it changes. */
  collectorChanged(fault: CollectorFault | undefined): void;
}

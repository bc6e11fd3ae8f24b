import type { CollectorFault } from './faults/collector-status.js';
import type { Loss } from './core-listener.js';
import type { ExportSettings } from './export-settings.js';
import type { EncodedScope, Unsent } from './outbox.js';
import type { SharedSlice } from './shared-slice.js';

/** Data that the export thread is started with. */
export interface ThreadData {
  readonly settings: ExportSettings;
  readonly ledger: SharedArrayBuffer;
}

/** A message of the application's thread to the export thread. */
export type ToThread =
  | { readonly type: 'resource'; readonly bytes: Uint8Array; readonly schemaUrl?: string }
  | { readonly type: 'scope'; readonly scope: EncodedScope }
  | { readonly type: 'spans'; readonly slice: SharedSlice; readonly count: number }
  | { readonly type: 'takeOver'; readonly unsent: Unsent }
  | { readonly type: 'flush'; readonly id: number; readonly timeoutMillis: number }
  | { readonly type: 'drain'; readonly timeoutMillis: number };

/** A message of the export thread to the application's. */
export type FromThread =
  | { readonly type: 'loss'; readonly loss: Loss }
  | { readonly type: 'collector'; readonly fault: CollectorFault | undefined }
  | { readonly type: 'flushed'; readonly id: number; readonly left: number }
  | { readonly type: 'drained' };

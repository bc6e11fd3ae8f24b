import type { Loss } from '../core/export-core.js';
import type { ExportSettings } from '../core/export-settings.js';
import type { EncodedScope, Unsent } from '../core/outbox.js';

/** What the export thread is started with. */
export interface ThreadData {
  readonly settings: ExportSettings;
  readonly ledger: SharedArrayBuffer;
}

/** What the application's thread tells the export thread. */
export type ToThread =
  | { readonly type: 'resource'; readonly bytes: Uint8Array; readonly schemaUrl?: string }
  | { readonly type: 'scope'; readonly scope: EncodedScope }
  | { readonly type: 'spans'; readonly slice: Uint8Array<ArrayBuffer>; readonly count: number }
  | { readonly type: 'takeOver'; readonly unsent: Unsent }
  | { readonly type: 'flush'; readonly id: number }
  | { readonly type: 'drain'; readonly timeoutMillis: number };

/** What the export thread tells the application's. */
export type FromThread =
  | { readonly type: 'loss'; readonly loss: Loss }
  | { readonly type: 'reach'; readonly fault: string | undefined }
  | { readonly type: 'flushed'; readonly id: number; readonly left: number }
  | { readonly type: 'drained' };

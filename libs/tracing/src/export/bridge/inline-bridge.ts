import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { ExportCore } from '../transport/export-core.js';
import type { ExportSettings } from '../transport/export-settings.js';
import { LazyTransport } from '../transport/lazy-transport.js';
import type { EncodedScope, Unsent } from '../transport/outbox.js';
import type { SharedSlice } from '../transport/shared-slice.js';
import { copyOut } from '../transport/shared-slice.js';
import type { LedgerEntries } from '../accounts/shared-ledger.js';
import { OUTCOMES, SharedLedger } from '../accounts/shared-ledger.js';
import { keepAlive } from './keep-alive.js';
import type { ExportBridge, BridgeWatcher } from './export-bridge.interface.js';

/** Sends what another bridge could not, while the application's thread is blocked. */
interface LastBridge extends Pick<ExportBridge, 'collect' | 'drainBlocking'> {
  takeOver(unsent: Unsent): void;
}

/**
 * The sending side on the application's own thread. A thread that ends turns no loop any more, so
 * what is left then goes to a bridge that needs none, if there is one.
 */
export class InlineBridge implements ExportBridge {
  readonly needsLoop = true;
  readonly isStarting = false;
  readonly #ledger = new SharedLedger();
  readonly #core: ExportCore;
  readonly #makeLast: (() => LastBridge) | undefined;
  #last: LastBridge | undefined;

  /** @param makeLast makes the bridge for the very end; without it an end loses what is not sent yet */
  constructor(settings: ExportSettings, listener: BridgeWatcher, makeLast?: () => LastBridge) {
    const transport = new LazyTransport(settings, untraced);
    this.#core = new ExportCore(settings, transport, this.#ledger, {
      onLoss: (loss) => listener.lost(loss),
      onStatus: (fault) => listener.collectorChanged(fault),
    });
    this.#makeLast = makeLast;
  }

  setResource(resource: Uint8Array, schemaUrl: string | undefined): void {
    this.#core.setResource(resource, schemaUrl);
  }

  addScope(scope: EncodedScope): void {
    this.#core.addScope(scope);
  }

  handOver(slice: SharedSlice, count: number): void {
    this.#core.receive(copyOut(slice), count);
  }

  flush(timeoutMillis: number): Promise<number> {
    return keepAlive(this.#core.flush(timeoutMillis), timeoutMillis);
  }

  drain(timeoutMillis: number): Promise<void> {
    return keepAlive(this.#core.drain(timeoutMillis), timeoutMillis);
  }

  drainBlocking(timeoutMillis: number): void {
    if (this.#makeLast === undefined || this.#core.isEmpty || timeoutMillis <= 0) return;
    this.#last ??= this.#makeLast();
    this.#last.takeOver(this.#core.surrender());
    this.#last.drainBlocking(timeoutMillis);
  }

  get lagMillis(): number {
    return this.#ledger.lagMillis;
  }

  collect(): LedgerEntries {
    const own = this.#ledger.collect();
    return this.#last === undefined ? own : sum(own, this.#last.collect());
  }
}

function sum(a: LedgerEntries, b: LedgerEntries): LedgerEntries {
  const spans = { ...a.spans };
  for (const outcome of OUTCOMES) spans[outcome] += b.spans[outcome];
  return { spans, bytes: a.bytes + b.bytes };
}

/** On the main thread outgoing requests have spans; those that carry spans must not. */
function untraced<T>(open: () => T): T {
  return context.with(suppressTracing(ROOT_CONTEXT), open);
}

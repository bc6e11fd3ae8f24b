import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import { ExportCore } from '../core/export-core.js';
import type { ExportSettings } from '../core/export-settings.js';
import { LazySender } from '../core/lazy-sender.js';
import type { EncodedScope, Unsent } from '../core/outbox.js';
import type { LedgerEntries } from '../core/shared-ledger.js';
import { OUTCOMES, SharedLedger } from '../core/shared-ledger.js';
import type { ExportLane, LaneWatcher } from './export-lane.interface.js';

/** Sends what another lane could not, while the application's thread is blocked. */
export interface LastLane extends Pick<ExportLane, 'collect' | 'drainBlocking'> {
  takeOver(unsent: Unsent): void;
}

/**
 * The sending side on the application's own thread. A thread that ends turns no loop any more, so
 * what is left then goes to a lane that needs none, if there is one.
 */
export class InlineLane implements ExportLane {
  readonly needsLoop = true;
  readonly #ledger = new SharedLedger();
  readonly #core: ExportCore;
  readonly #makeLast: (() => LastLane) | undefined;
  #last: LastLane | undefined;

  /** @param makeLast makes the lane for the very end; without it an end loses what is not sent yet */
  constructor(settings: ExportSettings, listener: LaneWatcher, makeLast?: () => LastLane) {
    const sender = new LazySender(settings, untraced);
    this.#core = new ExportCore(
      settings,
      sender,
      this.#ledger,
      (loss) => listener.lost(loss),
      (fault) => listener.reached(fault),
    );
    this.#makeLast = makeLast;
  }

  setResource(resource: Uint8Array, schemaUrl: string | undefined): void {
    this.#core.setResource(resource, schemaUrl);
  }

  addScope(scope: EncodedScope): void {
    this.#core.addScope(scope);
  }

  handOver(slice: Uint8Array<ArrayBuffer>, count: number): void {
    this.#core.receive(slice, count);
  }

  flush(): Promise<number> {
    return this.#core.flush();
  }

  drain(timeoutMillis: number): Promise<void> {
    return this.#core.drain(timeoutMillis);
  }

  drainBlocking(timeoutMillis: number): void {
    if (this.#makeLast === undefined || this.#core.isEmpty) return;
    this.#last = this.#makeLast();
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

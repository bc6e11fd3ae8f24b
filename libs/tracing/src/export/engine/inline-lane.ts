import { createSender } from '../core/create-sender.js';
import { ExportCore } from '../core/export-core.js';
import type { ExportSettings } from '../core/export-settings.js';
import type { EncodedScope } from '../core/outbox.js';
import type { LedgerEntries } from '../core/shared-ledger.js';
import { SharedLedger } from '../core/shared-ledger.js';
import type { ExportLane, LaneListener } from './export-lane.interface.js';

/** The sending side on the application's own thread. A thread that ends cannot wait for it. */
export class InlineLane implements ExportLane {
  readonly needsLoop = true;
  readonly #ledger = new SharedLedger();
  readonly #core: Promise<ExportCore>;

  constructor(settings: ExportSettings, listener: LaneListener) {
    this.#core = createSender(settings).then(
      (sender) => new ExportCore(settings, sender, this.#ledger, (loss) => listener.lost(loss)),
    );
  }

  setResource(resource: Uint8Array, schemaUrl: string | undefined): void {
    void this.#core.then((core) => core.setResource(resource, schemaUrl));
  }

  addScope(scope: EncodedScope): void {
    void this.#core.then((core) => core.addScope(scope));
  }

  handOver(slice: Uint8Array<ArrayBuffer>, count: number): void {
    void this.#core.then((core) => core.receive(slice, count));
  }

  flush(): Promise<number> {
    return this.#core.then((core) => core.flush());
  }

  drain(timeoutMillis: number): Promise<void> {
    return this.#core.then((core) => core.drain(timeoutMillis));
  }

  drainBlocking(): void {}

  collect(): LedgerEntries {
    return this.#ledger.collect();
  }
}

import type { EncodedScope } from '../transport/outbox.js';
import type { SharedSlice } from '../transport/shared-slice.js';
import type { LedgerEntries } from '../accounts/shared-ledger.js';
import type { ExportBridge } from './export-bridge.interface.js';

/** Makes a bridge that says so, at once or later, if it turns out to be of no use. */
export type BridgeFactory = (onUnusable: (reason: string, handOn: HandOn) => void) => ExportBridge;

/** Gives everything that a bridge was told to another. */
export type HandOn = (next: ExportBridge) => void;

/** One bridge as long as it can be used, then another, which gets all that the first was given. */
export class FallbackBridge implements ExportBridge {
  #bridge: ExportBridge;

  /**
   * @param make makes the first bridge
   * @param makeNext makes the one that takes its place, told why
   */
  constructor(make: BridgeFactory, makeNext: (reason: string) => ExportBridge) {
    let next: ExportBridge | undefined;
    const first = make((reason, handOn) => {
      this.#bridge = next = makeNext(reason);
      handOn(next);
    });
    this.#bridge = next ?? first;
  }

  get needsLoop(): boolean {
    return this.#bridge.needsLoop;
  }

  get isStarting(): boolean {
    return this.#bridge.isStarting;
  }

  setResource(resource: Uint8Array, schemaUrl: string | undefined): void {
    this.#bridge.setResource(resource, schemaUrl);
  }

  addScope(scope: EncodedScope): void {
    this.#bridge.addScope(scope);
  }

  handOver(slice: SharedSlice, count: number): void {
    this.#bridge.handOver(slice, count);
  }

  async flush(timeoutMillis: number): Promise<number> {
    const bridge = this.#bridge;
    const left = await bridge.flush(timeoutMillis);
    return bridge === this.#bridge ? left : this.#bridge.flush(timeoutMillis);
  }

  async drain(timeoutMillis: number): Promise<void> {
    const bridge = this.#bridge;
    await bridge.drain(timeoutMillis);
    if (bridge !== this.#bridge) await this.#bridge.drain(timeoutMillis);
  }

  drainBlocking(timeoutMillis: number): void {
    const bridge = this.#bridge;
    bridge.drainBlocking(timeoutMillis);
    if (bridge !== this.#bridge) this.#bridge.drainBlocking(timeoutMillis);
  }

  get lagMillis(): number {
    return this.#bridge.lagMillis;
  }

  collect(): LedgerEntries {
    return this.#bridge.collect();
  }
}

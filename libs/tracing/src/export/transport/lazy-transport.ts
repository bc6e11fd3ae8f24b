import { createTransport } from './create-transport.js';
import type { ExportSettings } from './export-settings.js';
import type { Around, Transport, SendOutcome } from './transport.interface.js';

/** Stands in for a transport while its protocol is being loaded; the first requests wait for that. */
export class LazyTransport implements Transport {
  readonly #loading: Promise<Transport>;
  #transport: Transport | undefined;
  #isClosed = false;

  constructor(settings: ExportSettings, around?: Around) {
    this.#loading = createTransport(settings, around).then(
      (transport) => (this.#transport = transport),
    );
    this.#loading.catch(() => undefined); // each request tells it
  }

  prepare(): void {
    void this.#loading.then(
      (transport) => this.#isClosed || transport.prepare(),
      () => undefined, // each request tells it
    );
  }

  async send(request: Uint8Array, timeoutMillis: number): Promise<SendOutcome> {
    const transport = this.#transport ?? (await this.#loading);
    if (this.#isClosed)
      return { kind: 'retry', cause: 'silent', reason: 'the transport is closed' };
    return transport.send(request, timeoutMillis);
  }

  reconnect(): void {
    this.#transport?.reconnect();
  }

  close(): void {
    this.#isClosed = true;
    this.#transport?.close();
  }
}

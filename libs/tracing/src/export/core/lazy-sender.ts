import { createSender } from './create-sender.js';
import type { ExportSettings } from './export-settings.js';
import type { Around, Sender, SendOutcome } from './sender.interface.js';

/** Stands in for a sender while its protocol is being loaded; the first requests wait for that. */
export class LazySender implements Sender {
  readonly #loading: Promise<Sender>;
  #sender: Sender | undefined;
  #isClosed = false;

  constructor(settings: ExportSettings, around?: Around) {
    this.#loading = createSender(settings, around).then((sender) => (this.#sender = sender));
    this.#loading.catch(() => undefined); // each request tells it
  }

  prepare(): void {
    void this.#loading.then(
      (sender) => this.#isClosed || sender.prepare(),
      () => undefined, // each request tells it
    );
  }

  async send(request: Uint8Array, timeoutMillis: number): Promise<SendOutcome> {
    const sender = this.#sender ?? (await this.#loading);
    if (this.#isClosed) return { kind: 'retry', reason: 'the sender is closed' };
    return sender.send(request, timeoutMillis);
  }

  reconnect(): void {
    this.#sender?.reconnect();
  }

  close(): void {
    this.#isClosed = true;
    this.#sender?.close();
  }
}

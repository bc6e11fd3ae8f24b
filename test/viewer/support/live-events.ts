import { setTimeout } from 'node:timers/promises';
import type { LiveRows } from '../../../apps/viewer/src/wire/trace-list.interface.js';

const PATIENCE_MILLIS = 15_000;

/** One event of `GET /api/live`. */
export interface LiveEvent {
  readonly id: string;
  readonly name: string;
  readonly data: LiveRows & { readonly reason?: string };
  readonly millis: number;
}

/** A page that listens, as far as the wire goes. */
export class LiveEvents {
  readonly events: LiveEvent[] = [];
  readonly #abort = new AbortController();

  private constructor(response: Response) {
    void this.#read(response.body!).catch(() => undefined);
  }

  static async open(port: number, query = '', lastEventId?: string): Promise<LiveEvents> {
    const headers = lastEventId === undefined ? {} : { 'last-event-id': lastEventId };
    const response = await fetch(`http://127.0.0.1:${port}/api/live?${query}`, { headers });
    if (!response.ok) throw new Error(`${response.status}: ${await response.text()}`);
    return new LiveEvents(response);
  }

  /** Waits for an event that is as wanted. */
  async find(isWanted: (event: LiveEvent) => boolean): Promise<LiveEvent> {
    const end = Date.now() + PATIENCE_MILLIS;
    for (;;) {
      const event = this.events.find(isWanted);
      if (event) return event;
      if (Date.now() > end) throw new Error(`No such event in ${JSON.stringify(this.events)}`);
      await setTimeout(10);
    }
  }

  close(): void {
    this.#abort.abort();
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    const reader = body.getReader();
    this.#abort.signal.addEventListener('abort', () => void reader.cancel());
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      text += decoder.decode(next.value, { stream: true });
      const parts = text.split('\n\n');
      text = parts.pop()!;
      for (const part of parts) this.#take(part);
    }
  }

  #take(part: string): void {
    const fields = new Map(
      part.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]),
    );
    const [id, name, data] = ['id', 'event', 'data'].map((field) => fields.get(field));
    if (id === undefined || name === undefined || data === undefined) return;
    this.events.push({ id, name, data: JSON.parse(data) as LiveRows, millis: Date.now() });
  }
}

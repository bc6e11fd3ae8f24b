import { createClient } from 'graphql-ws';
import type { Client } from 'graphql-ws';
import { WebSocket } from 'ws';

/** What has come to a subscription. */
export interface Received {
  readonly results: unknown[];
  readonly errors: unknown[];
  /** Resolves when the server, or the client, has completed it. */
  readonly done: Promise<void>;
  /** Has the client complete it. */
  complete(): void;
}

/** A client of graphql-ws. */
export class SocketClient {
  readonly #client: Client;
  #socket: WebSocket | undefined;

  constructor(url: string) {
    this.#client = createClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      on: { opened: (socket) => (this.#socket = socket as WebSocket) },
    });
  }

  subscribe(query: string, variables = {}): Received {
    const results: unknown[] = [];
    const errors: unknown[] = [];
    const { promise, resolve } = Promise.withResolvers<void>();
    const complete = this.#client.subscribe(
      { query, variables },
      {
        next: ({ data, errors: failed }) => results.push(failed ?? data),
        error: (error) => {
          errors.push(error);
          resolve();
        },
        complete: resolve,
      },
    );
    return { results, errors, done: promise, complete };
  }

  /** The client vanishes without a word. */
  vanish(): void {
    this.#socket?.terminate();
  }

  async close(): Promise<void> {
    await this.#client.dispose();
  }
}

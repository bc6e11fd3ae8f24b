import { isClient } from './client-shape.js';
import { InstrumentedClient } from './instrumented-client.js';

/**
 * Traces the messages of a client that was made by hand, and answers that client. Those that Nest makes
 * (`ClientsModule`, `@Client()`) are found without it. A CLIENT span starts with each subscription to
 * `send()` and ends with it; a PRODUCER span starts when `emit()` is called and ends when the event has
 * been handed to the broker. While no application with tracing is open, the client is what it was.
 *
 * @param client what `ClientProxyFactory.create()` or a constructor of a client has made, of any transport
 * @throws TypeError if it is no client of `@nestjs/microservices`
 *
 * @example
 * ```ts
 * const orders = tracedClient(ClientProxyFactory.create({ transport: Transport.NATS }));
 * ```
 */
export function tracedClient<T extends object>(client: T): T {
  if (!isClient(client)) {
    throw new TypeError(
      'tracedClient() takes a client of @nestjs/microservices: what ClientProxyFactory.create() answers.',
    );
  }
  InstrumentedClient.of(client).keep();
  return client;
}

import type { EventHandling } from './event-handlers.js';
import type { SagaOrigins } from './saga-origins.js';

/** What the buses of one application share. */
export interface BusTracing extends EventHandling {
  readonly origins: SagaOrigins;
  /** Returns the name of the method that handles a command or query. */
  handlerOf(message: unknown): string | undefined;
}

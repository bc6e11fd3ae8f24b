import { context, propagation } from '@opentelemetry/api';

/**
 * Takes an event to where it is published, with its trace context beside it.
 *
 * @param event as it was published, untouched
 * @param carrier `traceparent`, `tracestate` and `baggage`, as headers; empty without an SDK
 * @param dispatcher what the event was published with, such as the aggregate
 *
 * @example
 * ```ts
 * const send: PublishWithCarrier<OrderPlaced> = (event, carrier) =>
 *   broker.send('orders', JSON.stringify(event), { headers: carrier });
 * ```
 */
export type PublishWithCarrier<Event extends object> = (
  event: Event,
  carrier: Record<string, string>,
  dispatcher: unknown,
) => unknown;

/**
 * Publishes events as `@nestjs/cqrs` asks a publisher to.
 *
 * @example
 * ```ts
 * const publisher: CarryingPublisher = tracedPublisher((event, carrier) => log.append(event, carrier));
 * ```
 */
export interface CarryingPublisher {
  /** Publishes one event; what it returns goes back to whoever published. */
  publish<Event extends object>(event: Event, dispatcher?: unknown): unknown;
}

/**
 * Makes an event publisher for `@nestjs/cqrs` whose events leave the process: each is handed over with
 * the trace context of its publishing, to be sent as headers. The event itself is not touched.
 *
 * @param send takes an event to where it is published
 *
 * @example
 * ```ts
 * CqrsModule.forRoot({
 *   eventPublisher: tracedPublisher((event, carrier) =>
 *     broker.send('events', JSON.stringify(event), { headers: carrier }),
 *   ),
 * });
 * ```
 */
export function tracedPublisher<Sent extends object = object>(
  send: PublishWithCarrier<Sent>,
): CarryingPublisher {
  return {
    publish(event, dispatcher) {
      const carrier: Record<string, string> = {};
      propagation.inject(context.active(), carrier);
      return send(event as object as Sent, carrier, dispatcher);
    },
  };
}

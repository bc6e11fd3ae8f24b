import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { TransportName } from '../conventions.js';
import { isWrapped } from '../wrapped.js';
import { carrying } from './carried-context.js';
import type { ClientShape } from './client-shape.js';

/** What clients hold to send with, once they are connected. */
interface Connected {
  /** Of RabbitMQ: a channel that is opened anew after a loss, around the one that is open. */
  readonly channel?: { readonly _channel?: unknown } | null;
  /** Of Kafka. */
  readonly _producer?: unknown;
}

/** Calls something in a context in which nobody else opens spans, and messages carry the active one. */
export function withoutForeignSpans<T>(call: () => T): T {
  const active = context.active();
  return context.with(suppressTracing(carrying(active, active)), call);
}

/** Whether an instrumentation of the broker's library opens a span for each message that is sent. */
export function hasForeignProducer(client: ClientShape, transport: TransportName): boolean {
  const { channel, _producer: producer } = client as Connected;
  if (transport === 'rmq') return isWrapped(channel?._channel, 'publish');
  return transport === 'kafka' && isWrapped(producer, 'send');
}

/** What is said of it, once. */
export function foreignProducer(transport: TransportName): string {
  const library = transport === 'kafka' ? 'kafkajs' : 'amqplib';
  return (
    `Another instrumentation of ${library} is here as well. It opens no spans for what Nest's clients ` +
    'send: they have those of this package, which last until the reply has come. Set ' +
    'microservices.outgoing to false to have its spans instead, or remove it (sdk.instrumentations, or ' +
    'the preload that brings it).'
  );
}

import { metrics } from '@opentelemetry/api';
import type { Counter } from '@opentelemetry/api';
import { VERSION } from '../../version.js';
import { NEST } from '../conventions.js';
import type { TransportName } from '../conventions.js';
import { patternText } from '../pattern.js';
import type { IncomingRpcOptions } from '../rpc-options.interface.js';
import { unhandledEntry } from './message-entry.js';
import { eitherCarrier } from './message-carrier.js';
import type { Deserialized } from './packet-window.js';

/** They look for a handler by the channel that they subscribe to, the others by the packet's pattern. */
const BY_CHANNEL: ReadonlySet<TransportName> = new Set(['redis', 'nats', 'mqtt']);

/** Returns by which pattern a server looks for the handler of a message. */
export function patternAsked(
  transport: TransportName,
  { packet, properties }: Deserialized,
): string {
  const { channel } = (properties ?? {}) as { channel?: unknown };
  const pattern = BY_CHANNEL.has(transport) ? channel : packet.pattern;
  return typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
}

/** `error.type` of a request that no handler is there for. */
const NO_HANDLER = 'no_handler';

/**
 * Messages that no handler is there for. A request has a span: its caller is told of a failure. An event is
 * told to nobody, so it is counted, by the metric `nestjs.messages.unhandled`, and Nest logs it.
 */
export class UnhandledMessages {
  readonly #options: Required<IncomingRpcOptions>;
  #counter: Counter | undefined;

  constructor(options: Required<IncomingRpcOptions>) {
    this.#options = options;
  }

  /** @param pattern as it was asked for, by whomever */
  record(transport: TransportName, pattern: unknown, { packet, properties }: Deserialized): void {
    if (packet.id === undefined) {
      this.#count(transport);
      return;
    }
    const asked = patternText(pattern);
    const { headers } = (properties ?? {}) as { headers?: unknown };
    const carrier = eitherCarrier(headers, packet);
    unhandledEntry(transport, asked, carrier, this.#options).failAs(NO_HANDLER, true);
  }

  /** The meter is there once the SDK has started. */
  #count(transport: TransportName): void {
    this.#counter ??= metrics
      .getMeter('nestjs-tracing', VERSION)
      .createCounter('nestjs.messages.unhandled', {
        unit: '{message}',
        description: 'The number of events that came in and had no handler.',
      });
    this.#counter.add(1, { [NEST.transport]: transport });
  }
}

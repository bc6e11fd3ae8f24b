import type { IncomingHttpOptions } from '../../http-options.interface.js';
import type { OutgoingResponse } from '../response-outcome.js';
import type { ServerExchange } from '../server-exchange.js';
import { EventCount } from './event-count.js';
import { EventSpans } from './event-spans.js';
import { isSseStream } from './sse-stream.js';

/**
 * The streams of server-sent events that an application has open. They are known by what Nest pipes into
 * their responses, before the headers are sent.
 */
export class EventStreams {
  readonly #mode: Required<IncomingHttpOptions>['sse'];
  readonly #open = new Set<ServerExchange>();

  constructor(mode: Required<IncomingHttpOptions>['sse']) {
    this.#mode = mode;
  }

  /** Takes what is piped into a response: a file, a body, or events. */
  piped(source: unknown, response: OutgoingResponse, exchange: ServerExchange): void {
    if (!isSseStream(source) || exchange.isStream) return;
    if (this.#mode === 'stream') {
      exchange.streams({ count: new EventCount().of(source) });
      this.#open.add(exchange);
      return;
    }
    const { context, route } = exchange;
    exchange.streams({ spans: new EventSpans(context, route).of(source) });
    whenHeadersSent(response, () => exchange.end('finish'));
  }

  /** Takes that a response has ended. */
  ended(exchange: ServerExchange): void {
    this.#open.delete(exchange);
  }

  /** The application closes: ends what is open. Clients and events may still come and go. */
  stop(): void {
    for (const exchange of this.#open) exchange.interrupt();
    this.#open.clear();
  }
}

type WriteHead = (...args: unknown[]) => unknown;

/** Headers that an exception filter sends, because there are no events after all, count as well. */
function whenHeadersSent(response: OutgoingResponse, callback: () => void): void {
  if (response.headersSent) return callback();
  const target = response as { writeHead: WriteHead };
  const { writeHead } = target;
  const value: WriteHead = (...args) => {
    const result = Reflect.apply(writeHead, response, args);
    callback();
    return result;
  };
  Object.defineProperty(target, 'writeHead', { value, configurable: true, writable: true });
}

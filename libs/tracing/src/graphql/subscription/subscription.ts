import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import type { SpanContext } from '@opentelemetry/api';
import { Entry } from '../../entry/entry.js';
import { linkedRoot } from '../../entry/remote-parent.js';
import type { OpenEntries } from '../../entry/open-entries.js';
import { NEST_GRAPHQL } from '../conventions.js';
import { SubscriptionEvent } from './subscription-event.js';
import type { EventOrigin } from './subscription-event.js';

/** Why a subscription is over. */
type EndReason = 'completed' | 'closed' | 'failed' | 'stopped';

/** What a subscription is told and asks of the application that serves it. */
interface Server {
  readonly open: OpenEntries;
  /** Whether it closes its sockets itself. */
  isStopping(): boolean;
  ended(subscription: Subscription): void;
}

/**
 * A subscription from its start to its end. No span is as long as it: its start has one, each of its events,
 * and its end, which are linked to the start.
 */
export class Subscription {
  readonly #origin: EventOrigin;
  readonly #server: Server;
  readonly #startedAt = performance.now();
  #event: SubscriptionEvent | undefined;
  #events = 0;
  #isOver = false;

  constructor(origin: EventOrigin, server: Server) {
    this.#origin = origin;
    this.#server = server;
  }

  /** The event that is being processed, if any. */
  get event(): SubscriptionEvent | undefined {
    return this.#event;
  }

  /** An event has come. */
  received(publisher: SpanContext | undefined): void {
    if (this.#isOver) return;
    this.#events += 1;
    this.#event = new SubscriptionEvent(this.#origin, publisher);
    this.#server.open.add(this.#event.entry);
  }

  /** The event has been processed and sent: the next one is asked for, or no more is. */
  processed(): void {
    this.#event?.end();
    this.#event = undefined;
  }

  /** No more events are asked for: by its client, or as the socket is closed by either side. */
  close(): void {
    this.end(this.#server.isStopping() ? 'stopped' : 'closed');
  }

  end(reason: EndReason, error?: unknown): void {
    if (this.#isOver) return;
    this.processed();
    this.#isOver = true;
    const { start, attributes } = this.#origin;
    const entry = new Entry({
      name: 'subscription end',
      kind: SpanKind.INTERNAL,
      attributes: {
        ...attributes,
        [NEST_GRAPHQL.reason]: reason,
        [NEST_GRAPHQL.events]: this.#events,
        [NEST_GRAPHQL.duration]: Math.round(performance.now() - this.#startedAt),
      },
      from: linkedRoot({ parent: trace.setSpanContext(ROOT_CONTEXT, start), links: [] }),
      unanswered: true,
    });
    if (reason === 'failed') entry.fail(error);
    else entry.succeed();
    this.#server.ended(this);
  }
}

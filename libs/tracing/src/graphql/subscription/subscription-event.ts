import { ROOT_CONTEXT, SpanKind, trace } from '@opentelemetry/api';
import type { Attributes, SpanContext } from '@opentelemetry/api';
import { Entry } from '../../entry/entry.js';
import { linkedRoot } from '../../entry/remote-parent.js';

/** What an event belongs to. */
export interface EventOrigin {
  /** What the subscription was started in. */
  readonly start: SpanContext;
  /** The field that is subscribed to. */
  readonly field: string;
  readonly attributes: Attributes;
}

/** One event of a subscription, from when it comes to when the next one is asked for. */
export class SubscriptionEvent {
  readonly entry: Entry;

  /** @param publisher what published it, where that is known */
  constructor({ start, field, attributes }: EventOrigin, publisher: SpanContext | undefined) {
    const parent = trace.setSpanContext(ROOT_CONTEXT, start);
    this.entry = new Entry({
      name: `process ${field}`,
      kind: SpanKind.CONSUMER,
      attributes,
      subject: { kind: 'graphql', name: 'subscription' },
      from: linkedRoot({
        parent,
        links: publisher === undefined ? [] : [{ context: publisher }],
      }),
      unanswered: true,
    });
  }

  end(): void {
    this.entry.settle();
  }
}

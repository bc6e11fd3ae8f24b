import { SpanKind } from '@opentelemetry/api';
import { standIn } from '../decorators/stand-in.js';
import type { AnyFunction } from '../span/record.js';
import { recordInto } from '../span/record.js';
import { spanSite } from '../span/span-site.js';
import type { SpanSpec } from '../span/recording.js';
import { SpanRecording } from '../span/recording.js';
import { shadowMethod } from '../span/results/own-method.js';
import type { BusTracing } from './bus-tracing.interface.js';
import type { PublishingBus } from './buses.js';
import { publishesInMemory } from './buses.js';
import { ATTR_EVENTS, ATTR_NAME, ATTR_TYPE } from './cqrs.constants.js';
import { withDispatch } from './event-dispatch.js';
import { messageName } from './message-name.js';
import { withoutOrigins } from './saga-origins.js';

/** What events of several classes are called together. */
const SEVERAL = 'events';

/** Gives the publishing of events a span. Returns what takes that back. */
export function tracePublishing(bus: PublishingBus, tracing: BusTracing): (() => void)[] {
  return (['publish', 'publishAll'] as const).flatMap((key) => {
    const original = bus[key] as AnyFunction;
    const publishing = (receiver: unknown, args: never[]): unknown => {
      const events = key === 'publish' ? args.slice(0, 1) : listOf(args[0]);
      const call = (): unknown => Reflect.apply(original, receiver, args);
      return publish(bus, tracing, events, key === 'publishAll', call);
    };
    return shadowMethod(bus, key, standIn(original, publishing)) ?? [];
  });
}

function publish(
  bus: PublishingBus,
  tracing: BusTracing,
  events: readonly unknown[],
  several: boolean,
  call: () => unknown,
): unknown {
  const site = events.length === 0 ? undefined : spanSite();
  if (site === undefined) return call();
  const spec = specOf(bus, events, several);
  const { application } = tracing;
  const parent = withDispatch(withoutOrigins(site.parent), { application, several });
  const recording = new SpanRecording(site.tracer, spec, parent);
  for (const event of events) tracing.origins.published(event, recording.span.spanContext());
  return recordInto(recording, spec, call, undefined, []);
}

function specOf(bus: PublishingBus, events: readonly unknown[], several: boolean): SpanSpec {
  const name = nameOf(events);
  const attributes = {
    [ATTR_TYPE]: 'event',
    ...(name === SEVERAL ? {} : { [ATTR_NAME]: name }),
    ...(several ? { [ATTR_EVENTS]: events.length } : {}),
  };
  const kind = publishesInMemory(bus) ? SpanKind.INTERNAL : SpanKind.PRODUCER;
  return { name: `publish ${name}`, options: { kind, attributes } };
}

function nameOf(events: readonly unknown[]): string {
  const name = messageName(events[0], 'event');
  return events.every((event) => messageName(event, 'event') === name) ? name : SEVERAL;
}

function listOf(events: unknown): readonly unknown[] {
  return Array.isArray(events) ? events : [];
}

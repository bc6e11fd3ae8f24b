import { ROOT_CONTEXT, SpanKind, context, isSpanContextValid, trace } from '@opentelemetry/api';
import { Entry } from '../../entry/entry.js';
import type { RemoteParent } from '../../entry/remote-parent.js';
import { isObject } from '../../span/is-object.js';
import { NEST_GRAPHQL } from '../conventions.js';
import type { OperationTracing } from '../graphql-operation.js';
import {
  factsOf,
  isIgnored,
  operationAttributes,
  operationSubject,
  spanName,
} from '../operation-facts.js';
import type { OperationNode, ResolverInfo } from '../resolver-info.js';
import type { ResolverCall } from '../traced-fields.js';
import { followEvents, isEvents } from './followed-events.js';
import type { Publishers } from './publishers.js';
import type { SubscriptionEvent } from './subscription-event.js';
import { Subscription } from './subscription.js';

/** Stands for GraphQL's context object where there is none. */
const NO_CONTEXT = {};

/** The subscriptions of an application, by what the resolvers of their events know of them. */
export class Subscriptions {
  readonly #tracing: OperationTracing;
  readonly #publishers: Publishers;
  readonly #running = new Set<Subscription>();
  #isStopping = false;
  readonly #known = new WeakMap<object, WeakMap<OperationNode, Subscription>>();

  constructor(tracing: OperationTracing, publishers: Publishers) {
    this.#tracing = tracing;
    this.#publishers = publishers;
  }

  /** Calls a resolver that subscribes, in the span of the start, and follows the events. */
  start(call: ResolverCall): unknown {
    const { settings, open, foreign } = this.#tracing;
    const facts = factsOf(call.info.operation);
    if (isIgnored(facts, settings) || foreign.look()) {
      return Reflect.apply(call.resolver, call.receiver, call.args);
    }
    this.#publishers.watchBehind(call.context);
    const entry = new Entry({
      name: spanName(facts, settings),
      kind: SpanKind.SERVER,
      attributes: {
        ...operationAttributes(facts, undefined, settings),
        [NEST_GRAPHQL.field]: `${call.info.parentType.name}.${call.info.fieldName}`,
      },
      subject: operationSubject(facts),
      from: startParent(),
    });
    open.add(entry);
    return this.#subscribe(entry, call);
  }

  /** Returns the event that a resolver is called for. */
  eventOf(shared: unknown, { operation }: ResolverInfo): SubscriptionEvent | undefined {
    return this.#known.get(isObject(shared) ? shared : NO_CONTEXT)?.get(operation)?.event;
  }

  /** From now on it is the application that closes sockets, or no longer. */
  setStopping(isStopping: boolean): void {
    this.#isStopping = isStopping;
  }

  /** The application stops: no more events are looked at. */
  stop(): void {
    for (const subscription of this.#running) subscription.end('stopped');
  }

  #subscribe(entry: Entry, call: ResolverCall): unknown {
    const failed = (error: unknown): never => {
      entry.fail(error);
      throw error;
    };
    try {
      const { resolver, receiver, args } = call;
      const run = resolver as (...args: unknown[]) => unknown;
      const result = entry.run(run, receiver, args);
      return result instanceof Promise
        ? result.then((events) => this.#started(entry, call, events), failed)
        : this.#started(entry, call, result);
    } catch (error) {
      return failed(error);
    }
  }

  #started(entry: Entry, { context: shared, info }: ResolverCall, events: unknown): unknown {
    const { span } = entry;
    if (!isEvents(events) || span === undefined) {
      if (events instanceof Error) entry.fail(events);
      else entry.succeed();
      return events;
    }
    entry.succeed();
    this.#publishers.watchBehind(events);
    const facts = factsOf(info.operation);
    const attributes = operationAttributes(facts, undefined, this.#tracing.settings);
    const origin = { start: span.spanContext(), field: info.fieldName, attributes };
    const subscription = new Subscription(origin, {
      open: this.#tracing.open,
      isStopping: () => this.#isStopping,
      ended: (over) => this.#running.delete(over),
    });
    this.#remember(shared, info.operation, subscription);
    return followEvents(events, subscription, (event) => this.#publishers.of(event));
  }

  #remember(shared: unknown, operation: OperationNode, subscription: Subscription): void {
    const key = isObject(shared) ? shared : NO_CONTEXT;
    const known = this.#known.get(key) ?? new WeakMap<OperationNode, Subscription>();
    this.#known.set(key, known);
    known.set(operation, subscription);
    this.#running.add(subscription);
  }
}

/** It comes over a socket, which keeps the context of its making, a request of long ago: that is linked. */
function startParent(): RemoteParent {
  const active = trace.getSpanContext(context.active());
  const isKnown = active !== undefined && isSpanContextValid(active);
  return { parent: ROOT_CONTEXT, links: isKnown ? [{ context: active }] : [] };
}

import { Inject, Injectable } from '@nestjs/common';
import type { OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { standIn } from '../decorators/stand-in.js';
import type { DetachedRegistry } from '../detached/detached.registry.js';
import { guard } from '../span/guard.js';
import { readGuarded } from '../span/outcome/read-guarded.js';
import { shadowMethod } from '../span/results/own-method.js';
import type { BusTracing } from './bus-tracing.interface.js';
import { findBuses } from './buses.js';
import { CqrsClasses } from './cqrs-classes.js';
import type { ResolvedCqrsOptions } from './cqrs.schema.js';
import { traceExecutions } from './executed-messages.js';
import { placeHandler } from './handler-stand-ins.js';
import { tracePublishing } from './published-events.js';
import { SagaOrigins } from './saga-origins.js';
import { followSaga } from './saga-stream.js';

/**
 * Traces an application's commands, queries and events. All is found by what the decorators and classes of
 * `@nestjs/cqrs` leave on it; the package is not loaded.
 *
 * Handlers of events have stand-ins on their own classes, which also serves those that are made per
 * request; buses and sagas are instances of this application and have theirs on themselves.
 */
@Injectable()
export class CqrsTracing implements OnModuleInit {
  readonly #discovery: DiscoveryService;
  readonly #seen = new WeakSet();
  readonly #undo: (() => void)[] = [];
  #executors = new WeakMap<object, string>();
  #tracing: BusTracing | undefined;

  constructor(@Inject(DiscoveryService) discovery: DiscoveryService) {
    this.#discovery = discovery;
  }

  /** Called while Nest makes its modules, when every class is known and none is in use. */
  start(options: ResolvedCqrsOptions, registry: DetachedRegistry): void {
    if (options === undefined) return;
    this.#tracing = {
      application: Symbol('application'),
      events: options.events,
      registry,
      origins: new SagaOrigins(),
      handlerOf: (message) => {
        const handled = readGuarded(message, 'constructor');
        return typeof handled === 'function' ? this.#executors.get(handled) : undefined;
      },
    };
    const tracing = this.#tracing;
    guard('looking for handlers of events', () =>
      this.#placeHandlers(new CqrsClasses(this.#discovery, false), tracing),
    );
  }

  /** Buses and sagas are made, and Nest asks neither before the application has started. */
  onModuleInit(): void {
    this.#connect();
  }

  /** Nest has run the hooks of module start: all that modules make is there. */
  finishStart(): void {
    this.#connect();
  }

  /** The application closes: takes out what was put in. What runs is drained with detached work. */
  stop(): Promise<void> {
    for (const undo of this.#undo.splice(0)) undo();
    return Promise.resolve();
  }

  #connect(): void {
    const tracing = this.#tracing;
    if (tracing === undefined) return;
    guard('looking for commands, queries and events', () => {
      const classes = new CqrsClasses(this.#discovery, true);
      this.#executors = classes.executors();
      this.#placeHandlers(classes, tracing);
      this.#traceBuses(tracing);
      this.#followSagas(classes, tracing.origins);
    });
  }

  #placeHandlers(classes: CqrsClasses, tracing: BusTracing): void {
    for (const { holder, name } of classes.handlers()) {
      if (this.#isNew(holder)) this.#undo.push(placeHandler(holder, name, tracing));
    }
  }

  #traceBuses(tracing: BusTracing): void {
    const { commands, queries, events } = findBuses(this.#discovery);
    const place = (bus: object, put: () => ((() => void) | undefined)[]): void => {
      if (this.#isNew(bus)) this.#undo.push(...put().filter((undo) => undo !== undefined));
    };
    for (const bus of commands) place(bus, () => [traceExecutions(bus, 'command', tracing)]);
    for (const bus of queries) place(bus, () => [traceExecutions(bus, 'query', tracing)]);
    for (const bus of events) place(bus, () => tracePublishing(bus, tracing));
  }

  #followSagas(classes: CqrsClasses, origins: SagaOrigins): void {
    for (const { instance, key, name } of classes.sagas()) {
      const saga: unknown = Reflect.get(instance, key);
      if (typeof saga !== 'function' || !this.#isNew(saga)) continue;
      const followed = standIn(saga, (receiver, args) =>
        followSaga(Reflect.apply(saga, receiver, args), name, origins),
      );
      const undo = shadowMethod(instance, key, followed);
      if (undo !== undefined) this.#undo.push(undo);
      this.#seen.add(followed);
    }
  }

  #isNew(thing: object): boolean {
    if (this.#seen.has(thing)) return false;
    this.#seen.add(thing);
    return true;
  }
}

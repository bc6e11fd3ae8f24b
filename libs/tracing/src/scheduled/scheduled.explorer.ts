import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService, MetadataScanner } from '@nestjs/core';
import { codeName } from '../decorators/code-name.js';
import { ownDetached } from '../detached/current-registry.js';
import { DETACHED_METADATA } from '../detached/detached.constants.js';
import type { DetachedRegistry } from '../detached/detached.registry.js';
import { guard } from '../span/guard.js';
import type { AnyFunction } from '../span/record.js';
import { shadowMethod } from '../span/results/own-method.js';
import { isAsyncHandler } from './async-handler.js';
import { eventRun, jobName, scheduledRun } from './run-alone.js';
import { EVENT_LISTENER_METADATA, RUN_METADATA, SCHEDULER_TYPE } from './scheduled.constants.js';

/** A method that is found on a prototype, its own or inherited. */
interface Member {
  readonly prototype: object;
  readonly key: string;
  readonly method: AnyFunction;
}

/**
 * Finds the methods that `@nestjs/schedule` and `@nestjs/event-emitter` call, by the metadata of their
 * decorators, and puts stand-ins before them. Neither package is loaded for it.
 *
 * The scheduler looks methods up once, in its own `onModuleInit`, so a stand-in is there from the
 * making of this provider, when Nest has made every prototype and run no hook, until the application
 * has started: a later call by hand is no run. The event emitter looks them up at each event, so
 * theirs stay.
 */
@Injectable()
export class ScheduledExplorer {
  readonly #discovery: DiscoveryService;
  readonly #scanner: MetadataScanner;
  readonly #undo: (() => void)[] = [];
  readonly #jobs = new Set<string>();

  constructor(
    @Inject(DiscoveryService) discovery: DiscoveryService,
    @Inject(MetadataScanner) scanner: MetadataScanner,
  ) {
    this.#discovery = discovery;
    this.#scanner = scanner;
    this.explore();
  }

  /** Puts the stand-ins in place. A second look finds what a factory has made since. */
  explore(): void {
    this.#visit((members) => {
      for (const member of members) this.#place(member);
    });
  }

  /** The scheduled methods, by the names that rules of sampling have for them. */
  get jobs(): Iterable<string> {
    return this.#jobs;
  }

  /** The application has started: takes the scheduler's stand-ins out, and claims what is detached. */
  finish(registry: DetachedRegistry): void {
    for (const undo of this.#undo.splice(0)) undo();
    this.#visit((members, instance) => {
      if (members.some(isOurs)) ownDetached(instance, registry);
    });
  }

  /** Calls back for every provider and controller; one that throws when it is looked at is left out. */
  #visit(callback: (members: readonly Member[], instance: object) => void): void {
    for (const { instance } of [
      ...this.#discovery.getProviders(),
      ...this.#discovery.getControllers(),
    ] as readonly { instance: unknown }[]) {
      if (typeof instance !== 'object' || instance === null) continue;
      guard('looking at the methods of a provider', () => {
        callback(this.#members(Object.getPrototypeOf(instance) as object | null), instance);
      });
    }
  }

  #members(prototype: object | null): Member[] {
    if (prototype === null || prototype === Object.prototype) return [];
    return this.#scanner.getAllMethodNames(prototype).map((key) => {
      const method = (prototype as Record<string, AnyFunction>)[key] as AnyFunction;
      return { prototype, key, method };
    });
  }

  #place(member: Member): void {
    const { prototype, key, method } = member;
    const name = codeName(prototype, key);
    const isScheduled = Reflect.hasOwnMetadata(SCHEDULER_TYPE, method);
    if (isScheduled) this.#jobs.add(jobName(method, name));
    if (Reflect.hasOwnMetadata(RUN_METADATA, method)) return;
    if (isScheduled) {
      const undo = shadowMethod(prototype, key, scheduledRun(method, name));
      if (undo !== undefined) this.#undo.push(undo);
    } else if (isLinkedHandler(member)) {
      shadowMethod(prototype, key, eventRun(method, name));
    }
  }
}

/** A detached handler links itself; a synchronous one ends within the emitter's span. */
function isLinkedHandler({ prototype, key, method }: Member): boolean {
  return (
    Reflect.hasOwnMetadata(EVENT_LISTENER_METADATA, method) &&
    !Reflect.hasOwnMetadata(DETACHED_METADATA, method) &&
    isAsyncHandler(prototype, key, method)
  );
}

function isOurs({ method }: Member): boolean {
  return [RUN_METADATA, DETACHED_METADATA, SCHEDULER_TYPE].some((key) =>
    Reflect.hasOwnMetadata(key, method),
  );
}

import type { DiscoveryService } from '@nestjs/core';
import { answersTo, singleInstances } from '../entry/single-instances.js';
import { readGuarded } from '../span/outcome/read-guarded.js';

/** What `CommandBus` and `QueryBus` are called for. */
export interface ExecutingBus {
  execute(message: unknown, ...rest: unknown[]): unknown;
}

/** What `EventBus` is called for. */
export interface PublishingBus {
  publish(event: unknown, ...rest: unknown[]): unknown;
  publishAll(events: unknown, ...rest: unknown[]): unknown;
}

/** The buses of an application. There is one of each, unless an application replaces or adds some. */
interface Buses {
  readonly commands: readonly ExecutingBus[];
  readonly queries: readonly ExecutingBus[];
  readonly events: readonly PublishingBus[];
}

/** Finds the buses of `@nestjs/cqrs` by their methods, so that the package need not be loaded. */
export function findBuses(discovery: DiscoveryService): Buses {
  const instances = singleInstances(discovery);
  const having = <Bus>(...names: string[]): Bus[] =>
    instances.filter((instance) => answersTo(instance, ...names)) as unknown[] as Bus[];
  return {
    commands: having('execute', 'registerHandler', 'getCommandName'),
    queries: having('execute', 'registerHandler', 'getQueryName'),
    events: having('publish', 'publishAll', 'registerHandler', 'registerSagas'),
  };
}

/** Whether events stay in the process: the bus's own publisher hands them to its subscribers. */
export function publishesInMemory(bus: PublishingBus): boolean {
  const subject = readGuarded(bus, 'subject$');
  return (
    subject !== undefined && readGuarded(readGuarded(bus, 'publisher'), 'subject$') === subject
  );
}

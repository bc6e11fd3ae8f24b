import { Inject, Injectable } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { prepareHandlers } from '../entry/handlers.js';
import { OpenEntries } from '../entry/open-entries.js';
import { guard } from '../span/guard.js';
import { ForeignOperations } from './foreign-operations.js';
import type { ResolvedGraphqlOptions } from './graphql.schema.js';
import { findGraphql } from './graphql-nodes.js';
import type { OperationTracing } from './graphql-operation.js';
import { traceLoadersIn } from './loaders/find-loaders.js';
import { hearOfRequests } from './request-hooks.js';
import { isResolver } from './resolver-metadata.js';
import { hearOfStop } from './subscription/driver-stop.js';
import { RunningOperations } from './running-operations.js';
import { Publishers } from './subscription/publishers.js';
import { Subscriptions } from './subscription/subscriptions.js';
import { traceFields } from './traced-fields.js';
import { TracedOperations } from './traced-operations.js';

/** An operation whose resolvers never end is ended as abandoned after ten minutes. */
const MAX_DURATION_MILLIS = 600_000;

/** What one application's tracing of GraphQL consists of. */
interface Parts {
  readonly tracing: OperationTracing;
  readonly running: RunningOperations;
  readonly subscriptions: Subscriptions;
  readonly publishers: Publishers;
  readonly operations: TracedOperations;
}

/**
 * Traces the operations of an application's GraphQL schemas. What `@nestjs/graphql` and its drivers have made
 * is found by its shape; none of the packages is loaded.
 *
 * Requests are heard of by the driver's own hooks. These cannot have anything run in a context, so the
 * resolvers of the application's schema have stand-ins, which enter that of their operation.
 */
@Injectable()
export class GraphqlTracing {
  readonly #discovery: DiscoveryService;
  readonly #undo: (() => void)[] = [];
  #parts: Parts | undefined;

  constructor(@Inject(DiscoveryService) discovery: DiscoveryService) {
    this.#discovery = discovery;
  }

  /** Called while Nest makes its modules, when every class is known and none is in use. */
  start(options: ResolvedGraphqlOptions, say: (message: string) => void): void {
    if (options === undefined) return;
    const tracing = {
      settings: options,
      open: new OpenEntries({ maxDurationMillis: MAX_DURATION_MILLIS, say }),
      foreign: new ForeignOperations(say),
      say,
      sayShared: (name: string): void => say(sharedLoader(name)),
    };
    const publishers = new Publishers();
    const running = new RunningOperations(tracing);
    const subscriptions = new Subscriptions(tracing, publishers);
    const operations = new TracedOperations(options, running, subscriptions);
    this.#parts = { tracing, running, subscriptions, publishers, operations };
    this.#undo.push(prepareHandlers(this.#discovery.getProviders(), isResolver));
  }

  /** Nest has run the hooks of module start: all that modules make is there. */
  finishStart(): void {
    const parts = this.#parts;
    if (parts === undefined) return;
    guard('looking for GraphQL', () => this.#connect(parts));
  }

  /** The application begins to close, and its sockets with it. */
  beginStop(): void {
    this.#parts?.subscriptions.setStopping(true);
  }

  /** The application closes: waits for what runs, within a deadline, and takes out what was put in. */
  async stop(deadlineMillis: number): Promise<void> {
    const parts = this.#parts;
    if (parts === undefined) return;
    parts.subscriptions.stop();
    await parts.tracing.open.stop(deadlineMillis);
    parts.operations.stop();
    parts.publishers.stop();
    for (const undo of this.#undo.splice(0)) undo();
  }

  #connect({ tracing, running, subscriptions, publishers, operations }: Parts): void {
    const { hooks, schemas, drivers, others } = findGraphql(this.#discovery);
    for (const host of hooks) this.#undo.push(hearOfRequests(host, running));
    for (const driver of drivers) this.#undo.push(hearOfStop(driver, subscriptions));
    for (const schema of schemas) this.#undo.push(traceFields(schema, operations));
    if (schemas.length === 0) return;
    if (hooks.length === 0) tracing.say(WITHOUT_HOOKS);
    for (const other of others) {
      publishers.watch(other);
      traceLoadersIn(other, tracing.sayShared);
    }
  }
}

const WITHOUT_HOOKS =
  'This version of @nestjs/graphql tells of no request: spans of operations begin at their first resolver, ' +
  'and what cannot be parsed or validated has none. Version 13.4.4 and later ones have hooks for it.';

function sharedLoader(name: string): string {
  return (
    `The dataloader "${name}" is kept across requests: what it has loaded for one is given to others, and ` +
    'its batches belong to several traces. Make one for each request, in the context of GraphQLModule.'
  );
}

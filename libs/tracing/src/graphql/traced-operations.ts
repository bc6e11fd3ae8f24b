import type { GraphqlOperation } from './graphql-operation.js';
import type { GraphqlSettings } from './operation-facts.js';
import { InferredEnd } from './inferred-end.js';
import { observed, runIn, runInSpan } from './resolver-runs.js';
import type { ResolverOutcome } from './resolver-runs.js';
import type { RunningOperations } from './running-operations.js';
import type { Subscriptions } from './subscription/subscriptions.js';
import type { FieldUser, ResolverCall } from './traced-fields.js';

/** Calls the resolvers of an application's schemas in the contexts of their operations. */
export class TracedOperations implements FieldUser {
  readonly #settings: GraphqlSettings;
  readonly #running: RunningOperations;
  readonly #subscriptions: Subscriptions;
  readonly #inferred = new WeakMap<GraphqlOperation, InferredEnd>();
  #isStopped = false;

  constructor(settings: GraphqlSettings, running: RunningOperations, subscriptions: Subscriptions) {
    this.#settings = settings;
    this.#running = running;
    this.#subscriptions = subscriptions;
  }

  knows({ context, info }: ResolverCall): boolean {
    return (
      this.#subscriptions.eventOf(context, info) !== undefined ||
      this.#running.of(context, info) !== undefined
    );
  }

  resolve(call: ResolverCall): unknown {
    const { resolver, receiver, args, context, info } = call;
    if (this.#isStopped) return Reflect.apply(resolver, receiver, args);
    if (info.operation.operation === 'subscription') return this.#resolveEvent(call);
    const operation = this.#running.of(context, info) ?? this.#infer(call);
    const inferred = this.#inferred.get(operation);
    const run = (): unknown => this.#run(operation, call);
    return inferred === undefined ? run() : observed(run, inferred.began());
  }

  subscribe(call: ResolverCall): unknown {
    return this.#isStopped
      ? Reflect.apply(call.resolver, call.receiver, call.args)
      : this.#subscriptions.start(call);
  }

  /** From now on resolvers are called as if it were not there. */
  stop(): void {
    this.#isStopped = true;
  }

  #infer(call: ResolverCall): GraphqlOperation {
    const operation = this.#running.infer(call.info);
    this.#inferred.set(operation, new InferredEnd(operation));
    return operation;
  }

  #run(operation: GraphqlOperation, call: ResolverCall): unknown {
    const entry = operation.enter(call.info);
    if (entry === undefined) return Reflect.apply(call.resolver, call.receiver, call.args);
    return this.#hasSpan(call) ? runInSpan(entry, call) : runIn(entry, call);
  }

  #resolveEvent(call: ResolverCall): unknown {
    const event = this.#subscriptions.eventOf(call.context, call.info);
    if (event === undefined) return Reflect.apply(call.resolver, call.receiver, call.args);
    const { entry } = event;
    const outcome: ResolverOutcome = {
      failed: (error) => {
        if (!entry.seen.has(error)) entry.threw(error);
      },
      ended: () => undefined,
    };
    const run = (): unknown => (this.#hasSpan(call) ? runInSpan(entry, call) : runIn(entry, call));
    return observed(run, outcome);
  }

  /** The resolvers of the operation's own fields take as long as the operation. */
  #hasSpan({ info }: ResolverCall): boolean {
    return this.#settings.resolvers === 'custom' && info.path.prev !== undefined;
  }
}

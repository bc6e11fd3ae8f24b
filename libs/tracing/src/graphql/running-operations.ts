import { context, trace } from '@opentelemetry/api';
import { guard } from '../span/guard.js';
import { isObject } from '../span/is-object.js';
import { readGuarded } from '../span/outcome/read-guarded.js';
import { spanSite } from '../span/span-site.js';
import { GraphqlOperation } from './graphql-operation.js';
import type { OperationTracing, SentOperation } from './graphql-operation.js';
import type { RequestEndHookContext, RequestHookContext, ResolverInfo } from './resolver-info.js';
import { traceLoadersIn } from './loaders/find-loaders.js';
import { whenAnswered } from './when-answered.js';

/**
 * The operations of an application that run, by what their resolvers know of them: GraphQL's context object,
 * which is made for each, and the values of its variables, which are made for each execution. Both are held
 * weakly, so nothing is left of an operation when they are gone.
 */
export class RunningOperations {
  readonly #tracing: OperationTracing;
  readonly #byContext = new WeakMap<object, GraphqlOperation[]>();
  readonly #byExecution = new WeakMap<object, GraphqlOperation>();

  constructor(tracing: OperationTracing) {
    this.#tracing = tracing;
  }

  /** A driver has taken a request in, and has not parsed it yet. */
  begin({ query, operationName, context: shared }: RequestHookContext): void {
    if (!isObject(shared)) return;
    const operation = this.#make({ query, operationName });
    const others = this.#openOf(shared);
    this.#byContext.set(shared, [...others, operation]);
    traceLoadersIn(shared, this.#tracing.sayShared);
    // Mercurius tells no end of what it could not parse or validate.
    whenAnswered(shared, (status) => operation.endWith(status));
  }

  /** A driver has the response of a request. */
  end({ context: shared, errors }: RequestEndHookContext): void {
    if (isObject(shared)) this.#among(shared)?.end(errors);
  }

  /** Returns the operation that a resolver is called for, if its driver has told of it. */
  of(shared: unknown, info: ResolverInfo): GraphqlOperation | undefined {
    const known = this.#byExecution.get(info.variableValues);
    if (known !== undefined) return known;
    const operation = isObject(shared) ? this.#among(shared) : undefined;
    if (operation !== undefined) this.#byExecution.set(info.variableValues, operation);
    return operation;
  }

  /** An execution that no driver has told of, such as one over a WebSocket. */
  infer(info: ResolverInfo): GraphqlOperation {
    const operation = this.#make({});
    this.#byExecution.set(info.variableValues, operation);
    return operation;
  }

  #make(sent: SentOperation): GraphqlOperation {
    const site = guard('looking for the span of a request', () => spanSite());
    return new GraphqlOperation(this.#tracing, sent, site?.parent);
  }

  #openOf(shared: object): readonly GraphqlOperation[] {
    return (this.#byContext.get(shared) ?? []).filter(({ isOver }) => !isOver);
  }

  /** A context object that several requests share tells them by their spans. */
  #among(shared: object): GraphqlOperation | undefined {
    const [first, ...others] = this.#openOf(shared);
    if (others.length === 0) return first;
    const active = spanIdOf(trace.getSpan(context.active()));
    return (
      [first, ...others].find(
        (operation) =>
          operation?.parent !== undefined && spanIdOf(trace.getSpan(operation.parent)) === active,
      ) ?? first
    );
  }
}

function spanIdOf(span: unknown): unknown {
  return isObject(span)
    ? readGuarded((span as { spanContext(): object }).spanContext(), 'spanId')
    : undefined;
}

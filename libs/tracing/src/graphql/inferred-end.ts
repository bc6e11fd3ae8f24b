import type { GraphqlOperation } from './graphql-operation.js';
import type { ResolverOutcome } from './resolver-runs.js';

/**
 * The end of an execution that nobody tells of: no resolver of it runs any more. Its errors are those of its
 * resolvers.
 */
export class InferredEnd {
  readonly #operation: GraphqlOperation;
  readonly #errors: unknown[] = [];
  #running = 0;

  constructor(operation: GraphqlOperation) {
    this.#operation = operation;
  }

  /** A resolver is called. */
  began(): ResolverOutcome {
    this.#running += 1;
    return {
      failed: (error) => {
        if (this.#errors.length < 32) this.#errors.push(error);
      },
      ended: () => {
        this.#running -= 1;
        if (this.#running === 0) setImmediate(() => this.#endIfDone());
      },
    };
  }

  /** Resolvers of the objects that the last one has returned are called before this. */
  #endIfDone(): void {
    if (this.#running === 0) this.#operation.end(this.#errors);
  }
}

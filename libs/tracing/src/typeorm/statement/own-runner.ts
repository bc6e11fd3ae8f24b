import { types } from 'node:util';
import { DataSource } from 'typeorm';
import type { AnyFunction, CallShape } from '../../span/record.js';
import { replaceMethod } from '../shadow/stand-in.js';
import type { StatementTracer } from './statement-tracer.js';

/** TypeORM's own; what a subclass or a patch makes of them may do anything, before and after. */
const { query: QUERY, createQueryRunner: CREATE } = DataSource.prototype;
const QUERY_SHAPE: CallShape = { lazy: false, isAsync: types.isAsyncFunction(QUERY) };

/**
 * The query runner that TypeORM's own `dataSource.query()` makes for itself. Nobody but a logger sees it, or
 * its manager: they need no stand-ins, which cost more than all the rest of a span, as long as the statement
 * is traced by that method. All of it is made and asked before the method first waits.
 */
export class OwnRunner {
  readonly #dataSource: DataSource;
  #isAsking = false;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  /** Whether what is asked for now is for a statement that is traced already. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** Lets `dataSource.query()` trace its statement itself, unless somebody else has changed the method. */
  attach(statements: StatementTracer): void {
    if (this.#dataSource.query !== QUERY) return;
    replaceMethod(this.#dataSource, 'query', (_, dataSource, args) =>
      this.#staysInside(args) && statements.canBeDirect
        ? statements.direct(this.#ask, dataSource, args, QUERY_SHAPE)
        : Reflect.apply(this.#query, dataSource, args),
    );
  }

  /** Whether the runner that a call will make stays with it: none was given, and no subscriber sees it. */
  #staysInside([, , given]: readonly unknown[]): boolean {
    const { createQueryRunner, subscribers } = this.#dataSource;
    if (given || createQueryRunner !== CREATE || subscribers.length > 0) return false;
    return this.#query === QUERY;
  }

  /** The method of the class, looked up at each call: a spy that is put there later is called. */
  get #query(): AnyFunction {
    return Reflect.get(Reflect.getPrototypeOf(this.#dataSource) as object, 'query') as AnyFunction;
  }

  /** Calls the method for a statement that is traced. */
  readonly #ask: AnyFunction = (...args) => {
    const before = this.#isAsking;
    this.#isAsking = true;
    try {
      return Reflect.apply(QUERY, this.#dataSource, args as never);
    } finally {
      this.#isAsking = before;
    }
  };
}

import type { DataSource } from 'typeorm';
import type { AnyFunction } from '../../span/record.js';

/**
 * The query runner that `dataSource.query()` makes for itself. Nobody else sees it, or its manager: they
 * need no stand-ins, which cost more than all the rest of a span, as long as the statement is traced by
 * that method. All of it is made and asked before the method first waits.
 */
export class OwnRunner {
  #isAsking = false;

  /** Whether what is asked for now is for a statement that is traced already. */
  get isAsking(): boolean {
    return this.#isAsking;
  }

  /** Whether the runner that a call will make stays with it: subscribers are given it. */
  staysInside({ subscribers }: Partial<DataSource>, [, , given]: readonly unknown[]): boolean {
    return !given && subscribers?.length === 0;
  }

  /** Returns the method to call for a statement that is traced. */
  asking(query: AnyFunction): AnyFunction {
    const ask = (receiver: unknown, args: never[]): unknown => {
      this.#isAsking = true;
      try {
        return Reflect.apply(query, receiver, args);
      } finally {
        this.#isAsking = false;
      }
    };
    return function (this: unknown, ...args: never[]): unknown {
      return ask(this, args);
    };
  }
}

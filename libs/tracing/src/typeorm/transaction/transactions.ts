import { context } from '@opentelemetry/api';
import type { Link } from '@opentelemetry/api';
import type { EntityManager, QueryRunner } from 'typeorm';
import { contextKey } from '../../context-key.js';
import type { AnyFunction } from '../../span/record.js';
import type { SpanSite } from '../../span/span-site.js';
import { recordInto } from '../../span/record.js';
import { describeStatementError } from '../statement/statement-error.js';
import { TransactionSpan, transactionIn } from './transaction-span.js';
import type { TracedDatabase } from '../traced-database.js';

/** Marks the inside of `save()` and the like until the transaction of their own has started. */
const IMPLICIT = contextKey('typeorm implicit transaction');

const NONE: readonly TransactionSpan[] = [];

/**
 * The transactions of one DataSource. One with a callback has an active span around it, from its start
 * to its commit or rollback. One by hand has a span from `startTransaction()` to its end, or to the
 * release of its runner, which abandons it; its statements keep their parents and link to it.
 */
export class Transactions {
  readonly #traced: TracedDatabase;
  readonly #attachManagerOf: (runner: QueryRunner) => void;
  readonly #byHand = new Set<TransactionSpan>();
  /** What each runner is in the middle of, outermost first. */
  readonly #open = new WeakMap<QueryRunner, readonly TransactionSpan[]>();

  /** @param attachManagerOf traces the manager of a runner, unless it is traced already */
  constructor(traced: TracedDatabase, attachManagerOf: (runner: QueryRunner) => void) {
    this.#traced = traced;
    this.#attachManagerOf = attachManagerOf;
  }

  /** `manager.transaction(...)`. */
  around(original: AnyFunction, manager: EntityManager, args: readonly unknown[]): unknown {
    const site = this.#traced.startUp.site(this.#traced.options.requireParentSpan);
    if (site === undefined) return Reflect.apply(original, manager, args as never[]);
    const transaction = this.#begin(site, args[0], manager.queryRunner, true);
    return recordInto(transaction.recording, transaction.spec, original, manager, args);
  }

  /** `runner.startTransaction(...)`. */
  start(original: AnyFunction, runner: QueryRunner, args: readonly unknown[]): unknown {
    const call = (): unknown => Reflect.apply(original, runner, args as never[]);
    const transaction = this.#starting(runner, args[0]);
    if (transaction === undefined) return call();
    this.#attachManagerOf(runner);
    transaction.begun = true;
    this.#open.set(runner, [...this.#openOf(runner), transaction]);
    return whenSettled(call, undefined, (error) => {
      this.#close(runner, transaction);
      transaction.fail(error);
    });
  }

  /** `save()` and the like, whose own transaction has no span. */
  implicit(original: AnyFunction, manager: unknown, args: readonly unknown[]): unknown {
    const asked =
      this.#traced.options.implicitTransactions || this.#traced.startUp.site() === undefined;
    if (asked) return Reflect.apply(original, manager, args as never[]);
    const marked = context.active().setValue(IMPLICIT, { started: false });
    return context.with(marked, () => Reflect.apply(original, manager, args as never[]));
  }

  /** Returns the link to the transaction that a statement's runner is in, outside of its callback. */
  linksOf(runner: QueryRunner | undefined): Link[] | undefined {
    const transaction = runner && this.#open.get(runner)?.at(-1);
    if (transaction === undefined || transactionIn(context.active()) === transaction)
      return undefined;
    return [transaction.link()];
  }

  /** Ends what is left when the DataSource is destroyed. */
  abandonAll(): void {
    for (const transaction of this.#byHand) transaction.conclude('abandoned');
    this.#byHand.clear();
  }

  /** `runner.commitTransaction()`. */
  commit(original: AnyFunction, runner: QueryRunner, args: readonly unknown[]): unknown {
    const transaction = innermost(this.#openOf(runner));
    const call = (): unknown => Reflect.apply(original, runner, args as never[]);
    if (transaction === undefined) return call();
    return whenSettled(call, () => {
      this.#close(runner, transaction);
      transaction.conclude('committed');
    });
  }

  /** `runner.rollbackTransaction()`. */
  rollback(original: AnyFunction, runner: QueryRunner, args: readonly unknown[]): unknown {
    const transaction = innermost(this.#openOf(runner));
    const call = (): unknown => Reflect.apply(original, runner, args as never[]);
    if (transaction === undefined) return call();
    const close = (): void => this.#close(runner, transaction);
    return whenSettled(
      call,
      () => (close(), transaction.conclude('rolled_back')),
      (error) => (close(), transaction.fail(error)),
    );
  }

  /** `runner.release()`. The one runner that SQLite has is never released. */
  release(original: AnyFunction, runner: QueryRunner, args: readonly unknown[]): unknown {
    const result = Reflect.apply(original, runner, args as never[]) as unknown;
    if (runner.isReleased) this.#abandon(runner);
    return result;
  }

  #starting(runner: QueryRunner, isolation: unknown): TransactionSpan | undefined {
    const active = context.active();
    const around = transactionIn(active);
    if (around?.begun === false) return around;
    const implicit = active.getValue(IMPLICIT) as { started: boolean } | undefined;
    if (implicit?.started === false) {
      implicit.started = true;
      return undefined;
    }
    const site = this.#traced.startUp.site(this.#traced.options.requireParentSpan);
    return site && this.#begin(site, isolation, runner, false);
  }

  #begin(
    site: SpanSite,
    isolation: unknown,
    runner: QueryRunner | undefined,
    hasCallback: boolean,
  ): TransactionSpan {
    const { isolationLevel } = this.#traced.dataSource.options;
    const savepoint = runner?.isTransactionActive === true;
    const start = {
      attributes: this.#traced.attributes(),
      isolationLevel: typeof isolation === 'string' ? isolation : isolationLevel,
      savepoint,
      startUp: this.#traced.startUp.running,
      ...(hasCallback ? {} : { describeError: this.#describe }),
    };
    const transaction = new TransactionSpan(site, start, hasCallback);
    if (!hasCallback) this.#byHand.add(transaction);
    return transaction;
  }

  readonly #describe = (error: unknown) =>
    describeStatementError(error, this.#traced.options.errorMessages);

  #close(runner: QueryRunner, transaction: TransactionSpan): void {
    const left = this.#openOf(runner).filter((open) => open !== transaction);
    if (left.length === 0) this.#open.delete(runner);
    else this.#open.set(runner, left);
    this.#byHand.delete(transaction);
  }

  #openOf(runner: QueryRunner): readonly TransactionSpan[] {
    return this.#open.get(runner) ?? NONE;
  }

  #abandon(runner: QueryRunner): void {
    for (const transaction of this.#openOf(runner)) {
      this.#close(runner, transaction);
      transaction.conclude('abandoned');
    }
  }
}

/** SQLite's one runner may be in transactions of several callers: theirs is the one meant. */
function innermost(open: readonly TransactionSpan[]): TransactionSpan | undefined {
  const around = transactionIn(context.active());
  const own = open.findLast((each) => (each.hasCallback ? each : each.outer) === around);
  return own ?? open.at(-1);
}

async function whenSettled(
  call: () => unknown,
  succeeded: (() => void) | undefined,
  failed?: (error: unknown) => void,
): Promise<unknown> {
  try {
    const result = await call();
    succeeded?.();
    return result;
  } catch (error) {
    failed?.(error);
    throw error;
  }
}

import { context, createContextKey } from '@opentelemetry/api';
import type { Attributes, Link } from '@opentelemetry/api';
import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { AnyFunction, SpanSite } from '../span/record.js';
import { recordInto } from '../span/record.js';
import { describeStatementError } from './statement-error.js';
import { endingShadows } from './object-shadows.js';
import type { StartUp } from './start-up.js';
import { TransactionSpan, transactionIn } from './transaction-span.js';
import type { ResolvedTypeOrmTracingOptions } from './typeorm-tracing.options.js';

/** What a runner is in the middle of, outermost first. */
const OPEN = Symbol('nestjs-tracing:typeorm-transactions');

/** Marks the inside of `save()` and the like until the transaction of their own has started. */
const IMPLICIT = createContextKey('nestjs-tracing typeorm implicit transaction');

type TracedRunner = QueryRunner & { [OPEN]?: TransactionSpan[] };

/**
 * The transactions of one DataSource. One with a callback has an active span around it, from its start
 * to its commit or rollback. One by hand has a span from `startTransaction()` to its end, or to the
 * release of its runner, which abandons it; its statements keep their parents and link to it.
 */
export class Transactions {
  readonly #dataSource: DataSource;
  readonly #options: ResolvedTypeOrmTracingOptions;
  readonly #startUp: StartUp;
  readonly #attributes: () => Attributes;
  readonly #byHand = new Set<TransactionSpan>();
  /** Only a runner that has been in a transaction pays for what may end one. */
  readonly #endings = endingShadows({
    commitTransaction: (original, runner, args) => this.#commit(original, runner, args),
    rollbackTransaction: (original, runner, args) => this.#rollback(original, runner, args),
    release: (original, runner, args) => this.#release(original, runner, args),
  });

  /** @param attributes what is said of the database */
  constructor(
    dataSource: DataSource,
    options: ResolvedTypeOrmTracingOptions,
    startUp: StartUp,
    attributes: () => Attributes,
  ) {
    this.#dataSource = dataSource;
    this.#options = options;
    this.#startUp = startUp;
    this.#attributes = attributes;
  }

  /** `manager.transaction(...)`. */
  around(original: AnyFunction, manager: EntityManager, args: readonly unknown[]): unknown {
    const site = this.#startUp.site(this.#options.requireParentSpan);
    if (site === undefined) return Reflect.apply(original, manager, args as never[]);
    const transaction = this.#open(site, args[0], manager.queryRunner, true);
    return recordInto(transaction.recording, transaction.spec, original, manager, args);
  }

  /** `runner.startTransaction(...)`. */
  start(original: AnyFunction, runner: TracedRunner, args: readonly unknown[]): unknown {
    const call = (): unknown => Reflect.apply(original, runner, args as never[]);
    const transaction = this.#starting(runner, args[0]);
    if (transaction === undefined) return call();
    this.#endings.on(runner);
    transaction.begun = true;
    (runner[OPEN] ??= []).push(transaction);
    return whenSettled(call, undefined, (error) => {
      this.#close(runner, transaction);
      transaction.fail(error);
    });
  }

  /** `save()` and the like, whose own transaction has no span. */
  implicit(original: AnyFunction, manager: unknown, args: readonly unknown[]): unknown {
    const asked = this.#options.implicitTransactions || this.#startUp.site() === undefined;
    if (asked) return Reflect.apply(original, manager, args as never[]);
    const marked = context.active().setValue(IMPLICIT, { started: false });
    return context.with(marked, () => Reflect.apply(original, manager, args as never[]));
  }

  /** The links of a statement: to the transaction that its runner is in, unless it is in its callback. */
  linksOf(runner: TracedRunner | undefined): Link[] | undefined {
    const transaction = runner?.[OPEN]?.at(-1);
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
  #commit(original: AnyFunction, runner: TracedRunner, args: readonly unknown[]): unknown {
    const transaction = innermost(runner);
    const call = (): unknown => Reflect.apply(original, runner, args as never[]);
    if (transaction === undefined) return call();
    return whenSettled(call, () => {
      this.#close(runner, transaction);
      transaction.conclude('committed');
    });
  }

  /** `runner.rollbackTransaction()`. */
  #rollback(original: AnyFunction, runner: TracedRunner, args: readonly unknown[]): unknown {
    const transaction = innermost(runner);
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
  #release(original: AnyFunction, runner: TracedRunner, args: readonly unknown[]): unknown {
    const result = Reflect.apply(original, runner, args as never[]) as unknown;
    if (runner[OPEN] !== undefined && runner.isReleased) this.#abandon(runner);
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
    const site = this.#startUp.site(this.#options.requireParentSpan);
    return site && this.#open(site, isolation, runner, false);
  }

  #open(
    site: SpanSite,
    isolation: unknown,
    runner: QueryRunner | undefined,
    hasCallback: boolean,
  ): TransactionSpan {
    const { isolationLevel } = this.#dataSource.options;
    const savepoint = runner?.isTransactionActive === true;
    const start = {
      attributes: this.#attributes(),
      isolationLevel: typeof isolation === 'string' ? isolation : isolationLevel,
      savepoint,
      startUp: this.#startUp.running,
      ...(hasCallback ? {} : { describeError: this.#describe }),
    };
    const transaction = new TransactionSpan(site, start, hasCallback);
    if (!hasCallback) this.#byHand.add(transaction);
    return transaction;
  }

  readonly #describe = (error: unknown) =>
    describeStatementError(error, this.#options.errorMessages);

  #close(runner: TracedRunner, transaction: TransactionSpan): void {
    const left = runner[OPEN]?.filter((open) => open !== transaction);
    if (left === undefined || left.length === 0) delete runner[OPEN];
    else runner[OPEN] = left;
    this.#byHand.delete(transaction);
  }

  #abandon(runner: TracedRunner): void {
    for (const transaction of runner[OPEN] ?? []) {
      this.#close(runner, transaction);
      transaction.conclude('abandoned');
    }
  }
}

/** SQLite's one runner may be in transactions of several callers: theirs is the one meant. */
function innermost(runner: TracedRunner): TransactionSpan | undefined {
  const open = runner[OPEN];
  if (open === undefined) return undefined;
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

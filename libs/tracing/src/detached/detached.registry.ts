import { trace } from '@opentelemetry/api';
import { DETACHED_NAME, REJECTED_EVENT } from './detached.constants.js';
import { DetachedAccounts } from './detached-accounts.js';
import { DetachedRejectedError, ShutdownAbortError } from './detached.error.js';
import type { DetachedOutcome, DetachedStats } from './detached.interface.js';
import { OverflowReporter, reportFailure } from './detached-report.js';
import { DetachedRun } from './detached-run.js';
import type { RunObserver } from './detached-run.js';
import type { ResolvedDetached } from './detached-settings.js';

/** How a task that was let in begins. */
type Admission = 'start' | 'queue' | 'run-inline';

/**
 * Every task of one application between its registration and its end, held by a strong reference:
 * what nobody holds may be collected in mid-flight. Keeps the limits and the books.
 */
export class DetachedRegistry implements RunObserver {
  readonly settings: ResolvedDetached;
  readonly #accounts = new DetachedAccounts();
  readonly #overflows: OverflowReporter;
  readonly #running = new Set<DetachedRun>();
  readonly #pending = new Set<DetachedRun>();
  /** Runs that others began and that count for no limit: scheduled ones and event handlers. */
  readonly #tracked = new Set<DetachedRun>();
  #waiters: (() => void)[] = [];
  #state: 'open' | 'draining' | 'closed' = 'open';

  constructor(settings: ResolvedDetached) {
    this.settings = settings;
    this.#overflows = new OverflowReporter(settings);
  }

  /** Everything that has not ended. */
  get unfinished(): readonly DetachedRun[] {
    return [...this.#running, ...this.#tracked, ...this.#pending];
  }

  /**
   * Decides how a new task begins, before anything is made for it.
   *
   * @throws DetachedRejectedError after the stop, or if the limits are reached and the policy refuses it
   */
  admit(name: string): Admission {
    if (this.#isRefusing()) throw this.#refuse(name);
    const { maxConcurrent, maxPending } = this.settings;
    if (this.#running.size < maxConcurrent) return 'start';
    return this.#pending.size < maxPending ? 'queue' : this.#overflow(name);
  }

  /** Takes an admitted task in and lets it begin as was decided. */
  add(run: DetachedRun, admission: Admission): void {
    if (admission === 'queue') {
      this.#pending.add(run);
      return;
    }
    this.#running.add(run);
    if (admission === 'start') run.start();
    else run.runNow();
  }

  /** Runs at once what somebody else began, beside the limits; after the stop it is not waited for. */
  track(run: DetachedRun): void {
    if (this.#state !== 'closed') this.#tracked.add(run);
    run.runNow();
  }

  /** A tracked run fails to whoever began it: Nest logs that itself. */
  failed(run: DetachedRun, error: unknown): void {
    if (this.#running.has(run)) reportFailure(run, error);
  }

  ended(run: DetachedRun, outcome: DetachedOutcome): void {
    if (this.#running.delete(run) || this.#pending.delete(run)) this.#accounts.end(outcome);
    this.#tracked.delete(run);
    this.#startNext();
    if (this.#isIdle()) this.#tellIdle();
  }

  /** From now on only tasks that have not ended may detach further ones. */
  stopAccepting(): void {
    if (this.#state === 'open') this.#state = 'draining';
  }

  /** Resolves once nothing is left, tasks that were detached meanwhile included. */
  async idle(): Promise<void> {
    while (!this.#isIdle()) {
      await new Promise<void>((resolve) => this.#waiters.push(resolve));
    }
  }

  /** Ends what waits, tells the rest to stop and lets nothing in any more. Answers what had not ended. */
  abort(): readonly DetachedRun[] {
    this.#state = 'closed';
    const { unfinished } = this;
    const reason = new ShutdownAbortError();
    for (const run of unfinished) run.cancel(reason);
    return unfinished;
  }

  stats(): DetachedStats {
    return this.#accounts.snapshot(this.#running.size, this.#pending.size);
  }

  #isIdle(): boolean {
    return this.#running.size + this.#tracked.size + this.#pending.size === 0;
  }

  #isRefusing(): boolean {
    if (this.#state === 'open') return false;
    return this.#state === 'closed' || !DetachedRun.isInside();
  }

  #refuse(name: string): DetachedRejectedError {
    this.#accounts.refuse();
    return rejected(
      name,
      'stopped',
      'the application is shutting down and takes no new detached work. ' +
        'Await the work instead, or start it before app.close().',
    );
  }

  #overflow(name: string): Admission {
    const { overflow, maxConcurrent } = this.settings;
    this.#accounts.overflow(overflow);
    this.#overflows.report(name);
    if (overflow === 'run-inline') return 'run-inline';
    const [oldest] = this.#pending;
    if (overflow === 'drop-oldest' && oldest !== undefined) {
      oldest.drop();
      return 'queue';
    }
    throw rejected(
      name,
      'overflow',
      `${maxConcurrent} tasks run and ${this.#pending.size} wait. ` +
        'Raise detached.maxConcurrent or detached.maxPending, or choose another detached.overflow.',
    );
  }

  #startNext(): void {
    const [next] = this.#pending;
    if (next === undefined || this.#running.size >= this.settings.maxConcurrent) return;
    this.#pending.delete(next);
    this.#running.add(next);
    next.start();
  }

  #tellIdle(): void {
    const waiters = this.#waiters;
    this.#waiters = [];
    for (const resolve of waiters) resolve();
  }
}

/** A refusal is also to be seen on the span it was refused in. */
function rejected(
  name: string,
  reason: 'overflow' | 'stopped',
  cure: string,
): DetachedRejectedError {
  trace.getActiveSpan()?.addEvent(REJECTED_EVENT, { [DETACHED_NAME]: name });
  return new DetachedRejectedError(name, reason, cure);
}

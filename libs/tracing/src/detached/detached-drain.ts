import { setTimeout as delay } from 'node:timers/promises';
import { reportStragglers } from './detached-report.js';
import type { DetachedRegistry } from './detached.registry.js';

/** The parts of a shutdown's one deadline, in milliseconds since its first hook. */
interface ShutdownPlan {
  /** Until when tasks are waited for while the server still answers. */
  readonly early: number;
  /** Until when tasks are waited for at all. */
  readonly drain: number;
  /** How long tasks may take to obey their signal. */
  readonly grace: number;
  /** Kept for the flush. */
  readonly flush: number;
}

/** The last tenth, 1 second at most, is the flush's; of the drain half may go before the server closes. */
function planShutdown(timeoutMillis: number): ShutdownPlan {
  const flush = Math.min(1000, timeoutMillis / 10);
  const grace = Math.min(250, timeoutMillis / 20);
  const drain = timeoutMillis - flush - grace;
  return { early: drain / 2, drain, grace, flush };
}

/**
 * Drains an application's detached work in two steps, inside the one deadline that draining, flushing
 * and stopping share. Each step is done once, however often a hook is called.
 */
export class DetachedDrain {
  readonly #registry: DetachedRegistry;
  readonly #timeoutMillis: number;
  readonly #plan: ShutdownPlan;
  #begunAt: number | undefined;
  #early: Promise<void> | undefined;
  #final: Promise<void> | undefined;

  constructor(registry: DetachedRegistry, timeoutMillis: number) {
    this.#registry = registry;
    this.#timeoutMillis = timeoutMillis;
    this.#plan = planShutdown(timeoutMillis);
  }

  /** How many tasks run or wait to run. */
  get unfinished(): number {
    return this.#registry.unfinished.length;
  }

  /** Starts the deadline's clock; only the first call does. */
  begin(): void {
    this.#begunAt ??= performance.now();
  }

  /** Waits for the tasks that are there, while the server still answers and new ones are taken. */
  waitForPresent(): Promise<void> {
    this.begin();
    this.#early ??= this.#within(
      this.#plan.early,
      Promise.all(this.#registry.unfinished.map((run) => run.done)),
    ).then(() => undefined);
    return this.#early;
  }

  /** Takes no new tasks, waits until nothing is left, and at the deadline ends what is. */
  finish(): Promise<void> {
    this.begin();
    this.#final ??= this.#finish();
    return this.#final;
  }

  /** Returns what is left for the application's work: the rest of the deadline without the flush's share. */
  leftMillis(): number {
    return Math.max(0, Math.floor(this.#timeoutMillis - this.#plan.flush - this.#elapsed()));
  }

  /** Returns what the flush may take: the rest of the deadline, and never less than its share. */
  flushMillis(): number {
    return Math.ceil(Math.max(this.#plan.flush, this.#timeoutMillis - this.#elapsed()));
  }

  async #finish(): Promise<void> {
    this.#registry.stopAccepting();
    if (await this.#within(this.#plan.drain, this.#registry.idle())) return;
    const waited = this.#elapsed();
    const stragglers = this.#registry.abort();
    await this.#within(this.#elapsed() + this.#plan.grace, this.#registry.idle());
    for (const run of stragglers) run.abandon();
    reportStragglers(
      stragglers.filter(({ outcome }) => outcome !== 'ok'),
      waited,
    );
  }

  /** Whether work was done by a moment of the shutdown. The timer ends with it. */
  async #within(moment: number, work: Promise<unknown>): Promise<boolean> {
    const timer = new AbortController();
    const late = delay(Math.max(0, moment - this.#elapsed()), false, { signal: timer.signal });
    late.catch(() => undefined);
    try {
      return await Promise.race([work.then(() => true), late]);
    } finally {
      timer.abort();
    }
  }

  #elapsed(): number {
    return performance.now() - (this.#begunAt ?? performance.now());
  }
}

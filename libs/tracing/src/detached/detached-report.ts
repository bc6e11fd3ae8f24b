import { Logger } from '@nestjs/common';
import { isSpanContextValid } from '@opentelemetry/api';
import type { Span } from '@opentelemetry/api';
import { errorMessage, errorType } from '../span/exception.js';
import { guard } from '../span/guard.js';
import type { DetachedLimits } from './detached-settings.js';
import type { DetachedRun } from './detached-run.js';

/** How often an overflow is reported at most. */
const REPORT_EVERY_MILLIS = 30_000;

const logger = new Logger('Detached');

/** Says that a task has failed, in one line. Called in the task's context, so that the line has its ids. */
export function reportFailure(run: DetachedRun, error: unknown): void {
  const what = `${errorType(error)}: ${errorMessage(error)}`;
  const text = `Detached task "${run.name}" failed${traceOf(run.span)}: ${what}`;
  const stack = error instanceof Error ? error.stack : undefined;
  guard('logging the failure of a detached task', () =>
    stack === undefined ? logger.error(text) : logger.error(text, stack),
  );
}

/** Names the tasks that a shutdown did not wait for any longer. */
export function reportStragglers(stragglers: readonly DetachedRun[], waitedMillis: number): void {
  if (stragglers.length === 0) return;
  const names = stragglers.map(
    ({ name, outcome = '', ageMillis, span }) =>
      `"${name}" ${outcome.replace('_', ' ')} after ${ageMillis} ms${traceOf(span)}`,
  );
  logger.error(
    `Detached work was not done within ${Math.round(waitedMillis)} ms of the shutdown: ` +
      `${names.join('; ')}. ` +
      "Let it obey its task's signal, or raise shutdownTimeoutMillis.",
  );
}

/** Says that a `@Detached` method was not run, which its caller may not look at. */
export function reportRejection(error: unknown): void {
  logger.error(errorMessage(error));
}

/** Says that the limits are reached: at once at first, then at most every 30 seconds with the sum. */
export class OverflowReporter {
  readonly #limits: DetachedLimits;
  #count = 0;
  #reportedAt = -Infinity;

  constructor(limits: DetachedLimits) {
    this.#limits = limits;
  }

  report(task: string): void {
    this.#count += 1;
    const now = performance.now();
    if (now - this.#reportedAt < REPORT_EVERY_MILLIS) return;
    this.#reportedAt = now;
    const { maxConcurrent, maxPending, overflow } = this.#limits;
    logger.warn(
      `Detached work is over its limits (detached.maxConcurrent ${maxConcurrent}, detached.maxPending ` +
        `${maxPending}). Tasks beyond them: ${this.#count} (${overflow}), the last one "${task}".`,
    );
    this.#count = 0;
  }
}

function traceOf(span: Span): string {
  const spanContext = span.spanContext();
  return isSpanContextValid(spanContext) ? ` (trace ${spanContext.traceId})` : '';
}

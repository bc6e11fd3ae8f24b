import type { OptionCheck } from '../../options/check-options.js';
import { checkOptions, oneOf } from '../../options/check-options.js';

/**
 * How the jobs of an application's own queues are traced.
 *
 * @example
 * ```ts
 * new Worker('mails', processor, { connection, telemetry: tracedQueueTelemetry({ parent: 'child' }) });
 * ```
 */
export interface QueueTelemetryOptions {
  /** Whether an attempt is a trace of its own, linked to the span that added the job, or its child. Default: `link`, as the messaging conventions have it. */
  readonly parent?: 'link' | 'child';
  /** Whether jobs carry the baggage of where they were added. Default: true. */
  readonly baggage?: boolean;
}

/** The options with every default filled in. */
export type QueueTelemetrySettings = Required<QueueTelemetryOptions>;

const CHECKS: Readonly<Record<keyof QueueTelemetryOptions, OptionCheck>> = {
  parent: oneOf('link', 'child'),
  baggage: [(value) => typeof value === 'boolean', 'write true or false'],
};

/**
 * The one place where the defaults of the adapter are merged.
 *
 * @throws TracingConfigurationError naming the first wrong option and what to write instead
 */
export function resolveTelemetry(options: QueueTelemetryOptions): QueueTelemetrySettings {
  checkOptions(options, CHECKS);
  return { parent: options.parent ?? 'link', baggage: options.baggage ?? true };
}

import type * as z from 'zod';
import { flag, oneOf } from '../../validation/checks.js';
import { optionSchema } from '../../validation/option-schema.js';
import { readOptions } from '../../validation/read-options.js';

/**
 * How the jobs of an application's own queues are traced.
 *
 * @example
 * ```ts
 * new Worker('mails', processor, { connection, telemetry: tracedQueueTelemetry({ parent: 'child' }) });
 * ```
 */
export interface QueueTelemetryOptions {
  /**
   * Whether an attempt is a trace of its own, linked to the span that added the job, or its child.
   * Default: `link`, as the messaging conventions have it.
   */
  readonly parent?: 'link' | 'child';
  /** Whether jobs carry the baggage of where they were added. Default: true. */
  readonly baggage?: boolean;
}

export const telemetrySchema = optionSchema<QueueTelemetryOptions>()({
  parent: oneOf('link', 'child').default('link'),
  baggage: flag.default(true),
});

/** The options with every default filled in. */
export type QueueTelemetrySettings = z.output<typeof telemetrySchema>;

/**
 * Checks the options of the adapter and fills in the defaults.
 *
 * @throws TracingConfigurationError naming the first wrong option and what to write instead
 */
export function resolveTelemetry(options: QueueTelemetryOptions): QueueTelemetrySettings {
  return readOptions(telemetrySchema, options);
}

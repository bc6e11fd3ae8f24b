import { context } from '@opentelemetry/api';
import type { Processor } from 'bullmq';
import { jobSpanOf } from './queue-span.js';

/**
 * Wraps the processor of a worker whose `telemetry` is `tracedQueueTelemetry()`: the exception of a
 * failed attempt then has its class, stack and causes. BullMQ tells the adapter its message only.
 * Opens no span. Name and number of parameters stay, by which BullMQ decides whether to give a signal.
 *
 * @param processor the worker's processor
 * @returns the processor to give to the worker
 *
 * @example
 * ```ts
 * new Worker('mail', tracedProcessor(sendMail), { connection, telemetry: tracedQueueTelemetry() });
 * ```
 */
export function tracedProcessor<D, R, N extends string>(
  processor: Processor<D, R, N>,
): Processor<D, R, N> {
  const traced: Processor<D, R, N> = async function (this: unknown, ...args) {
    try {
      return await (Reflect.apply(processor, this, args) as Promise<R>);
    } catch (error) {
      jobSpanOf(context.active())?.threw(error);
      throw error;
    }
  };
  const { name, length } = processor;
  return Object.defineProperties(traced, { name: { value: name }, length: { value: length } });
}

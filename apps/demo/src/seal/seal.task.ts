import { scryptSync } from 'node:crypto';
import { trace } from '@opentelemetry/api';
import { defineTask } from 'nestjs-tracing/offload';
import { traceMixin } from 'nestjs-tracing/pino';
import { pino } from 'pino';

const tracer = trace.getTracer('lookup-demo');
const logger = pino({ mixin: traceMixin() });

/** What is stored about a key, in the order in which it is sealed. */
export interface SealInput {
  readonly key: string;
  readonly values: readonly string[];
}

/** Seals each value on top of the one before, so that no part can be changed and go unnoticed. */
export const seal = defineTask(
  import.meta.url,
  'seal',
  ({ key, values }: SealInput, { signal }): string => {
    let sealed: Buffer = Buffer.from(key);
    for (const value of values) {
      signal.throwIfAborted();
      sealed = stretch(value, sealed);
    }
    logger.info({ key, values: values.length }, 'values sealed');
    return sealed.toString('hex');
  },
);

/** Some ten milliseconds of pure computing: on the event loop every other request would wait. */
function stretch(value: string, salt: Buffer): Buffer {
  return tracer.startActiveSpan('stretch', (span) => {
    try {
      return scryptSync(value, salt, 32, { cost: 4096 });
    } finally {
      span.end();
    }
  });
}

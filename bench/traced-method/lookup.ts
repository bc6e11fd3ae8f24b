import { SpanStatusCode } from '@opentelemetry/api';
import type { Span as OpenTelemetrySpan } from '@opentelemetry/api';
import { Span } from 'nestjs-otel';
import { Traced } from 'nestjs-tracing';
import { handWrittenTracer } from '../stock-tracer.js';

const done = Promise.resolve();

/**
 * Defines a class with a sync method, an async one and one with an attribute from its argument, each
 * in four versions. By hand as OpenTelemetry's own documentation does it, with the tracer looked up
 * once and no second promise around the span's; the rivals give the attribute that `@Traced` always
 * sets.
 *
 * @see https://opentelemetry.io/docs/languages/js/instrumentation/#create-spans
 */
export function defineLookup() {
  const tracer = handWrittenTracer();
  class Lookup {
    offset = 1;

    bare(key: string): number {
      return key.length + this.offset;
    }

    async bareAsync(key: string): Promise<number> {
      await done;
      return key.length + this.offset;
    }

    handWritten(key: string): number {
      const attributes = { 'code.function.name': 'Lookup.handWritten' };
      return tracer.startActiveSpan('Lookup.handWritten', { attributes }, (span) => {
        try {
          return key.length + this.offset;
        } catch (error) {
          recordFailure(span, error as Error);
          throw error;
        } finally {
          span.end();
        }
      });
    }

    handWrittenAsync(key: string): Promise<number> {
      const attributes = { 'code.function.name': 'Lookup.handWrittenAsync' };
      return tracer.startActiveSpan('Lookup.handWrittenAsync', { attributes }, async (span) => {
        try {
          await done;
          return key.length + this.offset;
        } catch (error) {
          recordFailure(span, error as Error);
          throw error;
        } finally {
          span.end();
        }
      });
    }

    handWrittenArgument(key: string): number {
      const attributes = { 'code.function.name': 'Lookup.handWrittenArgument', 'lookup.key': key };
      return tracer.startActiveSpan('Lookup.handWrittenArgument', { attributes }, (span) => {
        try {
          return key.length + this.offset;
        } catch (error) {
          recordFailure(span, error as Error);
          throw error;
        } finally {
          span.end();
        }
      });
    }

    @Span('Lookup.nestjsOtel', { attributes: { 'code.function.name': 'Lookup.nestjsOtel' } })
    nestjsOtel(key: string): number {
      return key.length + this.offset;
    }

    @Span('Lookup.nestjsOtelAsync', {
      attributes: { 'code.function.name': 'Lookup.nestjsOtelAsync' },
    })
    async nestjsOtelAsync(key: string): Promise<number> {
      await done;
      return key.length + this.offset;
    }

    @Span('Lookup.nestjsOtelArgument', (key: string) => ({
      attributes: { 'code.function.name': 'Lookup.nestjsOtelArgument', 'lookup.key': key },
    }))
    nestjsOtelArgument(key: string): number {
      return key.length + this.offset;
    }

    @Traced()
    traced(key: string): number {
      return key.length + this.offset;
    }

    @Traced()
    async tracedAsync(key: string): Promise<number> {
      await done;
      return key.length + this.offset;
    }

    @Traced({ attributes: (key: string) => ({ 'lookup.key': key }) })
    tracedArgument(key: string): number {
      return key.length + this.offset;
    }
  }
  return Lookup;
}

function recordFailure(span: OpenTelemetrySpan, error: Error): void {
  span.recordException(error);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error.message });
}

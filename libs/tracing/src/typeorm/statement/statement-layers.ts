import { trace } from '@opentelemetry/api';
import type { Attributes, Span, TextMapPropagator } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import type { QueryRunner } from 'typeorm';
import type { AnyFunction } from '../../span/record.js';
import { ATTR_WAIT } from '../database/connections.js';
import type { DatabaseMetrics } from '../database/database-metrics.js';
import { withoutDriverSpan } from './driver-spans.js';
import { withTraceComment } from './sql-comment.js';
import { describeStatementError } from './statement-error.js';
import type { ResolvedTypeOrmTracingOptions } from '../typeorm-tracing.schema.js';

/** The call of a statement. */
export interface StatementCall {
  readonly runner: QueryRunner | undefined;
  readonly original: AnyFunction;
  readonly receiver: unknown;
  readonly args: readonly unknown[];
  /** Which argument is the text. */
  readonly textAt: number;
  /** The attributes of its span. */
  readonly attributes: Attributes;
  /** The span that it is issued in, which is the active one if it has none of its own. */
  readonly outer: Span | undefined;
}

/** What is done around the call of a statement, its span being active if it has one. */
export type StatementLayer = (call: StatementCall) => unknown;

/** The settings of layers. */
interface LayerSettings {
  readonly options: ResolvedTypeOrmTracingOptions;
  readonly metrics: DatabaseMetrics | undefined;
  readonly suppressDriver: boolean;
}

/** Returns the layers that the options ask for as one, or undefined if they ask for none. */
export function statementLayers(settings: LayerSettings): StatementLayer | undefined {
  const { sqlCommenter, slowQueryMillis, errorMessages } = settings.options;
  let layer: StatementLayer | undefined;
  if (settings.suppressDriver) layer = suppressed;
  if (sqlCommenter !== false) layer = commented(layer ?? plain, sqlCommenter);
  if (settings.metrics !== undefined || slowQueryMillis !== undefined) {
    layer = timed(layer ?? plain, settings.metrics, slowQueryMillis, errorMessages);
  }
  return layer;
}

function plain({ original, receiver, args }: StatementCall): unknown {
  return Reflect.apply(original, receiver, args as never[]);
}

function suppressed({ runner, original, receiver, args }: StatementCall): unknown {
  return withoutDriverSpan(runner, original, receiver, args);
}

function commented(next: StatementLayer, propagator: true | TextMapPropagator): StatementLayer {
  const own = propagator === true ? undefined : propagator;
  return (call) => {
    const args = [...call.args];
    args[call.textAt] = withTraceComment(args[call.textAt] as string, own);
    return next({ ...call, args });
  };
}

function timed(
  next: StatementLayer,
  metrics: DatabaseMetrics | undefined,
  slowQueryMillis = Infinity,
  errorMessages = false,
): StatementLayer {
  return async (call) => {
    const active = trace.getActiveSpan();
    const span = active === call.outer ? undefined : active;
    const startedAt = performance.now();
    const settled = (failure: Attributes): void => {
      const millis = performance.now() - startedAt;
      if (millis >= slowQueryMillis) markSlow(span, millis, slowQueryMillis);
      metrics?.recordOperation(millis, call.attributes, failure);
    };
    try {
      const result = await next(call);
      settled({});
      return result;
    } catch (error) {
      const { errorType, attributes } = describeStatementError(error, errorMessages);
      settled({ [ATTR_ERROR_TYPE]: errorType, ...attributes });
      throw error;
    }
  };
}

/** The database is not slow while a statement waits for a connection to it. */
function markSlow(span: Span | undefined, millis: number, slowQueryMillis: number): void {
  const { attributes } = (span ?? {}) as Partial<ReadableSpan>;
  const duration = millis - Number(attributes?.[ATTR_WAIT] ?? 0);
  if (duration >= slowQueryMillis) {
    span?.addEvent('slow query', { 'typeorm.query.duration_ms': duration });
  }
}

import { tracingChannel } from 'node:diagnostics_channel';
import { context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { DataSource, QueryRunner } from 'typeorm';
import type { AnyFunction } from '../../span/record.js';

interface WrappedMethod {
  readonly __wrapped?: boolean;
}

/** The driver packages that TypeORM has loaded. */
interface LoadedDrivers {
  readonly postgres?: { readonly Client?: { readonly prototype?: { query?: WrappedMethod } } };
  readonly mysql?: { readonly Connection?: { readonly prototype?: { query?: WrappedMethod } } };
}

const CHANNELS = ['mysql2:query', 'mysql2:execute'];

/**
 * Whether the driver makes spans of its own: an instrumentation has wrapped it, or somebody listens
 * to its diagnostics channels.
 */
export function driverMakesSpans({ driver }: DataSource): boolean {
  const { postgres, mysql } = driver as LoadedDrivers;
  if (postgres?.Client?.prototype?.query?.__wrapped === true) return true;
  if (mysql === undefined) return false;
  const wrapped = mysql.Connection?.prototype?.query?.__wrapped === true;
  return wrapped || CHANNELS.some((name) => tracingChannel(name).hasSubscribers);
}

/**
 * A statement without the driver's own span, so that there is one per statement. The connection is
 * acquired first, outside of the suppression: a socket keeps the context it was opened in for life.
 * Spans that subscribers of `beforeQuery` open are suppressed too.
 */
export async function withoutDriverSpan(
  runner: QueryRunner | undefined,
  query: AnyFunction,
  receiver: unknown,
  args: ArrayLike<unknown>,
): Promise<unknown> {
  if (runner?.isReleased === false) await runner.connect();
  const quiet = suppressTracing(context.active());
  return context.with(quiet, () => Reflect.apply(query, receiver, args as never[]));
}

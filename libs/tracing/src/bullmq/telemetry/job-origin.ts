import { createContextKey, propagation, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { nowMillis } from '../../offload/clock.js';
import type { TraceHeaders } from '../../offload/trace-headers.js';
import { readHeaders, writeHeaders } from '../../offload/trace-headers.js';
import { guard } from '../../span/guard.js';
import { handOverLink } from '../linked-scope.js';
import type { QueueTelemetrySettings } from './queue-telemetry.options.js';

const ORIGIN = createContextKey('nestjs-tracing origin of a job');
const AGAIN = createContextKey('nestjs-tracing job that is queued again');

/** What a job carries: where it was added. The headers are where other adapters look for them, too. */
interface Metadata extends TraceHeaders {
  /** Milliseconds since the epoch, with a fraction. */
  readonly sentAt?: number;
}

/** Where a job came from, as its attempt sees it. */
export interface JobOrigin {
  readonly metadata: string;
  readonly sentAt: number | undefined;
}

/** What a job is to carry, added in a context. One that is tried again carries what it always has. */
export function metadataOf(scope: Context, { baggage }: QueueTelemetrySettings): string {
  const origin = originOf(scope);
  if (scope.getValue(AGAIN) === true && origin !== undefined) return origin.metadata;
  const carried = baggage ? scope : propagation.deleteBaggage(scope);
  const metadata: Metadata = { ...writeHeaders(carried), sentAt: nowMillis() };
  return JSON.stringify(metadata);
}

/** The context of the attempts at a job: nothing of the worker's own, all of what the job carries. */
export function contextOf(metadata: string, { parent }: QueueTelemetrySettings): Context {
  const read = guard('reading the metadata of a job', () => JSON.parse(metadata) as Metadata);
  const { sentAt, ...headers } = read ?? {};
  const remote = readHeaders(headers, 'remote');
  const scope = parent === 'child' ? remote : linked(remote);
  return scope.setValue(ORIGIN, { metadata, sentAt } satisfies JobOrigin);
}

/** Where the job of a context came from. */
export function originOf(scope: Context): JobOrigin | undefined {
  return scope.getValue(ORIGIN) as JobOrigin | undefined;
}

/** A context in which a job is put back, not added. */
export function putBack(scope: Context): Context {
  return scope.setValue(AGAIN, true);
}

function linked(remote: Context): Context {
  const origin = trace.getSpanContext(remote);
  const root = trace.deleteSpan(remote);
  return origin === undefined ? root : handOverLink(root, origin);
}

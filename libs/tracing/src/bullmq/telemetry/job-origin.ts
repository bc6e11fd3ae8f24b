import { propagation } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { contextKey } from '../../context-key.js';
import { nowMillis } from '../../offload/clock.js';
import type { TraceHeaders } from '../../propagation/trace-headers.js';
import { readHeaders, writeHeaders } from '../../propagation/trace-headers.js';
import { guard } from '../../span/guard.js';
import { asLinkedRoot } from '../../entry/remote-parent.js';
import type { QueueTelemetrySettings } from './queue-telemetry.options.js';

const ORIGIN = contextKey('origin of a job');
const AGAIN = contextKey('job that is queued again');

/** Says where a job was added. The headers are where other adapters look for them, too. */
interface Metadata extends TraceHeaders {
  /** Milliseconds since the epoch, with a fraction. */
  readonly sentAt?: number;
}

/** Says where a job came from, as its attempt sees it. */
interface JobOrigin {
  readonly metadata: string;
  readonly sentAt: number | undefined;
}

/** Writes what a job carries that is added in a context. One that is tried again keeps what it has. */
export function metadataOf(context: Context, { baggage }: QueueTelemetrySettings): string {
  const origin = originOf(context);
  if (context.getValue(AGAIN) === true && origin !== undefined) return origin.metadata;
  const carried = baggage ? context : propagation.deleteBaggage(context);
  const metadata: Metadata = { ...writeHeaders(carried), sentAt: nowMillis() };
  return JSON.stringify(metadata);
}

/** Makes the context of the attempts at a job: nothing of the worker's own, all that the job carries. */
export function contextOf(metadata: string, { parent }: QueueTelemetrySettings): Context {
  const read = guard('reading the metadata of a job', () => JSON.parse(metadata) as Metadata);
  const { sentAt, ...headers } = read ?? {};
  const remote = readHeaders(headers, 'remote');
  const context = parent === 'child' ? remote : asLinkedRoot(remote);
  return context.setValue(ORIGIN, { metadata, sentAt } satisfies JobOrigin);
}

/** Returns where the job of a context came from. */
export function originOf(context: Context): JobOrigin | undefined {
  return context.getValue(ORIGIN) as JobOrigin | undefined;
}

/** Returns a context in which a job is put back, not added. */
export function putBack(context: Context): Context {
  return context.setValue(AGAIN, true);
}

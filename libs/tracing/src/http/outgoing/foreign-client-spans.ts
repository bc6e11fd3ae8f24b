import { channel } from 'node:diagnostics_channel';
import http from 'node:http';
import { SpanKind, trace } from '@opentelemetry/api';

/** Whether somebody else listens already. To be asked before anything of ours subscribes. */
export function isWatched(name: string): boolean {
  return channel(name).hasSubscribers;
}

let known: typeof http.request | undefined;
let knownIsPatched = false;

/** Whether `http.request` is somebody's wrapper. Node's own makes a `ClientRequest` and does nothing else. */
export function isNodeClientPatched(): boolean {
  const { request } = http;
  if (request !== known) {
    known = request;
    knownIsPatched = !Function.prototype.toString.call(request).includes('new ClientRequest');
  }
  return knownIsPatched;
}

/** Whether OpenTelemetry's instrumentation has opened a span for the request that is being made. */
export function isHttpClientSpanActive(): boolean {
  const span = trace.getActiveSpan() as
    { kind?: SpanKind; instrumentationScope?: { name?: string } } | undefined;
  return (
    span?.kind === SpanKind.CLIENT &&
    /instrumentation-(?:http|undici)/.test(span.instrumentationScope?.name ?? '')
  );
}

import { SpanKind, context, propagation } from '@opentelemetry/api';
import type { Attributes, Context } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import {
  ATTR_HTTP_REQUEST_METHOD,
  ATTR_HTTP_REQUEST_METHOD_ORIGINAL,
  ATTR_SERVER_ADDRESS,
  ATTR_SERVER_PORT,
  ATTR_URL_FULL,
} from '@opentelemetry/semantic-conventions';
import { openSpan } from '../../span/record.js';
import type { SpanRecording } from '../../span/recording.js';
import { defaultPort } from '../host-and-port.js';
import type { OutgoingHttpOptions } from '../http-options.interface.js';
import { createUrlRedaction } from '../../redaction/redact-url.js';
import { requestMethod } from '../request-method.js';
import { ClientSpan } from './client-span.js';
import { destinationRule } from './destinations.js';
import type { CarriedTrace } from './foreign-client-spans.js';
import type { RequestTarget } from './request-target.js';

/** A request that is about to go out. */
interface ClientCall {
  readonly method: string;
  readonly target: RequestTarget;
  setHeader(name: string, value: string): void;
}

/** Returns how the span of a request that was made is opened, or undefined if it is not to have one. */
export type OpenForRequest = (request: object, carried: CarriedTrace) => OpenClientSpan | undefined;

/** Opens the CLIENT span of one request and gives the request its headers. */
export type OpenClientSpan = (call: ClientCall) => ClientSpan | undefined;

/**
 * Makes the opening of CLIENT spans by an application's options. To be called in the task that makes
 * the request: the span that is active there is the parent.
 */
export function clientSpans(options: Required<OutgoingHttpOptions>): OpenClientSpan {
  const ignores = destinationRule(options.ignore, 'http.outgoing.ignore');
  const carryTrace = destinationRule(options.propagateTo, 'http.outgoing.propagateTo');
  const carryBaggage = destinationRule(options.baggageTo, 'http.outgoing.baggageTo');
  const redaction = createUrlRedaction(options.redactQuery);
  return (call) => {
    const active = context.active();
    const { url, via } = call.target;
    if (isTracingSuppressed(active) || ignores(url)) return undefined;
    const isFor = (rule: (host: URL) => boolean) => rule(url) && (via === undefined || rule(via));
    const recording = openClientSpan(call, redaction.url(url));
    const ctx = recording?.context ?? active;
    const carried = isFor(carryBaggage) ? ctx : propagation.deleteBaggage(ctx);
    if (isFor(carryTrace)) inject(carried, call);
    else if (carried === ctx) injectBaggage(ctx, call);
    return recording && new ClientSpan(recording);
  };
}

function openClientSpan(
  { method: given, target: { url, address } }: ClientCall,
  full: string,
): SpanRecording | undefined {
  const { method, original, inName } = requestMethod(given);
  const attributes: Attributes = {
    [ATTR_HTTP_REQUEST_METHOD]: method,
    [ATTR_URL_FULL]: full,
    [ATTR_SERVER_ADDRESS]: address ?? url.hostname.replace(/^\[|\]$/g, ''),
    [ATTR_SERVER_PORT]: url.port === '' ? defaultPort(url.protocol.slice(0, -1)) : Number(url.port),
  };
  if (original !== undefined) attributes[ATTR_HTTP_REQUEST_METHOD_ORIGINAL] = original;
  return openSpan({ name: inName, options: { kind: SpanKind.CLIENT, attributes } });
}

const SETTER = {
  set: (call: ClientCall, name: string, value: string) => call.setHeader(name, value),
};

function inject(ctx: Context, call: ClientCall): void {
  propagation.inject(ctx, call, SETTER);
}

/** Baggage to a host that gets no trace context. */
function injectBaggage(ctx: Context, call: ClientCall): void {
  propagation.inject(ctx, call, {
    set: (target: ClientCall, name, value) => {
      if (name === 'baggage') target.setHeader(name, value);
    },
  });
}

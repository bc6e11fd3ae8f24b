import { SpanKind, SpanStatusCode, context, trace } from '@opentelemetry/api';
import type { Attributes, Context, Span } from '@opentelemetry/api';
import { isTracingSuppressed } from '@opentelemetry/core';
import { ATTR_ERROR_TYPE } from '@opentelemetry/semantic-conventions';
import { guard } from '../../../span/guard.js';
import { openSpan } from '../../../span/record.js';
import type { SpanRecording } from '../../../span/recording.js';
import { shadowMethod } from '../../../span/results/own-method.js';
import { carrierNames, MESSAGE_CARRIER } from '../../carriers/read-carrier.js';
import { fieldsFor } from '../../carriers/write-carrier.js';
import { RPC, describeGrpcCall } from '../../conventions.js';
import type { OutgoingPolicy } from '../../outgoing/outgoing-policy.js';
import type { GrpcStatus } from '../grpc-status.js';
import { statusName } from '../grpc-status.js';

/** Told of what a server answers: `InterceptingListener` of `@grpc/grpc-js`. */
interface ClientListener {
  onReceiveMetadata(metadata: object): void;
  onReceiveMessage(message: unknown): void;
  onReceiveStatus(status: GrpcStatus): void;
}

/** One call on the client's side: `InterceptingCallInterface` of `@grpc/grpc-js`. */
export interface ClientCall {
  start(metadata: Metadata, listener?: Partial<ClientListener>): void;
  cancelWithStatus(status: number, details: string): void;
}

interface Metadata {
  clone(): Metadata;
  set(name: string, value: string): void;
}

/** How the calls of a client are traced. */
interface CallTracing {
  readonly method: string;
  readonly server: Attributes;
  readonly policy: OutgoingPolicy;
  /** Told of a call that somebody else has opened a span for. */
  readonly foreign: () => void;
}

/**
 * Gives a call its CLIENT span, from its start to its status, and its metadata the trace context. What the
 * server answers is delivered in the context of whoever called.
 */
export function traceClientCall(call: ClientCall, tracing: CallTracing): void {
  const { start, cancelWithStatus } = call;
  const ends = new CallEnds();
  shadowMethod(call, 'start', (metadata: Metadata, listener?: Partial<ClientListener>) => {
    const caller = context.active();
    const carried = guard('tracing a call', () => begin(caller, metadata, ends, tracing));
    Reflect.apply(start, call, [carried ?? metadata, ends.hearing(caller, listener)]);
  });
  shadowMethod(call, 'cancelWithStatus', (status: number, details: string) => {
    ends.isCancelled = true;
    Reflect.apply(cancelWithStatus, call, [status, details]);
  });
}

/** Answers metadata for the call: the application's own is not changed. */
function begin(
  caller: Context,
  metadata: Metadata,
  ends: CallEnds,
  tracing: CallTracing,
): Metadata {
  if (isTracingSuppressed(caller)) return metadata;
  if (isForeign(trace.getSpan(caller), metadata)) {
    tracing.foreign();
    return metadata;
  }
  const { name, attributes } = describeGrpcCall(tracing.method);
  const options = { kind: SpanKind.CLIENT, attributes: { ...attributes, ...tracing.server } };
  ends.recording = openSpan({ name, options });
  if (!tracing.policy.propagates(tracing.method)) return metadata;
  const fields = fieldsFor(ends.recording?.context ?? caller, metadata);
  if (fields === undefined) return metadata;
  const carrying = metadata.clone();
  for (const [field, value] of Object.entries(fields)) carrying.set(field, value);
  return carrying;
}

/** instrumentation-grpc opens its span around the call, and writes that into the metadata. */
function isForeign(active: Span | undefined, metadata: Metadata): boolean {
  const { kind, instrumentationScope } = (active ?? {}) as {
    readonly kind?: SpanKind;
    readonly instrumentationScope?: { readonly name?: string };
  };
  if (active === undefined || kind !== SpanKind.CLIENT) return false;
  if (/instrumentation-grpc/.test(instrumentationScope?.name ?? '')) return true;
  const { spanId } = active.spanContext();
  const values = carrierNames(metadata).map((name) => MESSAGE_CARRIER.get(metadata, name));
  return values.some((value) => String(value).includes(spanId));
}

/** Ends the span of a call by its status. */
class CallEnds {
  recording: SpanRecording | undefined;
  isCancelled = false;

  /** A listener that hears all in the context of the caller, when the span has had its share. */
  hearing(caller: Context, listener: Partial<ClientListener> | undefined): ClientListener {
    return {
      onReceiveMetadata: (metadata) =>
        context.with(caller, () => listener?.onReceiveMetadata?.(metadata)),
      onReceiveMessage: (message) =>
        context.with(caller, () => listener?.onReceiveMessage?.(message)),
      onReceiveStatus: (status) => {
        guard('ending the span of a call', () => this.#end(status));
        context.with(caller, () => listener?.onReceiveStatus?.(status));
      },
    };
  }

  #end({ code, details = '' }: GrpcStatus): void {
    const { recording } = this;
    if (recording === undefined) return;
    const { span } = recording;
    const name = statusName(code);
    span.setAttribute(RPC.statusCode, name);
    if (code === 0) recording.succeed(undefined);
    else if (name === 'CANCELLED' && this.isCancelled) recording.callOff('unsubscribed');
    else {
      span.setAttribute(ATTR_ERROR_TYPE, name);
      span.setStatus({ code: SpanStatusCode.ERROR, message: details });
      recording.end();
    }
  }
}

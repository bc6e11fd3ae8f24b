import { ROOT_CONTEXT, context } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { suppressTracing } from '@opentelemetry/core';
import type { Entry } from '../../../entry/entry.js';
import { guard } from '../../../span/guard.js';
import { shadowMethod } from '../../../span/results/own-method.js';
import type { GrpcStatus } from '../grpc-status.js';
import { CallEnds } from './call-ends.js';
import type { EndingCall } from './call-ends.js';

/** Told of what a client sends: `InterceptingServerListener` of `@grpc/grpc-js`. */
interface ServerListener {
  onReceiveMetadata(metadata: object): void;
  onReceiveMessage(message: unknown): void;
  onReceiveHalfClose(): void;
  onCancel(): void;
}

/** One call on the server's side: `ServerInterceptingCallInterface` of `@grpc/grpc-js`. */
export interface ServerCall extends EndingCall {
  start(listener: ServerListener): void;
  sendMessage(message: unknown, callback: () => void): void;
  sendStatus(status: GrpcStatus): void;
}

/** Work without spans, whatever called it. */
const IGNORED = suppressTracing(ROOT_CONTEXT);

/** Runs everything of a call without spans. */
export function ignoreCall(call: ServerCall): void {
  replaceStart(call, (listener) => inContext(listener, () => IGNORED));
}

/**
 * Runs everything of a call in its entry's context: guards and handler are called when the message of the
 * client has come, or when it has sent its last one. The entry ends with the status, or when the client
 * cancels before there is one.
 *
 * @param open opens the entry, by the metadata of the client
 * @param isShutDown whether the server has cut off all its calls
 */
export function traceCall(
  call: ServerCall,
  open: (metadata: object) => Entry,
  isShutDown: () => boolean,
): void {
  const ends = new CallEnds(call, isShutDown);
  const current = (): Context => ends.entry?.context ?? context.active();
  replaceStart(call, (listener) => {
    const bound = inContext(listener, current);
    return {
      ...bound,
      // With one parameter, or it is taken for a listener of another kind.
      onReceiveMetadata: (metadata) => {
        ends.follow(guard('tracing a call', () => open(metadata)));
        bound.onReceiveMetadata(metadata);
      },
      onReceiveHalfClose: () => {
        ends.halfClosed();
        bound.onReceiveHalfClose();
      },
      onCancel: () => {
        guard('ending the span of a call', () => ends.cancelled());
        bound.onCancel();
      },
    };
  });
  replaceSendStatus(call, (status) => ends.answered(status));
  replaceSendMessage(call, current);
}

function replaceSendStatus(call: ServerCall, end: (status: GrpcStatus) => void): void {
  const { sendStatus } = call;
  shadowMethod(call, 'sendStatus', (status: GrpcStatus) => {
    guard('ending the span of a call', () => end(status));
    Reflect.apply(sendStatus, call, [status]);
  });
}

function replaceSendMessage(call: ServerCall, ctx: () => Context): void {
  const { sendMessage } = call;
  shadowMethod(call, 'sendMessage', (message: unknown, callback: () => void) => {
    const bound = typeof callback === 'function' ? context.bind(ctx(), callback) : callback;
    Reflect.apply(sendMessage, call, [message, bound]);
  });
}

function replaceStart(call: ServerCall, wrap: (listener: ServerListener) => ServerListener): void {
  const { start } = call;
  shadowMethod(call, 'start', (listener: ServerListener) => {
    Reflect.apply(start, call, [wrap(listener)]);
  });
}

function inContext(listener: ServerListener, ctx: () => Context): ServerListener {
  return {
    onReceiveMetadata: (metadata) =>
      context.with(ctx(), () => listener.onReceiveMetadata(metadata)),
    onReceiveMessage: (message) => context.with(ctx(), () => listener.onReceiveMessage(message)),
    onReceiveHalfClose: () => context.with(ctx(), () => listener.onReceiveHalfClose()),
    onCancel: () => context.with(ctx(), () => listener.onCancel()),
  };
}

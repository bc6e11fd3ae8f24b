import { context, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import type { SpanSpec } from '../span/recording.js';
import { SpanRecording } from '../span/recording.js';
import { guard } from '../span/guard.js';
import type { AnyFunction } from '../span/record.js';
import type { SpanSite } from '../span/span-site.js';
import { settle } from '../span/results/settle.js';

type Next = (...args: unknown[]) => unknown;

/** What is used of Node's response. */
interface NodeResponse {
  readonly writableEnded: boolean;
  once(event: 'close', listener: () => void): void;
}

/** The arguments of a middleware's `use`. */
type MiddlewareArgs = [request: object, response: NodeResponse, next: Next, ...further: unknown[]];

/** Express's words to `next` that are no errors. */
const SIGNALS = new Set<unknown>(['route', 'router']);

/** Whether this is a call of a middleware's `use`, whose `next` runs all that comes after it. */
export function isMiddlewareCall(method: AnyFunction, args: readonly unknown[]): boolean {
  if (method.name !== 'use' || typeof args[2] !== 'function') return false;
  const response = args[1] as Partial<NodeResponse> | null | undefined;
  const isResponse = () =>
    typeof response?.writableEnded === 'boolean' && typeof response.once === 'function';
  return guard('looking at the arguments of use()', isResponse) === true;
}

/**
 * Calls a middleware inside a span that ends when it calls `next`: what comes after is no part of it,
 * and runs under the span that was active before. One that answers instead ends with the response.
 */
export function recordMiddleware(
  site: SpanSite,
  spec: SpanSpec,
  method: AnyFunction,
  receiver: unknown,
  given: readonly unknown[],
): unknown {
  const [request, response, next, ...further] = given as MiddlewareArgs;
  const recording = new SpanRecording(site.tracer, spec, site.parent);
  let isOver = false;
  const passOn = (...args: unknown[]): unknown => {
    isOver = true;
    endWith(recording, args[0]);
    return context.with(without(recording, site.parent), next, undefined, ...args);
  };
  const result = call(recording, method, receiver, [request, response, passOn, ...further]);
  if (result !== undefined) return settle(result, recording);
  if (!isOver) endWithResponse(recording, response);
  return undefined;
}

function call(
  recording: SpanRecording,
  method: AnyFunction,
  receiver: unknown,
  args: readonly unknown[],
): unknown {
  try {
    return recording.run(method, receiver, args);
  } catch (error) {
    recording.fail(error);
    throw error;
  }
}

function endWith(recording: SpanRecording, error: unknown): void {
  if (Boolean(error) && !SIGNALS.has(error)) recording.fail(error);
  else recording.succeed(undefined);
}

/** Neither passed on nor a promise: it has answered, or is going to do one of both. */
function endWithResponse(recording: SpanRecording, response: NodeResponse): void {
  if (response.writableEnded) recording.succeed(undefined);
  else response.once('close', () => recording.succeed(undefined));
}

/** The active context, under the span that was active before ours. */
function without(recording: SpanRecording, parent: Context): Context {
  const active = context.active();
  if (trace.getSpan(active) !== recording.span) return active;
  const outer = trace.getSpan(parent);
  return outer === undefined ? trace.deleteSpan(active) : trace.setSpan(active, outer);
}

import { context, trace } from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { unanswered } from '../detached/detach.js';
import { standIn } from '../decorators/stand-in.js';
import type { AnyFunction } from '../span/record.js';
import { recordInto } from '../span/record.js';
import { spanSite } from '../span/span-site.js';
import type { SpanSpec } from '../span/recording.js';
import { SpanRecording } from '../span/recording.js';
import { shadowMethod } from '../span/results/own-method.js';
import type { BusTracing } from './bus-tracing.interface.js';
import type { ExecutingBus } from './buses.js';
import { ATTR_CODE_FUNCTION_NAME, ATTR_NAME, ATTR_TYPE } from './cqrs.constants.js';
import { withoutDispatch } from './event-dispatch.js';
import { runFollowed } from './followed-run.js';
import { messageName } from './message-name.js';
import { originLinks, withoutOrigins } from './saga-origins.js';

type MessageType = 'command' | 'query';

/** Gives what a bus executes a span. Returns what takes that back. */
export function traceExecutions(
  bus: ExecutingBus,
  type: MessageType,
  tracing: BusTracing,
): (() => void) | undefined {
  // oxlint-disable-next-line typescript/unbound-method -- it is called with whatever receiver it gets
  const original = bus.execute as AnyFunction;
  const execution = (receiver: unknown, args: never[]): unknown =>
    execute(tracing, type, original, receiver, args);
  return shadowMethod(bus, 'execute', standIn(original, execution));
}

function execute(
  tracing: BusTracing,
  type: MessageType,
  original: AnyFunction,
  receiver: unknown,
  args: never[],
): unknown {
  const [message] = args as unknown[];
  const ofSaga = tracing.origins.isOfSaga(message);
  const site = spanSite();
  const name = messageName(message, type);
  const spec = specOf(tracing, type, name, message, site?.parent ?? context.active());
  const read = ofSaga ? unanswered(spec) : spec;
  const recording = site && new SpanRecording(site.tracer, read, ownContext(site.parent));
  const call = (): unknown =>
    recording === undefined
      ? Reflect.apply(original, receiver, args)
      : recordInto(recording, read, original, receiver, args);
  if (!ofSaga) return call();
  const ctx = recording?.context ?? context.active();
  return runFollowed({ name, context: ctx, recording, call }, tracing.registry);
}

function specOf(
  tracing: BusTracing,
  type: MessageType,
  name: string,
  message: unknown,
  parent: Context,
): SpanSpec {
  const handler = tracing.handlerOf(message);
  const attributes = {
    [ATTR_TYPE]: type,
    [ATTR_NAME]: name,
    ...(handler === undefined ? {} : { [ATTR_CODE_FUNCTION_NAME]: handler }),
  };
  const links = originLinks(parent, trace.getSpanContext(parent));
  return { name, options: links.length === 0 ? { attributes } : { attributes, links } };
}

/** What a handler publishes or commands in its turn has nothing to do with what it came of. */
function ownContext(parent: Context): Context {
  return withoutOrigins(withoutDispatch(parent));
}

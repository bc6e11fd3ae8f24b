import { ROOT_CONTEXT, SpanKind, context } from '@opentelemetry/api';
import type { Attributes, Context } from '@opentelemetry/api';
import type { ContextManager, Span, Telemetry, Tracer } from 'bullmq';
import { roundMillis } from '../../round-millis.js';
import { nowMillis } from '../../offload/clock.js';
import { registeredTracer } from '../../span/registered-provider.js';
import { spanSite } from '../../span/span-site.js';
import type { SpanSpec } from '../../span/recording.js';
import { SpanRecording } from '../../span/recording.js';
import { isQueueOperation, messagingAttributes } from '../messaging.js';
import type { QueueOperation } from '../messaging.js';
import { FlowSpan, flowOf } from './flow-span.js';
import { contextOf, metadataOf, originOf, putBack } from './job-origin.js';
import { NoSpan, QueueSpan } from './queue-span.js';
import type { QueueTelemetryOptions, QueueTelemetrySettings } from './queue-telemetry.options.js';
import { resolveTelemetry } from './queue-telemetry.options.js';

const QUEUE_WAIT = 'async.task.queue_wait_ms';

/** Lists the operations that put a job back into its queue: it stays the job that was added. */
const PUTTING_BACK = new Set(['retry', 'delay', 'fail']);

/** Lists the operations that put several jobs together, each with a span, before they ask Redis. */
const ADDING_FLOWS = new Set(['addFlow', 'addBulkFlows']);

/**
 * Traces an application's own BullMQ queues, through the interface that BullMQ has for it: give it to
 * queues, flow producers and workers as `telemetry`.
 *
 * `add <queue>` (PRODUCER) starts with `queue.add()` and ends when Redis has the job or has refused
 * it, which is an ERROR; `addBulk <queue>` alike. `flow.add()` and `flow.addBulk()` have a span
 * `addNode <queue>` for each job, all of which end when Redis has taken the flow or refused it. BullMQ
 * checks a flow and waits for its connection before it tells the adapter of it: what fails there has
 * no span of its own.
 *
 * Every attempt has its span `process <queue>` (CONSUMER), from when a worker has the job until its
 * outcome is stored: a trace of its own, linked to where the job was added, or its child with
 * `parent: 'child'`. A failed attempt is an ERROR with its exception; `tracedProcessor()` adds its
 * class and stack. What BullMQ does between jobs has no spans, and a worker made inside a span does
 * not join it.
 *
 * BullMQ 6 brings no Redis client: install `ioredis` beside it.
 *
 * @param options parent or link, and whether baggage travels
 * @returns what queues, flow producers and workers take as `telemetry`
 * @throws TracingConfigurationError naming the first wrong option and what to write instead
 *
 * @see https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/
 *
 * @example
 * ```ts
 * BullModule.forRoot({ connection, telemetry: tracedQueueTelemetry() })
 * ```
 */
export function tracedQueueTelemetry(options: QueueTelemetryOptions = {}): Telemetry<Context> {
  const settings = resolveTelemetry(options);
  return { tracer: tracerOf(), contextManager: contextManagerOf(settings) };
}

function contextManagerOf(settings: QueueTelemetrySettings): ContextManager<Context> {
  return {
    with: (ctx, fn) => context.with(ctx, fn) as ReturnType<typeof fn>,
    active: () => context.active(),
    root: () => ROOT_CONTEXT,
    getMetadata: (ctx) => metadataOf(ctx, settings),
    fromMetadata: (_active, metadata) => contextOf(metadata, settings),
  };
}

function tracerOf(): Tracer<Context> {
  return {
    startSpan(name, _options, ctx): Span<Context> {
      const [operation = ''] = name.split(' ');
      if (PUTTING_BACK.has(operation)) return new NoSpan(putBack);
      if (ADDING_FLOWS.has(operation)) return new FlowSpan();
      if (!isQueueOperation(operation)) return new NoSpan();
      return operation === 'process' ? openConsumer(name, ctx) : openProducer(name, operation);
    },
  };
}

function openProducer(name: string, operation: QueueOperation): Span<Context> {
  const site = spanSite();
  if (site === undefined) return new NoSpan();
  const spec = specOf(name, SpanKind.PRODUCER, messagingAttributes(operation));
  const recording = new SpanRecording(site.tracer, spec, site.parent);
  const flow = operation === 'addNode' ? flowOf(site.parent) : undefined;
  const span = new QueueSpan(operation, recording, flow);
  flow?.keepOpen(span);
  return span;
}

/** A job that carries nothing is nobody's child, whatever is active in the worker's loop. */
function openConsumer(name: string, ctx: Context = ROOT_CONTEXT): Span<Context> {
  const tracer = registeredTracer();
  if (tracer === undefined) return new NoSpan(() => ctx);
  const sentAt = originOf(ctx)?.sentAt;
  const spec = specOf(name, SpanKind.CONSUMER, {
    ...messagingAttributes('process'),
    ...(sentAt === undefined
      ? {}
      : { [QUEUE_WAIT]: roundMillis(Math.max(0, nowMillis() - sentAt)) }),
  });
  return new QueueSpan('process', new SpanRecording(tracer, spec, ctx));
}

function specOf(name: string, kind: SpanKind, attributes: Attributes): SpanSpec {
  return { name, options: { kind, attributes } };
}

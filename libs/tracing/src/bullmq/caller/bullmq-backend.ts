import { ROOT_CONTEXT, SpanKind, context } from '@opentelemetry/api';
import { UnrecoverableError } from 'bullmq';
import { randomUUID } from 'node:crypto';
import type { OffloadBackend, OffloadCall, OffloadReply } from '../../offload/backend.interface.js';
import { nowMillis } from '../../offload/clock.js';
import type { FindPrototype } from '../../offload/wire/error-codec.js';
import { assertJson } from '../../offload/wire/json-value.js';
import { OffloadConnectionError } from '../../offload/offload.error.js';
import type { EnqueueOptions, EnqueuedTask } from '../../offload/offload.options.js';
import type { AnyTask } from '../../offload/task/task.interface.js';
import { writeHeaders } from '../../propagation/trace-headers.js';
import { openSpan } from '../../span/record.js';
import type { SpanRecording } from '../../span/recording.js';
import { spanOptions } from '../../span/span-settings.js';
import { withDeadline } from '../../with-deadline.js';
import { versioned } from '../job-message.js';
import { MESSAGING, messagingAttributes } from '../messaging.js';
import type { BullmqBackendOptions, BullmqBackendSettings } from './bullmq-backend.options.js';
import { resolveBackend } from './bullmq-backend.options.js';
import { CallerQueue } from './caller-queue.js';
import { jobOptions } from './job-options.js';

/**
 * Runs offloaded tasks on other machines: `TracingService.offload()` puts them into a BullMQ queue in
 * Redis and waits, `enqueue()` does not wait. Hosts of `createOffloadHost()` or `OffloadHostModule`
 * with the same tasks take them out. Redis is connected to at the first task.
 *
 * Below the span `offload <name>` every attempt has its span `process <queue>` (CONSUMER), and in it
 * the task's own `task <name>`. A task whose host is killed is tried again by another one.
 *
 * Input and result travel as JSON. A signal takes a waiting task out of the queue and tells the host
 * of a running one. While Redis is away calls wait for it, `connectionTimeoutMillis` at most.
 *
 * @param options where Redis is and how often to try; see each for its default
 * @throws TracingConfigurationError naming the first wrong option and what to write instead
 *
 * @example
 * ```ts
 * TracingModule.forRoot({ offload: { backend: bullmqBackend({ connection: process.env.REDIS_URL }) } })
 * ```
 */
export function bullmqBackend(options: BullmqBackendOptions): OffloadBackend {
  return new BullmqBackend(resolveBackend(options));
}

class BullmqBackend implements OffloadBackend {
  /** The queue in Redis is the one that calls wait in. */
  readonly concurrency = Infinity;
  readonly #settings: BullmqBackendSettings;
  #opened: CallerQueue | undefined;

  constructor(settings: BullmqBackendSettings) {
    this.#settings = settings;
  }

  readonly findPrototype: FindPrototype = (classes) =>
    classes.includes('UnrecoverableError') ? UnrecoverableError.prototype : undefined;

  async run(call: OffloadCall): Promise<OffloadReply> {
    assertJson(call.input, 'input');
    return this.#open().run(call);
  }

  async enqueue(task: AnyTask, input: unknown, options: EnqueueOptions): Promise<EnqueuedTask> {
    const recording = this.#openSpan(task, options);
    try {
      assertJson(input, 'input');
      const enqueued = await this.#add(task, input, options, recording);
      recording?.span.setAttribute(MESSAGING.messageId, enqueued.id);
      recording?.succeed(enqueued);
      return enqueued;
    } catch (error) {
      recording?.fail(error);
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.#opened?.close();
  }

  #openSpan(task: AnyTask, { attributes }: EnqueueOptions): SpanRecording | undefined {
    const { queue } = this.#settings.location;
    const named = { ...messagingAttributes('add', queue), 'async.offload.task': task.name };
    const options = spanOptions({}, { ...attributes, ...named });
    return openSpan({ name: `add ${queue}`, options: { ...options, kind: SpanKind.PRODUCER } });
  }

  async #add(
    task: AnyTask,
    input: unknown,
    { id = randomUUID(), attempts, delayMillis }: EnqueueOptions,
    recording: SpanRecording | undefined,
  ): Promise<EnqueuedTask> {
    const message = versioned({
      input,
      headers: writeHeaders(recording?.context ?? context.active()),
      recording: recording?.span.isRecording() === true,
      submittedAt: nowMillis(),
      awaited: false,
    });
    const caller = this.#open();
    const adding = caller.add(
      task.name,
      message,
      jobOptions(this.#settings, id, attempts, delayMillis),
    );
    try {
      await withDeadline(adding, this.#settings.connectionTimeoutMillis);
    } catch (error) {
      caller.takeBack(id, adding);
      if (caller.link.up) throw error;
      throw new OffloadConnectionError(task.name, caller.where, caller.link.lastError);
    }
    return Object.freeze({ id, queue: this.#settings.location.queue });
  }

  /** Its loops and timers belong to no caller's trace. */
  #open(): CallerQueue {
    if (this.#opened?.broken === true) {
      void this.#opened.close();
      this.#opened = undefined;
    }
    this.#opened ??= context.with(ROOT_CONTEXT, () => new CallerQueue(this.#settings));
    return this.#opened;
  }
}

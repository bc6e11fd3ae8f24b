import type {
  AttributeValue,
  Attributes,
  HrTime,
  Link,
  SpanContext,
  SpanStatus,
} from '@opentelemetry/api';
import { hrTimeDuration } from '@opentelemetry/core';
import type { ReadableSpan, Span, TimedEvent } from '@opentelemetry/sdk-trace';
import type { SpanData } from './span-codec.js';

type Resource = ReadableSpan['resource'];

/**
 * A span that ended in a worker, with the main thread's resource. Processors may still set attributes
 * and status when it is announced to them, as they may on any span that starts.
 */
export class ForwardedSpan implements Span {
  name: string;
  status: SpanStatus;
  ended = false;
  readonly kind: number;
  readonly startTime: HrTime;
  readonly endTime: HrTime;
  readonly duration: HrTime;
  readonly attributes: Attributes;
  readonly links: Link[];
  readonly events: TimedEvent[];
  readonly instrumentationScope: ReadableSpan['instrumentationScope'];
  readonly droppedAttributesCount: number;
  readonly droppedEventsCount: number;
  readonly droppedLinksCount: number;
  declare readonly parentSpanContext?: SpanContext;
  readonly resource: Resource;
  readonly #context: SpanContext;

  constructor(data: SpanData, resource: Resource) {
    this.name = data.name;
    this.status = data.status;
    this.kind = data.kind;
    this.startTime = data.startTime;
    this.endTime = data.endTime;
    this.duration = hrTimeDuration(data.startTime, data.endTime);
    this.attributes = data.attributes;
    this.links = data.links;
    this.events = data.events;
    this.instrumentationScope = data.instrumentationScope;
    this.droppedAttributesCount = data.droppedAttributesCount;
    this.droppedEventsCount = data.droppedEventsCount;
    this.droppedLinksCount = data.droppedLinksCount;
    this.resource = resource;
    this.#context = data.context;
    const { parentSpanId: spanId } = data;
    if (spanId !== '') this.parentSpanContext = { ...data.context, spanId };
  }

  spanContext(): SpanContext {
    return this.#context;
  }

  isRecording(): boolean {
    return !this.ended;
  }

  setAttribute(key: string, value: AttributeValue): this {
    if (!this.ended) this.attributes[key] = value;
    return this;
  }

  setAttributes(attributes: Attributes): this {
    if (!this.ended) Object.assign(this.attributes, attributes);
    return this;
  }

  setStatus(status: SpanStatus): this {
    if (!this.ended) this.status = status;
    return this;
  }

  updateName(name: string): this {
    if (!this.ended) this.name = name;
    return this;
  }

  addLink(link: Link): this {
    if (!this.ended) this.links.push(link);
    return this;
  }

  addLinks(links: Link[]): this {
    if (!this.ended) this.links.push(...links);
    return this;
  }

  /** Does nothing: all that happened in it happened in the worker. */
  addEvent(): this {
    return this;
  }

  recordException(): void {}

  end(): void {
    this.ended = true;
  }
}

import { SpanStatusCode, diag } from '@opentelemetry/api';
import type {
  Attributes,
  Exception,
  HrTime,
  Link,
  SpanContext,
  SpanKind,
  SpanStatus,
  TimeInput,
} from '@opentelemetry/api';
import type { InstrumentationScope } from '@opentelemetry/core';
import type { Resource } from '@opentelemetry/resources';
import type { Span, TimedEvent } from '@opentelemetry/sdk-trace';
import type { InspectOptionsStylized, inspect as Inspect } from 'node:util';
import type { AttributeList } from './attributes/attribute-list.js';
import { exceptionAttributes } from './exception-attributes.js';
import { INSPECT, describeSpan, inspectAs } from './inspect.js';
import { SpanIdentity } from './ids/span-identity.js';
import { ownFields } from './own-fields.js';
import { recordingSpans } from './left-out/recording-spans.js';
import { cleanLink, timedEvent } from './span-parts.js';
import type { SpanShared } from './span-shared.js';
import { tellEnd, tellEnding } from './tell-processors.js';
import { between, epochToHrTime, isHrTime, isTimeInput } from './clock/times.js';

/**
 * A span that records. It does what the SDK's does at a fraction of the price: ids stay numbers,
 * attributes a list and times those of one clock, until somebody asks for OpenTelemetry's forms.
 *
 * Its fields are private to TypeScript alone, so that `Object.create(span, …)` and a Proxy around it,
 * by which exporters and processors redact spans, read it as they read the SDK's.
 */
export class LeanSpan implements Span {
  /** Of the span itself: what wraps one, to redact it, has none and is read as any other span. */
  // oxlint-disable-next-line no-unused-private-class-members -- `in` asks for it
  readonly #brand = true;
  readonly identity: SpanIdentity;
  /** The parent's identity if it is a span of ours, its context otherwise. */
  parent: SpanIdentity | SpanContext | undefined;
  readonly attributeList: AttributeList;
  readonly kind: SpanKind;
  name: string;
  shared: SpanShared;
  private readonly onEnded: (() => void) | undefined;
  /** By the clock of its trace, unless another time was given; the end is NaN then, and before. */
  readonly startedAt: number;
  endedAt = NaN;
  /** Where it is among the spans that are open, for whoever keeps them. */
  place = -1;
  private startHrTime: HrTime | undefined = undefined;
  private endHrTime: HrTime | undefined = undefined;
  private givenStatus: SpanStatus | undefined = undefined;
  private eventList: TimedEvent[] | undefined = undefined;
  private linkList: Link[] | undefined = undefined;
  private droppedEventCount = 0;
  private droppedLinkCount = 0;
  private hasEnded = false;

  constructor(
    shared: SpanShared,
    identity: SpanIdentity,
    parent: SpanIdentity | SpanContext | undefined,
    name: string,
    kind: SpanKind,
    attributes: AttributeList,
    now: number,
    onEnded: (() => void) | undefined,
  ) {
    this.shared = shared;
    this.identity = identity;
    this.parent = parent;
    this.name = name;
    this.kind = kind;
    this.attributeList = attributes;
    this.startedAt = now;
    this.onEnded = onEnded;
    recordingSpans.count += 1;
  }

  /** Whether a span is one of ours itself, and nothing around one. */
  static is(span: object): span is LeanSpan {
    return #brand in span;
  }

  /** Starts at another time than now. Before anybody has seen the span. */
  startAt(time: TimeInput): void {
    this.startHrTime = this.toHrTime(time);
  }

  /** Takes links that were made clean. Before anybody has seen the span. */
  startWith(links: Link[]): void {
    const { linkCountLimit } = this.shared.limits;
    const tooMany = Math.max(0, links.length - linkCountLimit);
    this.linkList = tooMany === 0 ? links : links.slice(tooMany);
    this.droppedLinkCount = tooMany;
  }

  /**
   * Lets `{ ...span }` copy what it copies of the SDK's span. That costs more than all else that a span
   * does, so only those have such fields that go to an exporter of the application's.
   */
  exposeFields(): void {
    if (Object.hasOwn(this, 'attributes') || !Object.isExtensible(this)) return;
    Object.defineProperties(this, OWN_FIELDS);
  }

  // The SDK's spans have plain fields, which processors set, to redact a span above all.

  get attributes(): Attributes {
    return this.attributeList.toObject();
  }

  set attributes(attributes: Attributes) {
    this.attributeList.replace(attributes);
  }

  get events(): TimedEvent[] {
    return (this.eventList ??= []);
  }

  set events(events: TimedEvent[]) {
    this.eventList = events;
  }

  get links(): Link[] {
    return (this.linkList ??= []);
  }

  set links(links: Link[]) {
    this.linkList = links;
  }

  /** One of the span's own, since a processor may change it. */
  get status(): SpanStatus {
    return (this.givenStatus ??= { code: SpanStatusCode.UNSET });
  }

  set status(status: SpanStatus) {
    this.givenStatus = status;
  }

  /** Whether both times are those of the clock, and nobody has asked for them. */
  get hasClockTimes(): boolean {
    return this.startHrTime === undefined && this.endHrTime === undefined;
  }

  /** Whether there is, or was, more to it than attributes: events, links, a status. */
  get hasParts(): boolean {
    return (
      this.givenStatus !== undefined ||
      this.eventList !== undefined ||
      this.linkList !== undefined ||
      this.droppedEventCount + this.droppedLinkCount > 0
    );
  }

  /** The status, if anybody has set or read it. */
  get ownStatus(): SpanStatus | undefined {
    return this.givenStatus;
  }

  /** The events, if there are any: asking for `events` makes an empty list. */
  get ownEvents(): readonly TimedEvent[] | undefined {
    return this.eventList;
  }

  /** The links, if there are any. */
  get ownLinks(): readonly Link[] | undefined {
    return this.linkList;
  }

  get resource(): Resource {
    return this.shared.resource;
  }

  set resource(resource: Resource) {
    this.shared = { ...this.shared, resource };
  }

  get instrumentationScope(): InstrumentationScope {
    return this.shared.instrumentationScope;
  }

  set instrumentationScope(instrumentationScope: InstrumentationScope) {
    this.shared = { ...this.shared, instrumentationScope };
  }

  get startTime(): HrTime {
    return (this.startHrTime ??= this.identity.trace.clock.toHrTime(this.startedAt));
  }

  set startTime(time: HrTime) {
    this.startHrTime = time;
  }

  /** Known from the call of `end` on: processors see it in `onEnding`. */
  get endTime(): HrTime {
    if (!this.hasEnd) return [0, 0];
    return (this.endHrTime ??= this.identity.trace.clock.toHrTime(this.endedAt));
  }

  set endTime(time: HrTime) {
    this.endHrTime = time;
  }

  get duration(): HrTime {
    return this.hasEnd ? between(this.startTime, this.endTime) : [-1, -1];
  }

  get ended(): boolean {
    return this.hasEnded;
  }

  /** Undefined for a root, which the SDK's interface says by leaving it out. */
  get parentSpanContext(): SpanContext {
    const { parent } = this;
    return (parent instanceof SpanIdentity ? parent.context : parent) as SpanContext;
  }

  set parentSpanContext(parent: SpanContext) {
    this.parent = parent;
  }

  get droppedAttributesCount(): number {
    return this.attributeList.dropped;
  }

  get droppedEventsCount(): number {
    return this.droppedEventCount;
  }

  get droppedLinksCount(): number {
    return this.droppedLinkCount;
  }

  spanContext(): SpanContext {
    return this.identity.context;
  }

  isRecording(): boolean {
    return !this.hasEnded;
  }

  setAttribute(key: string, value: unknown): this {
    if (this.isOpen()) this.attributeList.set(key, value);
    return this;
  }

  setAttributes(attributes: Attributes): this {
    if (!this.isOpen()) return this;
    for (const key in attributes) {
      if (Object.hasOwn(attributes, key)) this.attributeList.set(key, attributes[key]);
    }
    return this;
  }

  addEvent(name: string, attributesOrTime?: Attributes | TimeInput, time?: TimeInput): this {
    if (!this.isOpen()) return this;
    const { limits } = this.shared;
    if (!this.hasRoomForEvent(limits.eventCountLimit)) return this;
    const isTime = isTimeInput(attributesOrTime);
    const at = isTime && !isTimeInput(time) ? attributesOrTime : time;
    const attributes = isTime ? undefined : attributesOrTime;
    this.events.push(timedEvent(name, this.toHrTime(at), attributes, limits));
    return this;
  }

  addLink(link: Link): this {
    if (!this.isOpen()) return this;
    const { limits } = this.shared;
    const { linkCountLimit } = limits;
    if (linkCountLimit > 0) {
      if (this.links.length >= linkCountLimit) this.dropFirstLink();
      this.links.push(cleanLink(link, limits));
    } else this.droppedLinkCount += 1;
    return this;
  }

  addLinks(links: Link[]): this {
    for (const link of links) this.addLink(link);
    return this;
  }

  setStatus({ code, message }: SpanStatus): this {
    if (!this.isOpen() || code === SpanStatusCode.UNSET) return this;
    if (this.givenStatus?.code === SpanStatusCode.OK) return this;
    if (code !== SpanStatusCode.ERROR || message === undefined || (message as unknown) === null) {
      this.status = { code };
    } else if (typeof message === 'string') this.status = { code, message };
    else {
      this.status = { code };
      diag.warn(`Dropping invalid status.message of type '${typeof message}', expected 'string'`);
    }
    return this;
  }

  updateName(name: string): this {
    if (this.isOpen()) this.name = name;
    return this;
  }

  recordException(exception: Exception, time?: TimeInput): void {
    const attributes = exceptionAttributes(exception);
    if (attributes !== undefined) this.addEvent('exception', attributes, time);
    else diag.warn('Failed to record an exception', exception);
  }

  end(time?: TimeInput): void {
    if (this.hasEnded) return this.endedTwice();
    if (time === undefined || (time as unknown) === null)
      this.endedAt = this.identity.trace.clock.now();
    else this.endHrTime = this.toHrTime(time);
    if (this.startHrTime !== undefined || this.endHrTime !== undefined) this.checkOrder();
    this.tellDropped();
    if (this.identity.trace.account !== undefined) this.closeAccount();
    const { processors, guard } = this.shared;
    if (guard?.wantsEnding === true) tellEnding([guard], this);
    tellEnding(processors, this);
    this.onEnded?.();
    this.hasEnded = true;
    // What inherits from a span, to redact it, was not counted.
    if (#brand in this) recordingSpans.count -= 1;
    if (this.shared.exposesFields) this.exposeFields();
    tellEnd(processors, this);
  }

  [INSPECT](depth: number, options: InspectOptionsStylized, inspect: typeof Inspect): string {
    return inspectAs('LeanSpan', describeSpan(this), depth, options, inspect);
  }

  /** A time in any form of the API: numbers up to now count from the start of the process. */
  private toHrTime(time: TimeInput | undefined): HrTime {
    const { clock } = this.identity.trace;
    if (typeof time === 'number') {
      const reading = clock.reading(time);
      return reading === undefined ? epochToHrTime(time) : clock.toHrTime(reading);
    }
    if (time instanceof Date) return epochToHrTime(time.getTime());
    return isHrTime(time) ? time : clock.toHrTime(clock.now());
  }

  private get hasEnd(): boolean {
    return this.endHrTime !== undefined || !Number.isNaN(this.endedAt);
  }

  private checkOrder(): void {
    const { startTime } = this;
    this.endHrTime ??= this.identity.trace.clock.toHrTime(this.endedAt);
    if (between(startTime, this.endHrTime)[0] >= 0) return;
    diag.warn(
      'Inconsistent start and end time, startTime > endTime. Setting span duration to 0ms.',
      startTime,
      this.endHrTime,
    );
    this.endHrTime = [startTime[0], startTime[1]];
  }

  private hasRoomForEvent(limit: number): boolean {
    if (limit === 0) {
      diag.warn('No events allowed.');
      this.droppedEventCount += 1;
      return false;
    }
    if (this.events.length < limit) return true;
    if (this.droppedEventCount === 0) diag.debug('Dropping extra events.');
    this.events.shift();
    this.droppedEventCount += 1;
    return true;
  }

  private dropFirstLink(): void {
    if (this.droppedLinkCount === 0) diag.debug('Dropping extra links.');
    this.links.shift();
    this.droppedLinkCount += 1;
  }

  /** The local root says what its trace has left out. */
  private closeAccount(): void {
    if (this.parent instanceof SpanIdentity) return;
    this.identity.trace.account?.close(this.attributeList, this.name);
  }

  private tellDropped(): void {
    if (this.droppedEventCount > 0) {
      diag.warn(`Dropped ${this.droppedEventCount} events because eventCountLimit reached`);
    }
    if (this.droppedLinkCount > 0) {
      diag.warn(`Dropped ${this.droppedLinkCount} links because linkCountLimit reached`);
    }
  }

  private isOpen(): boolean {
    if (!this.hasEnded) return true;
    const { traceId, spanId } = this.spanContext();
    const where = `ended Span {traceId: ${traceId}, spanId: ${spanId}}`;
    diag.warn(
      `Cannot execute the operation on ${where}`,
      new Error(`Operation attempted on ${where}`),
    );
    return false;
  }

  private endedTwice(): void {
    const { traceId, spanId } = this.spanContext();
    diag.error(`${this.name} ${traceId}-${spanId} - You can only call end() on a span once.`);
  }
}

const OWN_FIELDS = ownFields(LeanSpan.prototype);

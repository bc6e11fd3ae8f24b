import { blockedPlace } from '../showing/blocked-text.js';
import { numberOf } from '../showing/text.js';
import type { AttributeMap, ReceivedEvent, ReceivedSpan } from '../telemetry.interface.js';

/** Blocked loops that are remembered; the oldest are forgotten. */
const MAX_BLOCKED = 2_000;
const NANOS_PER_MILLI = 1e6;

/** A time for which the event loop of a process was blocked. */
export interface BlockedLoop {
  readonly traceId: string;
  readonly spanId: string;
  readonly service: string;
  readonly startNanos: bigint;
  readonly endNanos: bigint;
  /** File and line, if the sender knows them. */
  readonly source: string;
  /** What it was in short: `priceOf prices.ts:42`. */
  readonly place: string;
  readonly cause: string;
}

/** Remembers which event loops were blocked when: every trace of the process waited, whose ever it was. */
export class BlockedLoops {
  readonly #loops = new Map<string, BlockedLoop & { readonly process: string }>();

  /** Rises with every loop that comes. */
  revision = 0;

  get isEmpty(): boolean {
    return this.#loops.size === 0;
  }

  /** Notes what a span tells of its event loop. */
  add(span: ReceivedSpan): void {
    for (const event of span.events) {
      if (event.name !== 'event_loop.blocked') continue;
      const loop = readLoop(span, event);
      this.revision += 1;
      this.#loops.set(`${loop.traceId} ${loop.spanId} ${loop.startNanos}`, loop);
      if (this.#loops.size > MAX_BLOCKED) this.#loops.delete(this.#loops.keys().next().value!);
    }
  }

  /** What blocked the process of a span at a time. */
  during(span: ReceivedSpan, startNanos: bigint, endNanos: bigint): readonly BlockedLoop[] {
    const process = processOf(span);
    return [...this.#loops.values()].filter(
      (loop) =>
        loop.process === process && loop.startNanos < endNanos && loop.endNanos > startNanos,
    );
  }
}

/** What tells processes of one service apart. */
export function processOf({ service, origin }: ReceivedSpan): string {
  const {
    'service.instance.id': instance,
    'process.pid': pid,
    'host.name': host,
  } = origin?.resource ?? {};
  return JSON.stringify([service, instance ?? [host ?? '', pid ?? '']]);
}

function readLoop(span: ReceivedSpan, { timeNanos, attributes }: ReceivedEvent) {
  const millis = Math.max(0, numberOf(attributes['event_loop.blocked.duration_ms']));
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    service: span.service,
    process: processOf(span),
    startNanos: timeNanos,
    endNanos: timeNanos + BigInt(Math.round(Math.min(millis, 1e9) * NANOS_PER_MILLI)),
    source: sourceOf(attributes),
    place: blockedPlace(attributes),
    cause: textOf(attributes['event_loop.blocked.cause']),
  };
}

function sourceOf(attributes: AttributeMap): string {
  const file = textOf(attributes['code.file.path']) || textOf(attributes['code.function.name']);
  const line = numberOf(attributes['code.line.number']);
  return line > 0 && file !== '' ? `${file}:${line}` : file;
}

function textOf(value: AttributeMap[string] | undefined): string {
  return typeof value === 'string' ? value.slice(0, 500) : '';
}
